"""Somebody named by a colleague is told what is stored, and confirms it by a link (GDPR art. 14)."""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.utils.functional import Promise

from accounts.audit import record
from accounts.models import User
from accounts.registries import personal_data

from . import booking as bookings
from . import change_mails, mails, needs, places
from .details import change_details
from .mails import link
from .models import Enrollment
from .status import Reason, Status

SALT = "enrollment.own_data"


class LinkEnded(Exception):
    """The link was not made here, or its purpose has ended: place given up or handed over, course over."""


class SaidNo(LinkEnded):
    """The person has said no by this very link: `enrollment`."""

    def __init__(self, enrollment: Enrollment):
        super().__init__(enrollment.pk)
        self.enrollment = enrollment


def token_of(enrollment: Enrollment) -> str:
    """What stands in the address: signed, bound to this enrolment and to the person it names. Raises ValueError
    while it names nobody."""
    who = [str(enrollment.public_id), str(_person_of(enrollment).public_id)]
    return signing.dumps(who, salt=SALT, compress=True)


def _person_of(enrollment: Enrollment) -> User:
    if enrollment.person is None:
        raise ValueError(f"{enrollment} names nobody")
    return enrollment.person


def own_data_url(enrollment: Enrollment, language: str) -> str:
    """The full address of the person's page about this enrolment; for mails to that person only."""
    return link("own_data", token_of(enrollment), language=language)


def by_token(token: str, *, now: datetime) -> Enrollment:
    """The enrolment that a link is about, after a move the one it became. Raises LinkEnded: forged, for an enrolment that has ended, for
    somebody who has handed the place over or has said no (SaidNo), or once the run's last meeting has ended."""
    try:
        enrollment_id, person_id = signing.loads(token, salt=SALT)
        rows = Enrollment.objects.filter(person__public_id=person_id).select_related(
            "person", "booking__booked_by", "booking__company", "run__course", "run__host"
        )
        enrollment = rows.get(public_id=enrollment_id)
        while enrollment.reason == Reason.MOVED:
            enrollment = rows.get(instead_of=enrollment)
    except (signing.BadSignature, TypeError, ValueError, Enrollment.DoesNotExist):
        raise LinkEnded from None
    if enrollment.reason == Reason.SAID_NO:
        raise SaidNo(enrollment)
    if enrollment.status not in Status.LIVE:
        raise LinkEnded
    last = places.last_meeting_end(enrollment.run)
    if last is not None and last <= now:
        raise LinkEnded
    return enrollment


@dataclass(frozen=True)
class Notice:
    """What art. 14 asks to tell: `by` named the person; `stored` are (what for, until when); `url` leads to
    the person's own page."""

    by: str
    company: str
    stored: list[tuple[str | Promise, str | Promise]]
    url: str


def notice(enrollment: Enrollment, *, language: str) -> Notice | None:
    """The notice for somebody whom another person has booked; None for those who booked themselves."""
    by = enrollment.booking.booked_by
    if enrollment.person is None or by is None or by.pk == enrollment.person_id:
        return None
    about = [personal_data[model] for model in (Enrollment, User)]
    return Notice(
        by=enrollment.booking.booker_name,
        company=enrollment.booking.company_name,
        stored=[(each.purpose, each.until) for each in about],
        url=own_data_url(enrollment, language),
    )


@transaction.atomic
def confirm(
    *,
    enrollment: Enrollment,
    details: dict[str, str],
    diet: list[str],
    access: list[str],
    consent: bool,
    now: datetime,
) -> None:
    """The person corrects their own data, says what they need, and confirms. Confirming again keeps the
    newest time. Audited by field name. Raises needs.NeedsError: then nothing is stored."""
    person = _person_of(enrollment)
    change_details(person=person, changes=details)
    needs.give(
        enrollment=enrollment, diet=diet, access=access, consent=consent, actor=person, now=now
    )
    first = enrollment.data_confirmed_at is None
    enrollment.data_confirmed_at = now
    enrollment.save(update_fields=["data_confirmed_at"])
    if first:
        record("enrollment.confirm_data", enrollment, actor=person)


@transaction.atomic
def follow(*, old: Enrollment, new: Enrollment, now: datetime) -> None:
    """After a move to another run: what the person has confirmed and needs goes along."""
    if new.person_id is None or new.person_id != old.person_id:
        return
    if old.data_confirmed_at:
        new.data_confirmed_at = old.data_confirmed_at
        new.save(update_fields=["data_confirmed_at"])
    needs.follow(old=old, new=new, now=now)


@transaction.atomic
def decline(*, enrollment: Enrollment, now: datetime) -> bool:
    """The person named does not want to take part, or is not the one meant. The seat stays the booking's: it has
    no name until names are due, so that somebody else's no costs the booker nothing, and one mail says by when
    whom to name. The person's own mail confirms it and takes the meetings out of the diary.

    Of what people booked for themselves, the place is given up, by the terms. False when it had ended before.
    """
    person = _person_of(enrollment)
    enrollment.refresh_from_db(fields=["status", "person"])
    if enrollment.status not in Status.LIVE or enrollment.person_id != person.pk:
        return False
    if enrollment.booking.booked_by_id == person.pk:
        return bookings.cancel(
            enrollment=enrollment, reason=Reason.BY_PERSON, actor=person, now=now
        )
    due = places.names_due(enrollment.run, now=now)
    try:
        seat = places.vacate(enrollment=enrollment, names_due=due, actor=person, now=now)
    except places.StatusError:
        return False
    if enrollment.team and enrollment.team.lead_id == person.pk:
        staying = enrollment.team.members.live().exclude(person=None).order_by("pk").first()
        enrollment.team.lead = staying.person if staying else None
        enrollment.team.save(update_fields=["lead"])
    mails.place_cancelled(enrollment, now=now)
    change_mails.booking_changed(
        seat, what="declined", before=enrollment, actor=person, until=due, now=now
    )
    return True
