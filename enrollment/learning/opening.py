"""When a module opens for the people of a run."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from courses.models import Run, Session
from courses.models.run import STOCKHOLM

from .models import ModuleOpening

DAYS_BEFORE = 7


def openings(runs: Iterable[Run]) -> dict[tuple[int, int], datetime]:
    """`{(run id, module id): opens at}`; a pair that is missing is open at once. Three queries at most.

    A module opens at the start of the day (Europe/Stockholm) seven days before the first meeting that
    covers it, unless a `ModuleOpening` says otherwise. Cancelled meetings open nothing.
    """
    ids = [run.pk for run in runs]
    sessions = (
        Session.objects.filter(run__in=ids)
        .exclude(status=Session.Status.CANCELLED)
        .order_by("-starts_at")
        .values_list("run_id", "modules__id", "starts_at")
    )
    found = {(run, module): _before(starts_at) for run, module, starts_at in sessions if module}
    overrides = ModuleOpening.objects.filter(run__in=ids)
    found |= {
        (run, module): opens_at
        for run, module, opens_at in overrides.values_list("run_id", "module_id", "opens_at")
    }
    return found


def _before(starts_at: datetime) -> datetime:
    day = starts_at.astimezone(STOCKHOLM).date() - timedelta(days=DAYS_BEFORE)
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)
