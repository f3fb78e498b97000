"""The forms of a run's rules, its shares and the cancellation terms."""

from datetime import datetime, time

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.models import Promoter, Region

from ..models import RunPartner, RunRules
from ..ruling import FIELDS, Step
from .staff import StaffForm

MOST_STEPS = 6


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RulesForm(forms.ModelForm):
    class Meta:
        model = RunRules
        fields = FIELDS
        widgets = {"decide_on": day_input()}

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="rules-%s", **kwargs)
        for name in ("offer_hours", "most_per_booking", "team_min"):
            self.fields[name].min_value = 1
        self.fields["offer_hours"].validators.append(_at_least_one)
        self.fields["most_per_booking"].validators.append(_at_least_one)
        self.fields["team_min"].validators.append(_at_least_one)

    def clean(self):
        given = super().clean()
        fewest, most = given.get("team_min"), given.get("team_max")
        if fewest and most and most < fewest:
            self.add_error("team_max", _("Not fewer than the fewest people in a team"))
        if given.get("min_participants") and not given.get("decide_on"):
            self.add_error("decide_on", _("Say by which day you decide"))
        return given


def _at_least_one(value: int) -> None:
    if value < 1:
        raise forms.ValidationError(_("Write 1 or more"))


class ShareForm(StaffForm):
    """Places kept for a county; the day on which they are released begins at midnight, Swedish time."""

    region = forms.ModelChoiceField(Region.objects.all(), label=gettext_lazy("County"))
    promoter = forms.ModelChoiceField(Promoter.objects.all(), label=gettext_lazy("Co-organiser"))
    count = forms.IntegerField(label=gettext_lazy("Places kept"), min_value=0, max_value=1000)
    released = forms.DateField(
        label=gettext_lazy("Open to all from"),
        widget=day_input(),
        help_text=gettext_lazy("From midnight that day, Swedish time."),
    )

    def release_at(self) -> datetime:
        return make_aware(datetime.combine(self.cleaned_data["released"], time()))

    @classmethod
    def of(cls, share: RunPartner, count: int) -> "ShareForm":
        return cls(
            initial={
                "region": share.region_id,
                "promoter": share.promoter_id,
                "count": count,
                "released": localtime(share.release_at).date(),
            }
        )


class TermsForm(StaffForm):
    name_sv = forms.CharField(label=gettext_lazy("Name in Swedish"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    substitutes = forms.BooleanField(
        label=gettext_lazy("A colleague may take the place"), required=False
    )


class StepForm(StaffForm):
    """One step, a row of a table; a row without days is left out. Staff write whole kronor."""

    days = forms.IntegerField(
        label=gettext_lazy("Fewer than so many days before"),
        min_value=1,
        max_value=365,
        required=False,
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Per cent of the price"), min_value=0, max_value=100, required=False
    )
    fee = forms.IntegerField(
        label=gettext_lazy("Fee, kronor excl. VAT"),
        min_value=0,
        max_value=100_000,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def clean(self):
        given = super().clean()
        if not given.get("days") and (given.get("percent") or given.get("fee")):
            self.add_error("days", _("Write how many days before the first meeting"))
        return given


class BaseSteps(forms.BaseFormSet):
    def clean(self):
        days = [form.cleaned_data.get("days") for form in self.forms if form.is_valid()]
        known = [number for number in days if number]
        if len(known) != len(set(known)):
            raise forms.ValidationError(_("Two steps have the same number of days"))

    def steps(self) -> list[Step]:
        given = [form.cleaned_data for form in self.forms if form.cleaned_data.get("days")]
        steps = [
            Step(row["days"], row.get("percent") or 0, (row.get("fee") or 0) * 100) for row in given
        ]
        return sorted(steps, key=lambda step: step.days)


Steps = forms.formset_factory(
    StepForm, formset=BaseSteps, extra=MOST_STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS
)
