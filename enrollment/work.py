"""This room's lines of the work-list: what needs a person of the staff."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.policy import can
from accounts.registries import WorkItem, work
from courses.models import Run

from .applications import undecided
from .scope import runs_of


@work("applications to decide")
def _applications(actor, now: datetime) -> Iterator[WorkItem]:
    """One line per run with undecided applications, for those who handle it."""
    if not can(actor, "enrollment.handle"):
        return
    runs = runs_of(actor).filter(selection=Run.Selection.APPLICATION, status=Run.Status.PUBLISHED)
    waiting = undecided(runs)
    for run in Run.objects.filter(pk__in=waiting):
        count, since = waiting[run.pk]
        yield WorkItem(
            title=ngettext(
                "%(run)s: %(n)s application to decide",
                "%(run)s: %(n)s applications to decide",
                count,
            )
            % {"run": run.code, "n": count},
            since=since,
            url=reverse("enrolments:applications", args=[run.code]),
            promoter_id=run.host_id,
        )
