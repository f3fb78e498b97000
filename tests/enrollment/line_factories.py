"""Lines on full runs: groups that wait, are offered places, and shares kept for a county."""

from datetime import timedelta

from courses.models import Run
from enrollment import places
from enrollment.models import RunPartner, RunRules, WaitingEntry
from enrollment.status import Reason
from tests.enrollment.factories import (
    make_booking,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.home.factories import make_promoter, make_region

Entry = WaitingEntry.Status


def free(run: Run, count: int, now) -> None:
    """Give `count` confirmed places back at once."""
    rows = list(run.enrollments.confirmed().select_related("run").order_by("pk")[:count])
    places.release_all(enrollments=rows, reason=Reason.BY_PERSON, now=now)


def states(*entries) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.status for entry in entries]


def offered_group(now, *, offered: int = 2, wanted: int = 3, at_least: int = 2, **fields):
    """A group that was offered `offered` places, and one person behind it."""
    run = make_full_run(now=now, places_count=4, **fields)
    group = make_waiting(now=now, run=run, wanted=wanted, at_least=at_least)
    single = make_waiting(now=now, run=run)
    free(run, offered, now)
    assert states(group, single) == [Entry.OFFERED, Entry.WAITING]
    return run, group, single


def with_share(now, *, kept: int, places_count: int, **rules) -> tuple[Run, RunPartner]:
    """A full run with places that are kept for Dalarna."""
    run = make_open_run(now=now, places_count=places_count)
    RunRules.objects.create(run=run, **rules)
    share = places.set_share(
        run=run,
        region=make_region("20"),
        promoter=make_promoter("kvot", region_code="20"),
        count=kept,
        release_at=now + timedelta(days=10),
        actor=None,
        now=now,
    )
    for _ in range(kept):
        make_booking(now=now, run=run, region=make_region("20"))
    for _ in range(places_count - kept):
        make_booking(now=now, run=run)
    return Run.objects.get(pk=run.pk), share
