"""A company books several people: send the booking, name the people later.

From the check screen on, the places are held by a draft (`drafts`). Sending fills it. When the time has run out meanwhile, sending takes places again if there
are any, so that nothing that was typed is lost.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils.timezone import localdate

from accounts.audit import record
from accounts.models import User
from accounts.people import known_or_new
from courses.models import Run
from home.models import Municipality

from . import companies, discretion, eligibility, mails, memberships, places
from .booking import (
    HOLD_TIME,
    AlreadyEnrolled,
    NotOpen,
    TermsNotAccepted,
    TokenUsed,
    settle_company,
    settle_made,
)
from .drafts import HoldEnded, hold, keeps, let_go, same_county, terms_of
from .eligibility import Candidate
from .models import Application, Booking, Company, Enrollment
from .named import Named, addresses_of, call, once_each, others_on
from .status import Status


class Filled(TypedDict):
    """A company's form. `people` has one entry per seat, None where the name follows. `actor` is staff; `asker` is
    who has signed in and sends it, None for a visitor who has proven nothing."""

    run: Run
    token: UUID
    booker: Named
    number: str
    company_name: str
    municipality: Municipality
    people: Sequence[Named | None]
    language: str
    terms_accepted: bool
    now: datetime
    country: NotRequired[str]
    reference: NotRequired[str]
    motivation: NotRequired[str]
    size: NotRequired[str]
    actor: NotRequired[User | None]
    asker: NotRequired[User | None]


def send(**form: Unpack[Filled]) -> Booking:
    """Book: the company, its booker and the people named so far. Seats that lack nothing are confirmed, each
    with mail and calendar; seats without a name are kept until names are due. Where there is something to
    pay, all are held for forty minutes. A run by application gets an application instead of places.

    Somebody named who cannot take part is a refusal only where the asker may know it (`discretion`); else the seat
    waits for another name, which the booker is told by mail.

    The same token again returns the first booking. Raises TermsNotAccepted, NotOpen, TokenUsed, TwiceTheSame,
    AlreadyEnrolled, NotEligible, companies.NumberError, and from the door RunFull and Busy; then nothing of
    it is stored.
    """
    run, now, token = form["run"], form["now"], form["token"]
    if not form["terms_accepted"]:
        raise TermsNotAccepted
    if sent := _sent(form):
        return sent
    if not places.takes_bookings(run, now=now):
        raise NotOpen
    once_each(form["people"])
    people, region = len(form["people"]), form["municipality"].region
    told = _told(form)
    company = companies.find(number=form["number"], country=form.get("country", "SE"))
    try:
        eligibility.require(
            Candidate(
                run=run,
                people=people,
                region=region,
                company=company,
                addresses=tuple(told),
                for_company=True,
            ),
            now=now,
        )
        if run.selection != Run.Selection.APPLICATION:
            draft = Booking.objects.filter(token=token, booked_by=None).first()
            kept = draft and keeps(draft, people=people, region=region, now=now)
            if not draft or not kept:
                draft = hold(
                    run=run,
                    token=token,
                    people=people,
                    region=region,
                    company=company,
                    language=form["language"],
                    now=now,
                )
            try:
                return _fill(draft.pk, form)
            except eligibility.NotEligible:
                if not kept:
                    # Nobody looks at a check screen that says how long these places are held.
                    let_go(booking=draft, now=now)
                raise
        return _apply(form)
    except (IntegrityError, TokenUsed, HoldEnded, eligibility.NotEligible, places.RunFull) as error:
        # The same form, or one of the people, was quicker in another process.
        if sent := _sent(form):
            return sent
        if not isinstance(error, IntegrityError):
            raise
        others = others_on(run, form["people"])
        if other := next((one for one in others if one.person and one.person.email in told), None):
            raise AlreadyEnrolled(other) from None
        if others:
            return send(**form)
        raise
    except OperationalError as error:
        # The database's time to wait ran out: many book for the same company, or on the same run.
        raise places.Busy from error


def _sent(form: Filled) -> Booking | None:
    """What this form's token was sent as, None while it was not. Raises TokenUsed when it is not the form's."""
    sent = Booking.objects.filter(token=form["token"]).select_related("booked_by").first()
    if sent is None or sent.booked_by is None:
        return None
    booker = User.objects.normalise(form["booker"].email)
    if (sent.run_id, sent.booked_by.email) != (form["run"].pk, booker):
        raise TokenUsed
    return sent


@transaction.atomic
def _fill(draft_id: int, form: Filled) -> Booking:
    run, now = form["run"], form["now"]
    draft = Booking.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft_id)
    if not draft.is_draft:
        return draft
    seats = places.locked(draft.enrollments.held().filter(hold_until__gt=now))
    if len(seats) != len(form["people"]) or not same_county(draft, form["municipality"].region):
        raise HoldEnded
    _sign(draft, form)
    _ask_again(draft, people=len(seats), size=form.get("size", ""), now=now)
    by = form.get("actor") or draft.booked_by
    hindered, left = _hindered(form), []
    for seat, named in zip(seats, form["people"], strict=True):
        seat.booking = draft
        if named and (why := hindered.get(User.objects.normalise(named.email))):
            left.append((seat, named.name, why))
        elif named:
            person = _person(named, form)
            places.name(enrollment=seat, person=person, named_as=named.name, actor=by, now=now)
    _lead(seats)
    until = now + HOLD_TIME if draft.price_ore else places.names_due(run, now=now)
    places.hold_longer(booking=draft, until=until, actor=by, now=now)
    settle_made(seats, actor=by, now=now)
    record("enrollment.send", draft, actor=by, data={"people": len(seats)})
    discretion.leave_open(left, booking=draft, now=now)
    mails.group_booked(draft, now=now)
    return draft


@transaction.atomic
def _apply(form: Filled) -> Booking:
    run, now = form["run"], form["now"]
    booking = Booking(token=form["token"], run=run, created_at=now, **terms_of(run))
    booking.language = form["language"]
    _sign(booking, form)
    _ask_again(booking, people=len(form["people"]), size=form.get("size", ""), now=now)
    hindered, typed = _hindered(form), form["people"]
    why = [hindered.get(User.objects.normalise(named.email)) if named else None for named in typed]
    people = [
        _person(named, form) if named and not against else None
        for named, against in zip(typed, why, strict=True)
    ]
    by = form.get("actor") or booking.booked_by
    seats = places.apply(booking=booking, people=people, actor=by, now=now)
    left = []
    for seat, named, against in zip(seats, typed, why, strict=True):
        if named and against:
            left.append((seat, named.name, against))
        elif named:
            call(seat, named)
    discretion.leave_open(left, booking=booking, now=now)
    Application.objects.create(booking=booking, motivation=form.get("motivation", "").strip())
    record("enrollment.send", booking, actor=by, data={"people": len(people)})
    mails.group_booked(booking, now=now)
    return booking


def _sign(booking: Booking, form: Filled) -> None:
    """Say who books, for which company, on which terms."""
    now = form["now"]
    booking.booked_by = _person(form["booker"], form)
    booking.booked_as = form["booker"].name
    booking.company = companies.known_or_new(
        number=form["number"],
        name=form["company_name"],
        country=form.get("country", "SE"),
        actor=booking.booked_by,
        now=now,
    )
    booking.company_name = booking.company.name
    booking.workplace = companies.workplace_in(
        company=booking.company, municipality=form["municipality"]
    )
    _declare_size(booking, booking.company, form, now=now)
    memberships.ask_to_book(company=booking.company, person=booking.booked_by, now=now)
    booking.region = form["municipality"].region
    booking.reference = form.get("reference", "").strip()
    booking.language = form["language"]
    booking.terms_accepted_at = now
    booking.save()


def _declare_size(booking: Booking, company: Company, form: Filled, *, now: datetime) -> None:
    """How large the company is, as the form says: for the company itself only by staff and by who acts for it,
    else for this booking alone. What was said of the company before stays."""
    size = form.get("size", "")
    if not size or company.size:
        return
    booking.size = size
    asker = form.get("asker")
    if form.get("actor") or (asker and memberships.acts_for(asker, company, today=localdate(now))):
        company.size, company.size_declared_at = size, now
        company.save(update_fields=["size", "size_declared_at"])
        settle_company(company=company, now=now)


def _ask_again(booking: Booking, *, people: int, size: str, now: datetime) -> None:
    """Another form of the same company may have been sent since this one was asked about, and only this one
    may say how large the company is."""
    eligibility.lock_company(run=booking.run, company_id=booking.company_id)
    eligibility.require_of(booking=booking, people=people, now=now)
    if size:
        candidate = Candidate(
            run=booking.run,
            people=people,
            region=booking.region,
            company=booking.company,
            booking=booking,
            for_company=True,
            size=size,
        )
        eligibility.require(candidate, now=now)


def _asker(form: Filled) -> User | None:
    return form.get("asker") or form.get("actor")


def _told(form: Filled) -> frozenset[str]:
    """Of the addresses in the form, those about which whoever sends it may be told."""
    return discretion.may_know(
        _asker(form), addresses_of(form["people"]), run=form["run"], now=form["now"]
    )


def _hindered(form: Filled) -> dict[str, discretion.Hindrance]:
    others = set(addresses_of(form["people"])) - _told(form)
    return discretion.hindered(form["run"], others, now=form["now"])


def _person(named: Named, form: Filled) -> User:
    return known_or_new(
        email=named.email,
        first_name=named.first_name,
        last_name=named.last_name,
        language=form["language"],
        now=form["now"],
    )


def _lead(seats: Sequence[Enrollment]) -> None:
    team, first = seats[0].team, next((s.person for s in seats if s.person_id), None)
    if team and first:
        team.lead = first
        team.save(update_fields=["lead"])


@transaction.atomic
def set_reference(*, booking: Booking, reference: str, actor: User | None, now: datetime) -> bool:
    """Store the booker's own reference. False when it was the same already."""
    reference = " ".join(reference.split())[:60]
    if (
        not Booking.objects.filter(pk=booking.pk)
        .exclude(reference=reference)
        .update(reference=reference)
    ):
        return False
    booking.reference = reference
    record("enrollment.reference", booking, actor=actor)
    return True


@transaction.atomic
def name_seat(*, enrollment: Enrollment, named: Named, actor: User, now: datetime) -> Enrollment:
    """Say who takes a seat that was booked without a name: the person is told, and confirmed when nothing
    else is missing. Raises AlreadyEnrolled, NotEligible, places.Overtaken when the seat has a name or has ended.
    """
    booking = enrollment.booking
    person = known_or_new(
        email=named.email,
        first_name=named.first_name,
        last_name=named.last_name,
        language=booking.language,
        now=now,
    )
    run = enrollment.run
    if other := Enrollment.objects.live().filter(run=run, person=person).first():
        raise AlreadyEnrolled(other)
    eligibility.require_person(run=run, person=person, now=now)
    places.name(enrollment=enrollment, person=person, named_as=named.name, actor=actor, now=now)
    enrollment.refresh_from_db(fields=["status", "hold_until"])
    if enrollment.status == Status.HELD:
        settle_made([enrollment], actor=actor, now=now)
    return enrollment
