"""The one door to places and to the status of an enrolment.

Taking places never waits on a place row: pick free rows with SKIP LOCKED, point them at the enrolments. When
fewer can be picked than wanted, a plain read tells "full" from "somebody is deciding this moment"; in the
second case let go, wait a few milliseconds, try again. Freeing and passing on lock the run's row first.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, F, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from courses.models import Run, Session
from home.prepared import Prepared

from . import mails
from .models import Booking, Enrollment, Place, RunPartner, WaitingEntry
from .models.door import opened
from .models.place import PlaceQuerySet
from .requirements import is_blocked, missing
from .status import TRANSITIONS, Reason, Status

PATIENCE_SECONDS = 3.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.008, 0.128
OFFER_TIME = timedelta(hours=48)
T = TypeVar("T")


class PlacesError(Exception):
    """Places could not be given. `message` is for the reader."""

    message = _("The places could not be booked.")


class RunFull(PlacesError):
    """Fewer places are free than asked for; `free` says how many."""

    message = _("All places are taken.")

    def __init__(self, free: int):
        super().__init__(free)
        self.free = free


class Busy(PlacesError):
    """The last places are being decided on by others; nothing was booked, try again."""

    message = _("Many people are booking right now. Please try again in a moment.")


class TooFewFree(PlacesError):
    """The capacity cannot shrink that far: `taken` places are in use."""

    message = _("More places are taken than that.")

    def __init__(self, taken: int):
        super().__init__(taken)
        self.taken = taken


class StatusError(Exception):
    """A change of status that the table in `enrollment.status` does not allow."""


class Overtaken(StatusError):
    """The status changed between reading and writing; read again."""


class _Short(Exception):
    """Fewer places could be picked than wanted: gone, or somebody is deciding on them this moment."""


def _lock_run(run_id: int) -> Run:
    """Everything that frees or passes on places goes one after the other, per run."""
    return Run.objects.select_for_update(no_key=True).get(pk=run_id)


def _move(
    enrollment: Enrollment, to: Status, *, now: datetime, actor=None, reason: str = "", **changes
) -> bool:
    """The only writer of a status: by the table, by conditional update, with its audit entry.

    The same state again changes nothing and returns False. Raises StatusError, Overtaken.
    """
    before = enrollment.status
    if before == to:
        return False
    if to not in TRANSITIONS[before]:
        raise StatusError(f"{before} to {to}")
    changes = {"status": to, "reason": reason, "hold_until": None, **changes}
    if to == Status.CONFIRMED:
        changes["confirmed_at"] = now
    if to == Status.CANCELLED:
        changes.update(cancelled_at=now, calendar_sequence=enrollment.calendar_sequence + 1)
    with opened():
        changed = Enrollment.objects.filter(pk=enrollment.pk, status=before).update(**changes)
    if changed != 1:
        raise Overtaken(f"{enrollment.pk} is no longer {before}")
    for field, value in changes.items():
        setattr(enrollment, field, value)
    data = {"from": str(before), "to": str(to), "reason": str(reason)}
    record("enrollment.move", enrollment, actor=actor, data=data)
    return True


def _enter(
    *, booking: Booking, people: Iterable, status: Status, hold_until: datetime | None, actor, now
) -> list[Enrollment]:
    enrollments = []
    with opened():
        for person in people:
            enrollment = Enrollment(
                booking=booking,
                run=booking.run,
                person=person,
                status=status,
                hold_until=hold_until,
                created_at=now,
            )
            if status == Status.HELD and not booking.price_ore and not missing(enrollment):
                enrollment.status, enrollment.hold_until = Status.CONFIRMED, None
                enrollment.confirmed_at = now
            enrollment.save()
            data = {"to": str(enrollment.status)}
            record("enrollment.enter", enrollment, actor=actor, data=data)
            enrollments.append(enrollment)
    return enrollments


def _pick(*, run_id: int, count: int, region_id: int | None, now: datetime) -> list[int]:
    """Lock and return the ids of `count` free places the region may have; shorter when not so many.

    Never waits. The own share and released shares go before the pool, so that the pool stays open to most.
    """
    if not count:
        return []
    rows = (
        _free(run_id, region_id, now)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by(F("share").asc(nulls_last=True), "number")
    )
    return list(rows.values_list("pk", flat=True)[:count])


def free_now(*, run_id: int, region_id: int | None, now: datetime) -> int:
    """How many places the region could take at this moment, by a plain read; decides nothing."""
    return _free(run_id, region_id, now).count()


def _free(run_id: int, region_id: int | None, now: datetime) -> PlaceQuerySet:
    return Place.objects.free().filter(run_id=run_id).eligible(region_id=region_id, now=now)


def _look(*, run_id: int, count: int, region_id: int | None, now: datetime) -> tuple[int, bool]:
    """How many places are free, counted up to `count`, and whether somebody waits for them: one plain read."""
    # No region has the id 0: who names none may have what is kept for none.
    seen = _sight(max(count, 1))(run_id=run_id, region_id=region_id or 0, now=now)
    return len(seen), bool(seen) and seen[0][0]


@cache
def _sight(count: int) -> Prepared:
    def build(run_id: int, region_id: int, now: datetime) -> QuerySet:
        line = Exists(WaitingEntry.objects.filter(run_id=run_id).in_line())
        return _free(run_id, region_id, now).order_by().values_list(line)[:count]

    return Prepared(build)


_overdue = Prepared(
    lambda run_id, now: (
        Enrollment.objects.filter(run_id=run_id).overdue(now).order_by().values_list("pk")[:1]
    )
)


def _seat(enrollments: Sequence[Enrollment], place_ids: Sequence[int]) -> None:
    with opened():
        for enrollment, place_id in zip(enrollments, place_ids, strict=True):
            if not Place.objects.free().filter(pk=place_id).update(enrollment=enrollment):
                raise Overtaken(f"place {place_id} is not free")


def take(
    *,
    booking: Booking,
    people: Sequence,
    place_ids: Sequence[int],
    hold_until: datetime,
    actor,
    now,
) -> list[Enrollment]:
    """Give each of `people` (User, or None for a name that follows) one of the places that `patiently` has
    picked, held. Where there is nothing to pay and nothing else is missing, the enrolment is confirmed from
    the start."""
    enrollments = _enter(
        booking=booking,
        people=people,
        status=Status.HELD,
        hold_until=hold_until,
        actor=actor,
        now=now,
    )
    _seat(enrollments, place_ids)
    return enrollments


def patiently(
    attempt: Callable[[list[int]], T],
    *,
    run_id: int,
    count: int,
    region_id: int | None,
    now: datetime,
) -> T:
    """Pick `count` places and run `attempt` with their ids (for `take`) in one transaction: all or none. For at
    most 3 seconds it tries again while the last places are being decided on. Places that somebody waits for
    are offered before, overdue holds of the run are released on the way.

    Raises RunFull when the places are gone, Busy when patience or the database's lock time ran out.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = SHORTEST_PAUSE
    others_served = False
    try:
        while True:
            # A plain read: who comes too late is told so without having locked anything.
            free, waited_for = _look(run_id=run_id, count=count, region_id=region_id, now=now)
            if waited_for and not others_served:
                pass_on(run_id=run_id, now=now)
                others_served = True
                continue
            if free < count:
                if _overdue(run_id=run_id, now=now) and expire(run=run_id, now=now):
                    continue
                raise RunFull(free)
            try:
                with transaction.atomic():
                    place_ids = _pick(run_id=run_id, count=count, region_id=region_id, now=now)
                    if len(place_ids) < count:
                        raise _Short
                    return attempt(place_ids)
            except _Short:
                if time.monotonic() > deadline:
                    raise Busy from None
                # Many who ask again at once would only slow down those who are deciding.
                time.sleep(random.uniform(pause / 2, pause))  # noqa: S311
                pause = min(2 * pause, LONGEST_PAUSE)
    except OperationalError as error:
        if not connection.in_atomic_block:
            # While this one waited for the lock, the others may have taken all there was.
            free = free_now(run_id=run_id, region_id=region_id, now=now)
            if free < count:
                raise RunFull(free) from error
        raise Busy from error


def apply(*, booking: Booking, people: Sequence, actor, now: datetime) -> list[Enrollment]:
    """Enrolments that wait for a decision and have no place yet (runs with selection)."""
    return _enter(
        booking=booking, people=people, status=Status.APPLIED, hold_until=None, actor=actor, now=now
    )


@transaction.atomic
def confirm(*, enrollment: Enrollment, actor=None, now: datetime) -> bool:
    """Held or accepted to confirmed. False when it was so already.

    Raises StatusError while a requirement is not met, or from a state that does not lead there.
    """
    if enrollment.status != Status.CONFIRMED and (lacking := missing(enrollment)):
        raise StatusError(f"not met: {', '.join(lacking)}")
    return _move(enrollment, Status.CONFIRMED, now=now, actor=actor)


@transaction.atomic
def hold_longer(*, booking: Booking, until: datetime, actor=None, now: datetime) -> int:
    """Move the end of a booking's holds to `until` (never backwards); how many were moved.

    A hold that is already past its end stays so, whatever the clock does.
    """
    held = booking.enrollments.held().filter(hold_until__gt=now, hold_until__lt=until)
    with opened():
        moved = held.update(hold_until=until)
    if moved:
        record("enrollment.hold_longer", booking, actor=actor, data={"until": until.isoformat()})
    return moved


@transaction.atomic
def release(*, enrollment: Enrollment, reason: Reason, actor=None, now: datetime) -> bool:
    """Cancel an enrolment; its place goes to the first eligible waiting entry, else it becomes free.

    False when it was cancelled already: nothing happens then.
    """
    run = _lock_run(enrollment.run_id)
    enrollment.refresh_from_db(fields=["status", "calendar_sequence", "hold_until"])
    if not _move(enrollment, Status.CANCELLED, now=now, actor=actor, reason=reason):
        return False
    _empty([enrollment])
    pass_on(run_id=run.pk, now=now)
    return True


def _empty(enrollments: Sequence[Enrollment]) -> None:
    with opened():
        Place.objects.filter(enrollment__in=[e.pk for e in enrollments]).update(enrollment=None)


@transaction.atomic
def expire(*, run: Run | int, now: datetime) -> int:
    """Release the run's holds and offers past their end and pass their places on; how many.

    A hold that something still speaks for (a payment page left open) stays until that is settled.
    """
    run_id = run if isinstance(run, int) else run.pk
    _lock_run(run_id)
    overdue = Enrollment.objects.filter(run_id=run_id).overdue(now).order_by("pk")
    gone = []
    for enrollment in overdue.select_related(
        "booking__booked_by", "booking__run__course", "person"
    ):
        offered = enrollment.status == Status.OFFERED
        if not offered and is_blocked(enrollment, now=now):
            continue
        _move(enrollment, Status.CANCELLED, now=now, reason=Reason.EXPIRED)
        mails.place_expired(enrollment, offered=offered, now=now)
        gone.append(enrollment)
    _empty(gone)
    WaitingEntry.objects.filter(
        status=WaitingEntry.Status.OFFERED, booking__in={e.booking_id for e in gone}
    ).update(status=WaitingEntry.Status.EXPIRED)
    pass_on(run_id=run_id, now=now)
    return len(gone)


def booking_end(run: Run) -> datetime | None:
    """When booking ends: the run's last moment to book, else the start of its first meeting."""
    if run.closes_at:
        return run.closes_at
    return run.sessions.exclude(status=Session.Status.CANCELLED).aggregate(first=Min("starts_at"))[
        "first"
    ]


def takes_bookings(run: Run, *, now: datetime) -> bool:
    """Whether a place could be booked at `now` if there is one. The last second belongs to the window."""
    end = booking_end(run) if run.accepts_bookings(now) else now - OFFER_TIME
    return end is None or now <= end


def offer_end(*, run: Run, now: datetime) -> datetime:
    """Until when an offer made now holds: 48 hours, never past the end of booking."""
    end = booking_end(run)
    return min(now + OFFER_TIME, end) if end else now + OFFER_TIME


@transaction.atomic
def pass_on(*, run_id: int, now: datetime) -> list[WaitingEntry]:
    """Offer free places to those who wait, in their order; the entries that got an offer.

    An entry that wants more places than there are keeps its place in line. Nothing is offered once booking
    has closed.
    """
    run = _lock_run(run_id)
    if not takes_bookings(run, now=now):
        return []
    offered = []
    for entry in WaitingEntry.objects.filter(run=run).in_line().select_related("person", "region"):
        place_ids = _pick(run_id=run_id, count=entry.wanted, region_id=entry.region_id, now=now)
        if len(place_ids) >= entry.at_least and place_ids:
            _offer(entry, run=run, place_ids=place_ids, now=now)
            offered.append(entry)
    return offered


def _offer(entry: WaitingEntry, *, run: Run, place_ids: Sequence[int], now: datetime) -> None:
    booking = Booking.objects.create(
        token=uuid.uuid4(),
        run=run,
        booked_by=entry.person,
        company_name=entry.company_name,
        language=entry.language,
        price_ore=run.price_ore,
        vat_percent=run.vat_percent,
        terms_accepted_at=entry.terms_accepted_at,
        created_at=now,
    )
    until = offer_end(run=run, now=now)
    people = [entry.person] + [None] * (len(place_ids) - 1)
    enrollments = _enter(
        booking=booking,
        people=people,
        status=Status.OFFERED,
        hold_until=until,
        actor=None,
        now=now,
    )
    _seat(enrollments, place_ids)
    entry.status = WaitingEntry.Status.OFFERED
    entry.booking = booking
    entry.save(update_fields=["status", "booking"])
    mails.waiting_offer(entry, until=until, now=now)


@transaction.atomic
def accept(*, entry: WaitingEntry, hold_until: datetime, actor, now: datetime) -> list[Enrollment]:
    """Turn an entry's offer into held places. Raises Overtaken when it ended, was declined or answered."""
    _lock_run(entry.run_id)
    offer = list(Enrollment.objects.filter(booking=entry.booking_id, status=Status.OFFERED))
    if not offer or any(e.hold_until is None or e.hold_until <= now for e in offer):
        raise Overtaken(f"offer of {entry.pk}")
    for enrollment in offer:
        _move(enrollment, Status.HELD, now=now, actor=actor, hold_until=hold_until)
    entry.status = WaitingEntry.Status.ACCEPTED
    entry.save(update_fields=["status"])
    return offer


@transaction.atomic
def decline(*, entry: WaitingEntry, actor, now: datetime) -> None:
    """Give an entry's offer back; the next in line gets it. Twice is once. Raises Overtaken when it ended."""
    _lock_run(entry.run_id)
    entry.refresh_from_db(fields=["status"])
    if entry.status == WaitingEntry.Status.DECLINED:
        return
    offer = list(Enrollment.objects.filter(booking=entry.booking_id, status=Status.OFFERED))
    if not offer:
        raise Overtaken(f"offer of {entry.pk}")
    for enrollment in offer:
        _move(enrollment, Status.CANCELLED, now=now, actor=actor, reason=Reason.DECLINED)
    entry.status = WaitingEntry.Status.DECLINED
    entry.save(update_fields=["status"])
    _empty(offer)
    pass_on(run_id=entry.run_id, now=now)


@transaction.atomic
def open_places(
    *, run: Run, count: int, share: RunPartner | None = None, now: datetime | None = None
) -> None:
    """Add `count` new free places to a run, in the pool or in a partner's share.

    With `now` given, those who wait are served first.
    """
    _lock_run(run.pk)
    last = (
        Place.objects.filter(run=run).order_by("-number").values_list("number", flat=True).first()
    )
    with opened():
        Place.objects.bulk_create(
            Place(run=run, number=(last or 0) + i, share=share) for i in range(1, count + 1)
        )
    if now:
        pass_on(run_id=run.pk, now=now)


@transaction.atomic
def resize(*, run: Run, capacity: int, actor, now: datetime) -> None:
    """Set the number of a run's places. More places go to the waiting list first.

    Fewer: only free places of the pool disappear, the highest numbers first. Raises TooFewFree.
    """
    _lock_run(run.pk)
    before = Place.objects.filter(run=run).count()
    if capacity > before:
        open_places(run=run, count=capacity - before, now=now)
    elif capacity < before:
        free = Place.objects.free().filter(run=run, share=None).order_by("-number")
        surplus = free.select_for_update(skip_locked=True).values_list("pk", flat=True)
        doomed = list(surplus[: before - capacity])
        if len(doomed) < before - capacity:
            raise TooFewFree(Place.objects.filter(run=run).exclude(enrollment=None).count())
        with opened():
            Place.objects.filter(pk__in=doomed).delete()
    if capacity != before:
        record("enrollment.resize", run, actor=actor, data={"from": before, "to": capacity})
