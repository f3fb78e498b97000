"""Booking: from a filled-in form to enrolments with places, and back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.newrow import NewRow
from accounts.people import current, known_or_new
from courses.models import Run
from home.models import Region
from home.prepared import Prepared

from . import change_mails, eligibility, mails, places
from .eligibility import Candidate
from .models import Application, Booking, Company, Enrollment
from .models.rules import rules_of
from .places import NotOpen
from .requirements import MAY_FOLLOW, missing
from .status import Reason, Status
from .terms import consequence

HOLD_TIME = timedelta(minutes=40)
_new_booking = NewRow(Booking)


class Form(TypedDict):
    """What a booking says besides who. `token` comes with the form and makes it one booking; `region` is
    where the person works and decides which kept places they may have; `actor` is staff who book, and may
    know the `company`."""

    run: Run
    token: UUID
    company_name: NotRequired[str]
    company: NotRequired[Company | None]
    language: str
    terms_accepted: bool
    now: datetime
    region: NotRequired[Region | None]
    actor: NotRequired[User | None]


class BookingError(Exception):
    """Nothing was booked. `message` is for the reader."""

    message: str | Promise = _("The booking could not be made.")


class TermsNotAccepted(BookingError):
    message = _("Accept the terms to book.")


class Over(BookingError):
    """The last meeting is over, or the run was cancelled."""

    message = _("The course run is over.")


class FeeChanged(BookingError):
    """Cancelling costs something else than the reader was told: `fee_ore`, without VAT."""

    message = _("The cost has changed since you opened the page. Look at it once more.")

    def __init__(self, fee_ore: int):
        super().__init__(fee_ore)
        self.fee_ore = fee_ore


class TokenUsed(BookingError):
    """The form's token belongs to a booking of another run or by somebody else."""

    message = _("The form is too old. Please fill it in again.")


class AlreadyEnrolled(BookingError):
    """The person has a live enrolment on this run: `enrollment`."""

    message = _("You are already enrolled on this course run.")

    def __init__(self, enrollment: Enrollment):
        super().__init__(enrollment.pk)
        self.enrollment = enrollment


def book(*, person: User, booked_by: User, **form: Unpack[Form]) -> Booking:
    """Book one place for `person`. A free run: confirmed at once, with mail and calendar invitation. A run
    with a price: held for 40 minutes. A run by application: applied, without a place.

    The same token again returns the first booking. Raises TermsNotAccepted, TokenUsed, AlreadyEnrolled,
    eligibility.NotEligible, and from the door NotOpen, RunFull and Busy; then nothing is stored.
    """
    return _book(
        lambda: (person, booked_by),
        email=person.email,
        booker=booked_by.email,
        actor=form.pop("actor", None) or booked_by,
        **form,
    )


def sign_up(*, email: str, first_name: str, last_name: str, **form: Unpack[Form]) -> Booking:
    """As `book`, by somebody for themselves who may be new here: the account is made by the way and stays
    unclaimed until the first sign-in. When nothing is booked, no account is left behind either."""

    def who() -> tuple[User, User]:
        person = known_or_new(
            email=email,
            first_name=first_name,
            last_name=last_name,
            language=form["language"],
            now=form["now"],
        )
        return person, person

    email = User.objects.normalise(email)
    return _book(who, email=email, booker=email, **form)


def _book(
    who: Callable[[], tuple[User, User]],
    *,
    email: str,
    booker: str,
    run: Run,
    token: UUID,
    company_name: str = "",
    company: Company | None = None,
    language: str,
    terms_accepted: bool,
    now: datetime,
    region: Region | None = None,
    actor: User | None = None,
) -> Booking:
    if not terms_accepted:
        raise TermsNotAccepted
    if not places.takes_bookings(run, now=now):
        if before := _by_token(token, run=run, booker=booker):
            return before
        raise NotOpen
    by_application = run.selection == Run.Selection.APPLICATION
    candidate = Candidate(
        run=run,
        region=region,
        company=company,
        addresses=(email,),
        for_company=company is not None,
    )
    eligibility.require(candidate, now=now)

    def locks() -> None:
        if company:
            eligibility.lock_company(run=run, company_id=company.pk)
        if by_application:
            places.lock_run(run.pk)

    def attempt(place_ids: list[int]) -> Booking:
        person, booked_by = who()
        booking = Booking(
            token=token,
            run=run,
            booked_by=booked_by,
            company=company,
            company_name=company.name if company else company_name,
            region=region,
            cancellation_id=rules_of(run).cancellation_id,
            language=language,
            price_ore=run.price_ore,
            vat_percent=run.vat_percent,
            terms_accepted_at=now,
            created_at=now,
        )
        _new_booking(booking)
        if company:
            eligibility.require_of(booking=booking, people=1, now=now)
        by = actor or booked_by
        if by_application:
            places.apply(booking=booking, people=[person], actor=by, now=now)
            Application.objects.create(booking=booking)
            return booking
        enrollments = places.take(
            booking=booking,
            run=run,
            people=[person],
            place_ids=place_ids,
            hold_until=now + HOLD_TIME,
            actor=by,
            now=now,
        )
        settle_made(enrollments, actor=by, now=now)
        return booking

    try:
        return places.patiently(
            attempt,
            run=run,
            count=0 if by_application else 1,
            region_id=region.pk if region else None,
            now=now,
            first=locks,
        )
    except (IntegrityError, places.RunFull):
        # The same form or the same person was quicker in another process.
        if before := _by_token(token, run=run, booker=booker):
            return before
        if enrolled := live_of(run, email):
            return _same_form(enrolled, token)
        raise


_bookings = Prepared(lambda token: Booking.objects.filter(token=token).order_by())
_enrolled = Prepared(
    lambda run_id, email: (
        Enrollment.objects.live()
        .filter(Q(person__email=email) | Q(person__duplicates__email=email), run_id=run_id)
        .order_by()
    )
)


def _by_token(token: UUID, *, run: Run, booker: str) -> Booking | None:
    booking = next(iter(_bookings(token=token)), None)
    if booking and (
        booking.run_id != run.pk
        or booking.is_draft
        or booking.booked_by.email not in (booker, *current([booker]))
    ):
        raise TokenUsed
    return booking


def _same_form(enrolled: Enrollment, token: UUID) -> Booking:
    if enrolled.booking.token == token:
        return enrolled.booking
    raise AlreadyEnrolled(enrolled)


def live_of(run: Run, email: str) -> Enrollment | None:
    """The enrolment on the run of whoever has this address, or had it before a merge."""
    return next(iter(_enrolled(run_id=run.pk, email=email)), None)


@transaction.atomic
def settle(*, booking: Booking, now: datetime, actor: User | None = None) -> list[Enrollment]:
    """Confirm the booking's held enrolments that lack nothing any more, each with its confirmation mail
    and calendar invitation; the ones confirmed now. Calling it again changes nothing."""
    return settle_made(places.locked(booking.enrollments.held()), actor=actor, now=now)


@transaction.atomic
def settle_company(
    *, company: Company, now: datetime, actor: User | None = None
) -> list[Enrollment]:
    """Confirm what has only waited for the company to declare its size; the ones confirmed now."""
    held = Enrollment.objects.held().filter(booking__company=company, run__rules__sme_only=True)
    return settle_made(places.locked(held), actor=actor, now=now)


def settle_made(enrollments: list[Enrollment], *, actor, now: datetime) -> list[Enrollment]:
    """As `settle`, for enrolments that the caller has at hand, in the caller's transaction."""
    confirmed = []
    for enrollment in enrollments:
        if enrollment.status != Status.CONFIRMED:
            if lacking := missing(enrollment):
                if lacking.keys() <= MAY_FOLLOW:
                    _await_name(enrollment, actor=actor, now=now)
                continue
            places.confirm(enrollment=enrollment, actor=actor, now=now)
        mails.place_confirmed(enrollment, now=now)
        confirmed.append(enrollment)
    return confirmed


def _await_name(enrollment: Enrollment, *, actor, now: datetime) -> None:
    """A seat that lacks nothing but what may follow is kept until names are due."""
    until = places.names_due(enrollment.run, now=now)
    places.await_name(enrollment=enrollment, until=until, actor=actor, now=now)


def not_over(run: Run, *, now: datetime) -> None:
    """Raises Over."""
    end = places.last_meeting_end(run)
    if run.is_cancelled or (end is not None and end <= now):
        raise Over


@transaction.atomic
def cancel(
    *,
    enrollment: Enrollment,
    reason: Reason | str,
    actor: User | None,
    now: datetime,
    fee_told_ore: int | None = None,
) -> bool:
    """Give an enrolment up: its place passes on, the person is told and the diary corrected, the booker told
    what it costs. Cancelled by the participant's side it costs what the terms say, by the organiser nothing.

    False when it was cancelled already; then no mail is written. For the participant's side, raises Over after the
    last meeting, and FeeChanged when it costs something else than `fee_told_ore` (öre without VAT, None for any).
    """
    # Of a team, only who leaves last owes the fee: two who leave at once must not both see the other stay.
    places.lock_run(enrollment.run_id)
    places.read_again([enrollment])
    if enrollment.status not in Status.LIVE:
        return False
    owed = consequence(enrollment, now=now)
    fee, back = 0, owed.paid_ore
    if reason == Reason.BY_PERSON:
        not_over(enrollment.run, now=now)
        fee, back = owed.fee_ore, owed.refund_ore
        if fee_told_ore not in (None, fee):
            raise FeeChanged(fee)
    places.release(enrollment=enrollment, reason=Reason(reason), actor=actor, now=now, fee_ore=fee)
    mails.place_cancelled(enrollment, refund_ore=back, now=now)
    change_mails.booking_changed(
        enrollment, what="cancelled", actor=actor, fee_ore=fee, refund_ore=back, now=now
    )
    return True
