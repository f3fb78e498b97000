"""The forms of changes. They ask; the rules stand in `enrollment.changes`."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import Run
from home import formats

from .. import moving, places
from ..availability import for_runs
from ..models import Enrollment


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
    runs = moving.runs_to_move_to(enrollment, now=now)
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
