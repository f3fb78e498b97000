"""Offers: places held for somebody until they answer. From the waiting list, or after a selection."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from math import inf

from django.db import IntegrityError, transaction

from accounts.audit import record
from courses.models import Run

from .. import mails
from ..eligibility import try_lock_company
from ..models import Booking, Enrollment, WaitingEntry
from ..models.rules import rules_of
from ..status import Reason, Status
from .errors import Overtaken
from .line import Standing, admitted, entries, is_strict, places_wanted
from .picking import Reach, pick
from .timing import offer_end, takes_bookings
from .writing import empty, enter, is_per_team, lock_run, locked, move, places_for, seat


@transaction.atomic
def pass_on(*, run_id: int, now: datetime) -> list[WaitingEntry]:
    """Offer free places to those who wait, in their order; the entries that got an offer.

    A group gets as many as it wants, or what there is and the rules of the run let it have, as long as that is
    no fewer than it asked for at least. An entry that cannot be served keeps its place in line; whether others
    pass it, the run's order says. Whom the rules let have nothing now, others pass in any order. Nothing is
    offered once booking has closed.
    """
    run = lock_run(run_id)
    if not takes_bookings(run, now=now):
        return []
    standing, offered = Standing(is_strict(run)), []
    # The most that can still be free for a county: who cannot be served by that is not looked for.
    at_most: dict[tuple[int | None, Reach], int] = {}
    line = _who_still_wait(run_id, now=now)
    allowed = admitted(run, line, now=now)
    for entry in line:
        if allowed[entry.pk].refused:
            continue
        most, fewest = places_wanted(run, entry)
        reach = standing.reach(entry.region_id)
        seen = (entry.region_id, reach)
        if reach == Reach.NOTHING or at_most.get(seen, fewest) < fewest:
            standing.waits(entry)
            continue
        place_ids = pick(run_id=run_id, count=most, region_id=entry.region_id, now=now, reach=reach)
        if len(place_ids) < most:
            at_most[seen] = len(place_ids)
        if len(place_ids) < fewest:
            standing.waits(entry)
            continue
        if not try_lock_company(run=run, company_id=entry.company_id):
            # This very moment its company books.
            standing.waits(entry)
            continue
        # What was offered before in this turn, or booked meanwhile, counts too.
        still = admitted(run, [entry], now=now)[entry.pk]
        if still.refused:
            continue
        if not is_per_team(run):
            place_ids = place_ids[: still.people]
        try:
            with transaction.atomic():
                _offer_waiting(entry, run=run, place_ids=place_ids, now=now)
        except IntegrityError:
            # This very moment somebody else books a place for the same person.
            standing.waits(entry)
            continue
        offered.append(entry)
    return offered


def _who_still_wait(run_id: int, *, now: datetime) -> list[WaitingEntry]:
    """The line without those who have got a place in another way meanwhile: alone they wait for nothing any
    more, of a group the others still do."""
    line = list(entries(run_id))
    placed = set(
        Enrollment.objects.live()
        .filter(run_id=run_id, person__in=[e.person_id for e in line if e.takes_part])
        .values_list("person_id", flat=True)
    )
    for entry in line:
        if not entry.takes_part or entry.person_id not in placed:
            continue
        if entry.wanted == 1:
            entry.status = WaitingEntry.Status.LEFT
            record("enrollment.leave", entry, data={"because": "has a place"})
        else:
            entry.takes_part, entry.wanted = False, entry.wanted - 1
            entry.at_least = min(entry.at_least, entry.wanted)
        entry.save(update_fields=["status", "takes_part", "wanted", "at_least"])
    return [entry for entry in line if entry.status == WaitingEntry.Status.WAITING]


def _offer_waiting(
    entry: WaitingEntry, *, run: Run, place_ids: Sequence[int], now: datetime
) -> None:
    booking = Booking.objects.create(
        token=uuid.uuid4(),
        run=run,
        booked_by=entry.person,
        company=entry.company,
        company_name=entry.company_name,
        workplace=entry.workplace,
        region=entry.region,
        cancellation=rules_of(run).cancellation,
        language=entry.language,
        price_ore=run.price_ore,
        vat_percent=run.vat_percent,
        terms_accepted_at=entry.terms_accepted_at,
        created_at=now,
    )
    until = offer_end(run=run, now=now)
    people = entry.wanted if is_per_team(run) else len(place_ids)
    first = [entry.person] if entry.takes_part else []
    enrollments = enter(
        booking=booking,
        run=run,
        people=first + [None] * (people - len(first)),
        status=Status.OFFERED,
        hold_until=until,
        actor=None,
        now=now,
    )
    seat(enrollments, place_ids)
    entry.status = WaitingEntry.Status.OFFERED
    entry.booking = booking
    entry.save(update_fields=["status", "booking"])
    mails.waiting_offer(entry, people=people, until=until, now=now)


@transaction.atomic
def offer(*, booking: Booking, place_ids: Sequence[int], actor, now: datetime) -> list[Enrollment]:
    """Offer a selected application the places that `patiently` has picked, until the end of the time to
    answer; the enrolments. Raises Overtaken when it is not waiting for a decision."""
    applied = locked(booking.enrollments.filter(status=Status.APPLIED))
    if not applied or places_for(applied[0].run, len(applied)) != len(place_ids):
        raise Overtaken(f"application {booking.pk}")
    until = offer_end(run=applied[0].run, now=now)
    for enrollment in applied:
        move(enrollment, Status.OFFERED, now=now, actor=actor, hold_until=until)
    seat(applied, place_ids)
    return applied


@transaction.atomic
def accept(
    *, booking: Booking, hold_until: datetime, count: int | None = None, actor, now: datetime
) -> list[Enrollment]:
    """Turn an offer into held places: all of them, or `count`; the others pass on at once.

    How few may be accepted is the caller's rule. Raises Overtaken when the offer ended or was answered.
    """
    lock_run(booking.run_id)
    offered = _open_offer(booking, now=now)
    kept = offered if count is None else offered[:count]
    surplus = offered[len(kept) :]
    for enrollment in kept:
        move(enrollment, Status.HELD, now=now, actor=actor, hold_until=hold_until)
    for enrollment in surplus:
        move(enrollment, Status.CANCELLED, now=now, actor=actor, reason=Reason.DECLINED)
    _answer(booking, WaitingEntry.Status.ACCEPTED)
    if surplus:
        empty(surplus)
        pass_on(run_id=booking.run_id, now=now)
    return kept


@transaction.atomic
def decline(*, booking: Booking, actor, now: datetime) -> None:
    """Give an offer back; the next in line gets the places. Raises Overtaken when it ended or was answered."""
    lock_run(booking.run_id)
    offered = _open_offer(booking, now=now)
    for enrollment in offered:
        move(enrollment, Status.CANCELLED, now=now, actor=actor, reason=Reason.DECLINED)
    _answer(booking, WaitingEntry.Status.DECLINED)
    empty(offered)
    pass_on(run_id=booking.run_id, now=now)


def _open_offer(booking: Booking, *, now: datetime) -> list[Enrollment]:
    """The offered enrolments, those with a name first. Raises Overtaken when the offer has ended."""
    offered = locked(Enrollment.objects.filter(booking=booking, status=Status.OFFERED))
    offered.sort(key=lambda enrollment: enrollment.person_id or inf)
    if not offered or any(e.hold_until is None or e.hold_until <= now for e in offered):
        raise Overtaken(f"offer of {booking.pk}")
    return offered


def _answer(booking: Booking, status: WaitingEntry.Status) -> None:
    WaitingEntry.objects.filter(booking=booking).update(status=status)
