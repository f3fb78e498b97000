"""What no sequence may ever lead to: the registered invariants, and what only the step before can tell (who was
passed in a line, whose company has got too much)."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import transaction

from accounts.registries import invariants
from courses.models import Run
from enrollment import tasks
from enrollment.models import Enrollment, Place, RunRules, WaitingEntry
from enrollment.models.rules import rules_of
from enrollment.payments.models import Payment
from enrollment.places import line, takes_bookings
from enrollment.status import Status
from home.prepared import Prepared

_WRITTEN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
_READ = re.compile(r'(?:FROM|JOIN) "(\w+)"')
_places = Prepared(
    lambda: Place.objects.order_by().values_list("pk", "enrollment__booking", "team__booking")
)
_seats = Prepared(
    lambda: Enrollment.objects.order_by().values_list(
        "run",
        "status",
        "person",
        "team",
        "booking",
        "booking__booked_by",
        "booking__price_ore",
        "booking__company",
        "booking__application",
    )
)
_line = Prepared(lambda: WaitingEntry.objects.all().in_line())


class _Undone(Exception):
    """Ends a savepoint that was only to look."""


class Invariants:
    """All registered invariants after every step. One is asked again when the clock has moved, or when a table
    has been written that it has read: else its answer is the same. What only starts from tables that are empty
    (nobody gets a certificate here) has no rows whatever the clock says."""

    def __init__(self, empty: set[str]) -> None:
        self.written: set[str] = set()
        self._undone: set[str] = set()
        self._empty = set(empty)
        self._read: dict[str, set[str]] = {}
        self._started_from: dict[str, set[str]] = {}
        self._reading: list[list[str]] = []
        self._at: datetime | None = None

    def notice(self, execute, sql, params, many, context):
        """A wrapper of the connection's statements."""
        if found := _WRITTEN.match(sql):
            self.written.add(found[1])
        else:
            self._reading.append(_READ.findall(sql))
        return execute(sql, params, many, context)

    def nothing_new(self, now: datetime) -> bool:
        return not self.written and now == self._at

    def broken(self, now: datetime, *, late: bool) -> list[str]:
        """What does not hold; `late`: as it is after the periodic duty of this moment, which is then undone."""
        if not late:
            return self._broken(now)
        step, self.written = self.written, set()
        try:
            with transaction.atomic():
                tasks.expire_overdue(now)
                undone, self.written = self.written, self.written | step
                found = self._broken(now)
                raise _Undone
        except _Undone:
            self._undone = undone
        return found

    def _broken(self, now: datetime) -> list[str]:
        if now != self._at:
            self._read, self._at = {}, now
        found, other = [], self.written | self._undone
        self._empty -= other
        for name, check in invariants.items():
            if name in self._read and self._read[name].isdisjoint(other):
                continue
            started_from = self._started_from.get(name)
            if started_from and started_from <= self._empty:
                continue
            self._reading = []
            found += [f"{name}: {words}" for words in check(now)]
            self._read[name] = {table for tables in self._reading for table in tables}
            self._started_from[name] = {tables[0] for tables in self._reading if tables}
        self.written, self._undone = set(), set()
        return found


def empty_tables() -> set[str]:
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {table for table, model in models.items() if not model._base_manager.exists()}


@dataclass(frozen=True)
class Seen:
    """The places and the lines at one moment."""

    holder: dict[int, int | None]
    """Booking that has a place, by id of the place."""
    waiting: dict[int, WaitingEntry]
    of_company: Counter[tuple[int, int]]
    """Live enrolments, where teams are booked their bookings, by run and company."""
    there: set[str]
    """What there is to do something with: statuses, "draft", "unnamed", "payment", "team"…"""

    @classmethod
    def look(cls) -> "Seen":
        entries = _line()
        there = {"entry"} if entries or WaitingEntry.objects.exists() else set()
        of_company: Counter[tuple[int, int]] = Counter()
        counted = set()
        for run, status, person, team, booking, booker, price, company, application in _seats():
            live = status in Status.LIVE
            there |= {status, *(("live",) if live else ())}
            there |= {"draft"} if booker is None else {"sent"}
            if booker and live:
                there |= {"unnamed"} if person is None else {"named"}
                there |= {"team"} if team else set()
            if booker and price:
                there.add("to pay")
            if application:
                there.add("application")
            if company and live and not (team and (run, booking) in counted):
                counted.add((run, booking))
                of_company[run, company] += 1
        if "to pay" in there and Payment.objects.exists():
            there.add("payment")
        return cls(
            holder={pk: booking or team for pk, booking, team in _places()},
            waiting={entry.pk: entry for entry in entries},
            of_company=of_company,
            there=there,
        )


def over_the_limit(before: Seen, after: Seen) -> list[str]:
    """Companies that have got more on a run than its rules let them have. What was booked before the rules
    became narrower stays."""
    grown = {
        key: n for key, n in after.of_company.items() if n > max(1, before.of_company.get(key, 0))
    }
    if not grown:
        return []
    limits = dict(
        RunRules.objects.exclude(most_per_company=None)
        .filter(run__in={run for run, _company in grown})
        .values_list("run", "most_per_company")
    )
    return [
        f"company {company} has {n} of run {run}, {limits[run]} at most"
        for (run, company), n in grown.items()
        if n > limits.get(run, n)
    ]


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
