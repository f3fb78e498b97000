"""The forms of changes. They ask; the rules stand in `enrollment.changes`."""

from datetime import datetime

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import Run
from home import formats

from .. import changes, places
from ..availability import for_runs
from ..models import Enrollment


class ColleagueForm(forms.Form):
    """Who takes the place, or joins the team: name and e-mail address."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w20"}),
        error_messages={"required": _("Write the colleague's first name")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w20"}),
        error_messages={"required": _("Write the colleague's last name")},
    )
    email = forms.EmailField(
        label=_("E-mail at work"),
        help_text=_("Confirmation and calendar invitation go there."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "w20"}),
        error_messages={
            "required": _("Write the colleague's e-mail address, for example name@company.se"),
            "invalid": _("Write the colleague's e-mail address, for example name@company.se"),
        },
    )

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
        for field in self.fields.values():
            for validator in field.validators:
                if isinstance(validator, MaxLengthValidator):
                    validator.message = _("That is too long")


class MoveForm(forms.Form):
    """Which run to move to. `choices` are pairs of run code and words."""

    run = forms.ChoiceField(
        label=_("Move to"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a course run"),
            "invalid_choice": _("Choose a course run"),
        },
    )

    use_required_attribute = False

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
        self.fields["run"].choices = choices


def choices_of(enrollment: Enrollment, *, now: datetime) -> list[tuple[str, str]]:
    """The runs with places that an enrolment may move to, for `MoveForm`: code, and when, where, how many."""
    runs = changes.runs_to_move_to(enrollment, now=now)
    seats, found = for_runs(runs, now=now), []
    for run in runs:
        free = seats[run.pk].free
        if seats[run.pk].reserved:
            region_id = enrollment.booking.region_id
            free = places.free_now(run_id=run.pk, region_id=region_id, now=now)
        if free:
            found.append((run.code, _in_words(run, free)))
    return found


def _in_words(run: Run, free: int) -> str:
    when = formats.day(run.first_at) if run.first_at else gettext("date not set")
    where = run.municipality or run.get_format_display()
    left = ngettext("%(free)s place free", "%(free)s places free", free) % {"free": free}
    return f"{when}, {where} ({run.code}): {left}"
