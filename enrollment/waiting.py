"""The waiting list: join, accept, decline, leave. Passing on stands with the places."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from courses.models import Run
from home.models import Region

from . import places
from .booking import HOLD_TIME, AlreadyEnrolled, BookingError, NotOpen, TermsNotAccepted, settle
from .mails import waiting_joined
from .models import Booking, Enrollment, WaitingEntry


class PlacesFree(BookingError):
    """There is no need to wait: the places can be booked."""

    message = _("There are free places again. Book one.")


class OfferEnded(BookingError):
    """The offer was answered, declined or ran out."""

    message = _("This offer is no longer valid.")


def join(
    *,
    run: Run,
    person: User,
    company_name: str = "",
    language: str,
    terms_accepted: bool,
    now: datetime,
    region: Region | None = None,
    wanted: int = 1,
    at_least: int = 1,
) -> WaitingEntry:
    """Stand in line for a run; the person is told the place in line. Joining again returns the entry.

    Looks for a free place once more under the run's lock. Raises PlacesFree, NotOpen, TermsNotAccepted,
    AlreadyEnrolled.
    """
    if not terms_accepted:
        raise TermsNotAccepted
    if not places.takes_bookings(run, now=now):
        raise NotOpen
    places.expire(run=run, now=now)
    try:
        with transaction.atomic():
            Run.objects.select_for_update(no_key=True).get(pk=run.pk)
            return _join(
                run=run,
                person=person,
                company_name=company_name,
                language=language,
                region=region,
                wanted=wanted,
                at_least=at_least,
                terms_accepted_at=now,
                created_at=now,
            )
    except IntegrityError:
        return WaitingEntry.objects.open().get(run=run, person=person)


def _join(**fields) -> WaitingEntry:
    run, person, now = fields["run"], fields["person"], fields["created_at"]
    if before := WaitingEntry.objects.open().filter(run=run, person=person).first():
        return before
    if enrolled := Enrollment.objects.live().filter(run=run, person=person).first():
        raise AlreadyEnrolled(enrolled)
    region = fields["region"]
    free = places.free_now(run_id=run.pk, region_id=region.pk if region else None, now=now)
    if free >= fields["at_least"]:
        raise PlacesFree
    entry = WaitingEntry.objects.create(**fields)
    record("enrollment.wait", entry, actor=person)
    waiting_joined(entry, position=position(entry), now=now)
    return entry


def position(entry: WaitingEntry) -> int:
    """The place in line, 1 for the next; 0 for an entry that does not wait."""
    if entry.status != WaitingEntry.Status.WAITING:
        return 0
    line = WaitingEntry.objects.filter(run_id=entry.run_id).in_line().values_list("pk", flat=True)
    return list(line).index(entry.pk) + 1


@transaction.atomic
def accept(
    *, entry: WaitingEntry, count: int | None = None, actor: User | None, now: datetime
) -> Booking:
    """Take the offered places, all of them or `count`, never fewer than the entry asked for at least: confirmed
    when nothing is missing, else held as after booking.

    Accepting again returns the same booking. Raises OfferEnded.
    """
    Run.objects.select_for_update(no_key=True).get(pk=entry.run_id)
    entry.refresh_from_db(fields=["status", "booking"])
    booking = entry.booking
    if entry.status == WaitingEntry.Status.ACCEPTED and booking:
        return booking
    if entry.status != WaitingEntry.Status.OFFERED or not booking:
        raise OfferEnded
    if count is not None:
        count = max(count, entry.at_least)
    try:
        places.accept(
            booking=booking, hold_until=now + HOLD_TIME, count=count, actor=actor, now=now
        )
    except places.Overtaken:
        raise OfferEnded from None
    settle(booking=booking, actor=actor, now=now)
    return booking


def decline(*, entry: WaitingEntry, actor: User | None, now: datetime) -> None:
    """Give the offer back; the next in line gets it at once. Twice is once. Raises OfferEnded."""
    entry.refresh_from_db(fields=["status", "booking"])
    if entry.status == WaitingEntry.Status.DECLINED:
        return
    if not entry.booking:
        raise OfferEnded
    try:
        places.decline(booking=entry.booking, actor=actor, now=now)
    except places.Overtaken:
        # Somebody else's click may have been the one.
        entry.refresh_from_db(fields=["status"])
        if entry.status != WaitingEntry.Status.DECLINED:
            raise OfferEnded from None


@transaction.atomic
def leave(*, entry: WaitingEntry, actor: User | None, now: datetime) -> None:
    """Step out of the line; an open offer is declined. Twice is once. Those behind may be served then."""
    Run.objects.select_for_update(no_key=True).get(pk=entry.run_id)
    entry.refresh_from_db(fields=["status"])
    if entry.status == WaitingEntry.Status.OFFERED:
        decline(entry=entry, actor=actor, now=now)
    elif entry.status == WaitingEntry.Status.WAITING:
        entry.status = WaitingEntry.Status.LEFT
        entry.save(update_fields=["status"])
        record("enrollment.leave", entry, actor=actor)
        places.pass_on(run_id=entry.run_id, now=now)
