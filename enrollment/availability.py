"""How many places runs have, for display. Decides nothing: places are given by `enrollment.places`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Sum

from courses.models import Run
from home.prepared import Prepared

from .models import Place, WaitingEntry


@dataclass(frozen=True)
class Availability:
    """Places of one run. `free` are open to everybody now, `reserved` are free but kept for some regions;
    `taken + free + reserved = capacity`. `waiting` people stand in line; `shared` places are or were kept."""

    capacity: int = 0
    taken: int = 0
    free: int = 0
    reserved: int = 0
    waiting: int = 0
    shared: int = 0

    @property
    def is_full(self) -> bool:
        return self.free == 0


def for_runs(runs: Iterable[Run], *, now: datetime) -> dict[int, Availability]:
    """{run id: Availability} for a whole list in one query; a run without places is all zeros."""
    ids = [run.pk for run in runs]
    found = {
        run_id: Availability(capacity, taken, capacity - taken - kept, kept, waiting or 0, shared)
        for run_id, capacity, taken, kept, shared, waiting in _counts(runs=ids, now=now)
    }
    return {run_id: found.get(run_id, Availability()) for run_id in ids}


def _counted(runs: list[int], now: datetime):
    line = WaitingEntry.objects.filter(
        run=OuterRef("run_id"), status=WaitingEntry.Status.WAITING
    ).order_by()
    kept = Q(enrollment=None, team=None, share__isnull=False, share__release_at__gt=now)
    return (
        Place.objects.filter(run__in=runs)
        .order_by()
        .values_list("run_id")
        .annotate(
            capacity=Count("pk"),
            taken=Count("enrollment") + Count("team"),
            reserved=Count("pk", filter=kept),
            shared=Count("share"),
            waiting=Subquery(
                line.values("run").annotate(n=Sum("wanted")).values("n"),
                output_field=IntegerField(),
            ),
        )
    )


_counts = Prepared(_counted)
