"""The form of a group that waits. It asks; the rules stand in `enrollment.waiting`."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from courses.models import Course, Run

from ..colleagues import Known
from .company import CompanyForm, numbers_of


def _number(label: str, *, required: str) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w10", "autocomplete": "off"})
    return forms.IntegerField(
        label=label,
        min_value=1,
        widget=widget,
        error_messages={"required": required, "invalid": required, "min_value": required},
    )


class GroupWaitForm(CompanyForm):
    """How many, at least how many, which company, who waits: at most nine fields."""

    n = _number(_("How many places do you need?"), required=_("Write how many you are, in digits"))
    at_least = _number(
        _("Fewest places that help you"),
        required=_("Write in digits how many places you need at least"),
    )
    takes_part = forms.BooleanField(label=_("I am one of those who take part"), required=False)
    terms = forms.BooleanField(
        label=_("I accept the booking terms"),
        error_messages={"required": _("Accept the terms to stand in line")},
    )
    field_order = ("n", "at_least", "number", "company_name", "municipality", "name", "email")

    def __init__(self, *args, run: Run, person: User | None, known: Known | None, **kwargs):
        super().__init__(*args, run=run, person=person, known=known, **kwargs)
        del self.fields["people"]
        self.numbers = numbers_of(run)
        self.fields["at_least"].help_text = _(
            "You are offered places as soon as so many are free. The same number as above: all or none."
        )
        if run.course.unit == Course.Unit.TEAM:
            self.fields["n"].label = _("How many are you in the team?")
            del self.fields["at_least"]

    def clean_n(self) -> int:
        n = self.cleaned_data["n"]
        if n not in self.numbers:
            words = ngettext(
                "One booking on this course run has %(least)s–%(most)s person",
                "One booking on this course run has %(least)s–%(most)s people",
                self.numbers[-1],
            )
            raise forms.ValidationError(
                words % {"least": self.numbers[0], "most": self.numbers[-1]}
            )
        return n

    def clean(self) -> dict:
        given = super().clean()
        n, at_least = given.get("n"), given.get("at_least")
        if n and at_least and at_least > n:
            self.add_error("at_least", _("Write a number that is not above how many you are"))
        return given

    def visible_words(self) -> list:
        """The fields that are asked one below the other; the ticks stand last."""
        apart = ("website", "terms", "takes_part")
        return [field for field in self.visible_fields() if field.name not in apart]


PREFILLED = ("n", "number", "company_name", "municipality", "name", "email")


def prefilled(data) -> dict:
    """What the booking form has asked already, as initial values; as many at least as wanted."""
    given = {name: data[name] for name in PREFILLED if data.get(name)}
    if "n" in given:
        given["at_least"] = given["n"]
    return given
