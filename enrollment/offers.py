"""An offer is answered: taken whole, taken in part, or given back. After waiting, or after a selection."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Run

from . import eligibility, mails, places
from .booking import HOLD_TIME, BookingError, settle
from .models import Booking, Enrollment, WaitingEntry
from .status import Reason, Status


class OfferEnded(BookingError):
    """The offer was answered, declined or ran out."""

    message = _("This offer is no longer valid.")


class NotOffered(BookingError):
    """So many places were not offered, or fewer than was asked for at least."""

    message = _("This number of places was not offered. Choose one of the buttons.")


class Answer(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True)
class Offer:
    """How an offer stands: `people` are offered until `until`; `counts` may be taken, most first. `entry` is
    the place in line that it came from, None after a selection."""

    booking: Booking
    entry: WaitingEntry | None
    answer: Answer
    people: int
    counts: list[int]
    until: datetime | None


def look(booking: Booking, *, now: datetime) -> Offer:
    """The offer that a booking is or was, by a plain read."""
    rows = list(booking.enrollments.all())
    offered = [row for row in rows if row.status == Status.OFFERED]
    entry = WaitingEntry.objects.filter(booking=booking).first()
    return Offer(
        booking=booking,
        entry=entry,
        answer=_answer(rows, offered, entry, now=now),
        people=len(offered),
        counts=_counts(booking.run, entry, len(offered)),
        until=min((row.hold_until for row in offered if row.hold_until), default=None),
    )


def _answer(
    rows: list[Enrollment],
    offered: list[Enrollment],
    entry: WaitingEntry | None,
    *,
    now: datetime,
) -> Answer:
    if offered:
        in_time = all(row.hold_until and row.hold_until > now for row in offered)
        return Answer.OPEN if in_time else Answer.ENDED
    spent = entry is not None and entry.status == WaitingEntry.Status.ACCEPTED
    if spent or any(row.status in Status.PLACED for row in rows):
        return Answer.ACCEPTED
    # An application may be offered places again; what counts is the last answer.
    last = max((row.cancelled_at for row in rows if row.cancelled_at), default=None)
    if last and all(row.reason == Reason.DECLINED for row in rows if row.cancelled_at == last):
        return Answer.DECLINED
    return Answer.ENDED


def _counts(run: Run, entry: WaitingEntry | None, people: int) -> list[int]:
    """A team takes its place together, and an application was selected as it was made."""
    if entry is None or places.is_per_team(run):
        return [people]
    return list(range(people, min(entry.at_least, people) - 1, -1))


@transaction.atomic
def accept(
    *, booking: Booking, count: int | None = None, actor: User | None, now: datetime
) -> Booking:
    """Take the offered places, all of them or `count`, never fewer than was asked for at least. What lacks
    nothing is confirmed, the rest held as after booking; what is not taken goes to the next in line at once.

    Accepting again changes nothing. Raises OfferEnded, NotOffered, NotEligible when the company has got
    its other places meanwhile.
    """
    eligibility.lock_company(run=booking.run, company_id=booking.company_id)
    Run.objects.select_for_update(no_key=True).get(pk=booking.run_id)
    offer = look(booking, now=now)
    if offer.answer == Answer.ACCEPTED:
        return booking
    if offer.answer != Answer.OPEN:
        raise OfferEnded
    if count is not None and count not in offer.counts:
        raise NotOffered
    eligibility.require_of(booking=booking, people=count or offer.people, now=now)
    try:
        places.accept(
            booking=booking, hold_until=now + HOLD_TIME, count=count, actor=actor, now=now
        )
    except places.Overtaken:
        raise OfferEnded from None
    settle(booking=booking, actor=actor, now=now)
    if booking.enrollments.unnamed().exists():
        mails.group_booked(booking, now=now)
    return booking


@transaction.atomic
def decline(*, booking: Booking, actor: User | None, now: datetime) -> None:
    """Give the offer back; the next in line gets it at once. Twice is once. Raises OfferEnded."""
    Run.objects.select_for_update(no_key=True).get(pk=booking.run_id)
    offer = look(booking, now=now)
    if offer.answer == Answer.DECLINED:
        return
    if offer.answer != Answer.OPEN:
        raise OfferEnded
    try:
        places.decline(booking=booking, actor=actor, now=now)
    except places.Overtaken:
        raise OfferEnded from None


def remind(*, now: datetime) -> int:
    """Write to everybody whose offer has used half of the waking time to answer; to how many. Once each."""
    due = 0
    waiting = Booking.objects.filter(
        enrollments__status=Status.OFFERED, enrollments__hold_until__gt=now
    ).distinct()
    for booking in waiting.select_related("run__course", "run__host", "run__rules", "booked_by"):
        with transaction.atomic():
            offer = look(booking, now=now)
            if offer.answer != Answer.OPEN or offer.until is None:
                continue
            due_at = places.reminder_due(
                run=booking.run, since=booking.created_at, until=offer.until
            )
            if due_at <= now:
                mails.offer_reminder(
                    booking, entry=offer.entry, people=offer.people, until=offer.until, now=now
                )
                due += 1
    return due
