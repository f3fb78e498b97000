"""What the random sequences of `test_machine` must never lead to: the registered invariants, and what only
the step before can tell (who was passed in a line, what a refusal was worth)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.registries import invariants
from courses.models import Run
from enrollment import tasks
from enrollment.models import Enrollment, Place, RunRules, WaitingEntry
from enrollment.models.rules import rules_of
from enrollment.payments.models import Payment
from enrollment.places import line, takes_bookings
from enrollment.status import Status


class _Undone(Exception):
    """Ends a savepoint that was only to look."""


@dataclass(frozen=True)
class Seen:
    """The places and the lines at one moment."""

    holder: dict[int, int | None]
    """Booking that has a place, by id of the place."""
    waiting: dict[int, WaitingEntry]
    there: set[str]
    """What there is to do something with: statuses, "draft", "unnamed", "payment", "paid run"…"""

    @classmethod
    def look(cls) -> "Seen":
        rows = Place.objects.values_list("pk", "enrollment__booking", "team__booking")
        entries = list(WaitingEntry.objects.all().in_line())
        seats = Enrollment.objects.values_list(
            "status", "person", "booking__booked_by", "booking__price_ore", "team"
        )
        there = {"entry"} if entries or WaitingEntry.objects.exists() else set()
        for status, person, booker, price, team in seats.distinct():
            live = status in Status.LIVE
            there |= {status, *(("live",) if live else ())}
            there |= {"draft"} if booker is None else {"sent"}
            if booker and live:
                there |= {"unnamed"} if person is None else {"named"}
                there |= {"team"} if team else set()
            if booker and price:
                there.add("to pay")
        if "to pay" in there and Payment.objects.exists():
            there.add("payment")
        return cls(
            holder={pk: booking or team for pk, booking, team in rows},
            waiting={entry.pk: entry for entry in entries},
            there=there,
        )


def broken_invariants(now: datetime) -> list[str]:
    return [f"{name}: {words}" for name, check in invariants.items() for words in check(now)]


def broken_once_the_worker_ran(now: datetime) -> list[str]:
    """The invariants as they are after the periodic duty of this moment, which is then undone."""
    try:
        with transaction.atomic():
            tasks.expire_overdue(now)
            found = broken_invariants(now)
            raise _Undone
    except _Undone:
        return found


def passed_in_line(before: Seen, after: Seen, now: datetime) -> list[str]:
    """Who waited before and waits still, while a place they could have used went to somebody behind them or
    to somebody who does not stand in the line."""
    if not (staying := before.waiting.keys() & after.waiting.keys()):
        return []
    given = {
        place: booking
        for place, booking in after.holder.items()
        if booking and before.holder.get(place) != booking
    }
    if not given:
        return []
    moved = set(before.holder.values())
    entries = {e.booking_id: e for e in WaitingEntry.objects.filter(booking__in=given.values())}
    found = []
    for run in Run.objects.filter(waiting__in=staying).distinct().select_related("course", "rules"):
        if not takes_bookings(run, now=now):
            continue
        strict = rules_of(run).waiting_order == RunRules.Order.STRICT
        for entry in (e for pk, e in after.waiting.items() if pk in staying and e.run_id == run.pk):
            behind = {
                place
                for place, booking in given.items()
                if booking not in moved
                and (booking not in entries or _stands_behind(entries[booking], entry))
            }
            usable = Place.objects.filter(run=run).eligible(region_id=entry.region_id, now=now)
            went_by = usable.filter(pk__in=behind).count()
            needed = line.places_wanted(run, entry)[1]
            left = usable.free().count()
            if went_by and (strict or left + went_by >= needed):
                found.append(
                    f"{entry} (at least {needed}) waits on {run} while {went_by} went by, {left} left"
                )
    return found


def _stands_behind(other: WaitingEntry, entry: WaitingEntry) -> bool:
    return (other.created_at, other.pk) > (entry.created_at, entry.pk)


def broken_promises(there: set[str]) -> list[str]:
    """What the tables alone must say of offers, groups and numbers at any moment, of what there is."""
    found: list[str] = []
    if not there & {"entry", "team"}:
        return found
    for entry in WaitingEntry.objects.exclude(booking=None).select_related("booking"):
        statuses = list(entry.booking.enrollments.values_list("status", flat=True))
        offered = statuses.count(Status.OFFERED)
        if (entry.status == WaitingEntry.Status.OFFERED) != bool(offered):
            found.append(f"{entry} is {entry.status} and has {offered} open offers")
        # Later a payment may revive the booking, a colleague may come instead, a team may grow.
        first = entry.booking.enrollments.filter(
            created_at=entry.booking.created_at, instead_of=None
        )
        made, most = first.count(), entry.wanted + len(first.exclude(team=None))
        if not entry.at_least <= made <= most:
            found.append(f"{entry} for {entry.at_least}–{entry.wanted} was offered {made}")
    answered = WaitingEntry.objects.filter(status__in=("offered", "accepted", "expired"))
    found += [
        f"{entry} is {entry.status} without a booking" for entry in answered.filter(booking=None)
    ]
    people = Enrollment.objects.placed().exclude(team=None).values_list("team", "run")
    if len({team for team, _run in people}) != len(set(people)):
        found.append("a team stands on two runs")
    return found
