"""Taking places: never waits on a place row, never oversells, all or none.

Pick free rows with SKIP LOCKED, point them at the enrolments. When fewer can be picked than wanted, a plain
read tells "full" from "somebody is deciding this moment"; in the second case let go, wait a few milliseconds
with jitter, try again.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TypedDict, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, QuerySet

from courses.models import Run
from home.prepared import Prepared

from ..models import Booking, Enrollment, WaitingEntry
from ..status import Status
from .errors import Busy, NotOpen, RunFull
from .freeing import expire
from .line import reach_of_newcomer
from .offering import pass_on
from .picking import Reach, free_now, free_places, pick
from .writing import enter, lock_run, seat

PATIENCE_SECONDS = 3.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.008, 0.128
T = TypeVar("T")


class _Wanted(TypedDict):
    run_id: int
    region_id: int | None
    now: datetime


class _Short(Exception):
    """Fewer places could be picked than wanted: gone, or somebody is deciding on them this moment."""


def _look(*, run_id: int, count: int, region_id: int | None, now: datetime) -> tuple[int, bool]:
    """How many places are free, counted up to `count`, and whether somebody waits for them: one plain read."""
    # No region has the id 0: who names none may have what is kept for none.
    seen = _sight(max(count, 1))(run_id=run_id, region_id=region_id or 0, now=now)
    return len(seen), bool(seen) and seen[0][0]


@cache
def _sight(count: int) -> Prepared:
    def build(run_id: int, region_id: int, now: datetime) -> QuerySet:
        line = Exists(WaitingEntry.objects.filter(run_id=run_id).in_line())
        free = free_places(run_id, region_id=region_id, now=now)
        return free.order_by().values_list(line)[:count]

    return Prepared(build)


_overdue = Prepared(
    lambda run_id, now: (
        Enrollment.objects.filter(run_id=run_id).overdue(now).order_by().values_list("pk")[:1]
    )
)


def patiently(
    attempt: Callable[[list[int]], T],
    *,
    run: Run,
    count: int,
    region_id: int | None,
    now: datetime,
    first: Callable[[], object] | None = None,
) -> T:
    """Pick `count` places and run `attempt` with their ids (for `take`) in one transaction: all or none. For at
    most 3 seconds it tries again while the last places are being decided on. Places that somebody waits for
    are offered before, overdue holds of the run are released on the way.

    `first` begins the transaction: it takes the locks that `attempt` needs on companies and runs, since who has
    picked waits for neither (docs/decisions/0005-places-are-rows.md). Raises NotOpen when the run was cancelled
    meanwhile, RunFull when the places are gone, Busy when patience or the database's lock time ran out.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = SHORTEST_PAUSE
    others_served, reach = False, Reach.ALL
    wanted: _Wanted = {"run_id": run.pk, "region_id": region_id, "now": now}
    try:
        while True:
            # A plain read: who comes too late is told so without having locked anything.
            free, waited_for = _look(count=count, **wanted)
            if waited_for:
                if not others_served:
                    pass_on(run_id=run.pk, now=now)
                    others_served = True
                    continue
                # What those who wait could not use is left for others; how much, the run's order says.
                reach = reach_of_newcomer(run, region_id=region_id, now=now)
                free = free_places(reach=reach, **wanted).count()
            if free < count:
                if _overdue(run_id=run.pk, now=now) and expire(run=run.pk, now=now):
                    continue
                raise RunFull(free)
            try:
                with transaction.atomic():
                    if first:
                        first()
                    place_ids = pick(count=count, reach=reach, **wanted)
                    if len(place_ids) < count:
                        raise _Short
                    return attempt(place_ids)
            except _Short:
                if time.monotonic() > deadline:
                    raise Busy from None
                # Many who ask again at once would only slow down those who are deciding.
                time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - jitter, no secret
                pause = min(2 * pause, LONGEST_PAUSE)
    except OperationalError as error:
        if not connection.in_atomic_block:
            # While this one waited for the lock, the others may have taken all there was.
            free = free_now(**wanted)
            if free < count:
                raise RunFull(free) from error
        raise Busy from error


def take(
    *,
    booking: Booking,
    run: Run,
    people: Sequence,
    place_ids: Sequence[int],
    hold_until: datetime,
    actor,
    now: datetime,
) -> list[Enrollment]:
    """Give `people` (User, or None for a name that follows) the places that `patiently` has picked, held: one
    each, or one together where teams are booked. Where there is nothing to pay and nothing else is missing,
    the enrolment is confirmed from the start."""
    enrollments = enter(
        booking=booking,
        run=run,
        people=people,
        status=Status.HELD,
        hold_until=hold_until,
        actor=actor,
        now=now,
    )
    seat(enrollments, place_ids)
    return enrollments


def apply(*, booking: Booking, people: Sequence, actor, now: datetime) -> list[Enrollment]:
    """Enrolments that wait for a decision and have no place yet (runs with selection). Raises NotOpen when the run
    has been cancelled: having no place that its closing would wait for, they lock the run."""
    run = lock_run(booking.run_id)
    if run.is_cancelled:
        raise NotOpen
    return enter(
        booking=booking,
        run=run,
        people=people,
        status=Status.APPLIED,
        hold_until=None,
        actor=actor,
        now=now,
    )
