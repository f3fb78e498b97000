"""The mails of this room: what each one is told, and when it is the same mail again."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from courses.models import Course
from messaging import outbox
from messaging.calendar import invitation
from messaging.models import OutgoingMail
from messaging.words import Said, composer

from . import calendar
from .models import Booking, Enrollment, WaitingEntry
from .models.rules import rules_of
from .places.timing import names_due
from .requirements import missing
from .status import Status

OFFER_SALT = "enrollment.offer"
WAITING_SALT = "enrollment.waiting"


def link(name: str, *args, language: str) -> str:
    """The full address of a page in `language`."""
    with override(language):
        return settings.SITE_URL + reverse(name, args=args)


def offer_token(entry: WaitingEntry) -> str:
    """What stands in the address of an entry's offer: signed, bound to this one offer."""
    return signing.dumps(entry.booking_id, salt=OFFER_SALT)


def booking_offer_token(booking: Booking) -> str:
    """As `offer_token`, for any booking whose places are offered."""
    return signing.dumps(booking.pk, salt=OFFER_SALT)


def waiting_token(entry: WaitingEntry) -> str:
    """What stands in the address of a place in line: whoever has the link sees it and may leave the line."""
    return signing.dumps(str(entry.public_id), salt=WAITING_SALT)


def about(run, language: str) -> dict:
    """What every mail about a run says of it, and the addresses it leads to."""
    return {
        "run": run,
        "course": run.course.name_in(language),
        "host": run.host,
        "my_url": link("my", language=language),
        "run_url": link("run", run.code, language=language),
        "language": language,
    }


def place_confirmed(enrollment: Enrollment, *, now: datetime) -> None:
    """Tell the participant that the place is theirs, with the calendar invitation."""
    outbox.promise(
        kind="place_confirmed",
        dedupe_key=f"place_confirmed:{enrollment.pk}",
        to=enrollment.person,
        facts={"enrollment": enrollment.pk, "sequence": enrollment.calendar_sequence},
        now=now,
        language=language_of(enrollment),
    )


@composer("place_confirmed")
def _place_confirmed(mail: OutgoingMail) -> Said:
    """The meetings as they stand when the mail leaves. The sequence is that of the confirmation: a diary
    that has heard of a later cancellation already must not take the meetings back."""
    rows = Enrollment.objects.select_related(
        "booking__booked_by", "person", "run__course", "run__host"
    )
    enrollment = rows.get(pk=mail.facts["enrollment"])
    enrollment.calendar_sequence = mail.facts["sequence"]
    meetings = calendar.meetings(enrollment, language=mail.language)
    return Said(
        context={
            **about(enrollment.run, mail.language),
            "meetings": meetings,
            "first": meetings[0] if meetings else None,
            "enrollment": enrollment,
            "booking": enrollment.booking,
            "by": _colleague(enrollment),
        },
        **invitation_for(meetings, "REQUEST", mail.recipient, mail.created_at),
    )


def _colleague(enrollment: Enrollment) -> str | None:
    """Who booked for the participant; None for those who booked themselves."""
    booking = enrollment.booking
    others = booking.booked_by_id and booking.booked_by_id != enrollment.person_id
    return booking.booker_name if others else None


def group_booked(booking: Booking, *, now: datetime) -> None:
    """Tell the booker what is booked for whom, and where names, changes and the reference are added. Who has
    booked for nobody else and has a place gets the confirmation of the place alone."""
    booker = booking.booked_by
    if booker is None:
        return
    seats = list(booking.enrollments.live().select_related("person").order_by("pk"))
    applied = any(seat.status == Status.APPLIED for seat in seats)
    if {seat.person_id for seat in seats} == {booker.pk} and not applied:
        return
    run, language = booking.run, booking.language
    unnamed = sum(not seat.name_to_booker for seat in seats)
    outbox.put(
        kind="group_booked",
        dedupe_key=f"group_booked:{booking.pk}",
        to=booker,
        context={
            **about(run, language),
            "person": booker,
            "booking": booking,
            "named": [seat.name_to_booker for seat in seats if seat.name_to_booker],
            "unnamed": unnamed,
            "names_due": names_due(run, now=now) if unnamed else None,
            "applied": applied,
            "pay_until": seats[0].hold_until if booking.price_ore and not applied else None,
            "booking_url": booking_address(booking, language=language),
            "names_url": link("name_people", booking.public_id, language=language),
        },
        now=now,
        language=language,
    )


@transaction.atomic
def names_missing(booking: Booking, *, unnamed: int, due: datetime, now: datetime) -> None:
    """Remind the booker that `unnamed` seats have no name and are given up at `due`. One mail a day."""
    outbox.put(
        kind="names_missing",
        dedupe_key=f"names_missing:{booking.pk}:{localdate(now)}",
        to=booking.booked_by,
        context={
            **about(booking.run, booking.language),
            "person": booking.booked_by,
            "unnamed": unnamed,
            "due": due,
            "names_url": link("name_people", booking.public_id, language=booking.language),
        },
        now=now,
        language=booking.language,
    )


def place_cancelled(enrollment: Enrollment, *, refund_ore: int = 0, now: datetime) -> None:
    """Tell the participant that the place is given back, and take the meetings out of the diary. What it costs
    and what goes back (`refund_ore`, with VAT) is for the one who booked."""
    person, language = enrollment.person, language_of(enrollment)
    if person is None:
        return
    meetings = calendar.meetings(enrollment, language=language) if enrollment.confirmed_at else []
    outbox.put(
        kind="place_cancelled",
        dedupe_key=f"place_cancelled:{enrollment.pk}",
        to=person,
        context={
            **about(enrollment.run, language),
            "person": person,
            "enrollment": enrollment,
            "in_diary": bool(meetings),
            "pays": enrollment.booking.booked_by_id == person.pk,
            "fee_ore": enrollment.fee_ore,
            "refund_ore": refund_ore,
        },
        now=now,
        language=language,
        **invitation_for(meetings, "CANCEL", person, now),
    )


def place_expired(enrollment: Enrollment, *, offered: bool, now: datetime) -> None:
    """Tell the booker that a hold (or an offer) ended without an answer: not paid, not named, not accepted.
    One mail for all of a booking's places that end at once."""
    booking, language = enrollment.booking, enrollment.booking.language
    unnamed = not offered and missing(enrollment).keys() == {"name"}
    outbox.put(
        kind="place_expired",
        dedupe_key=f"place_expired:{booking.pk}:{now.isoformat()}",
        to=booking.booked_by,
        context={
            **about(enrollment.run, language),
            "person": booking.booked_by,
            "offered": offered,
            "unnamed": unnamed,
        },
        now=now,
        language=language,
    )


@transaction.atomic
def booking_again(enrollment: Enrollment, *, now: datetime) -> None:
    """Tell a person that somebody filled in the form for them again. At most one mail a day."""
    language = language_of(enrollment)
    outbox.put(
        kind="booking_again",
        dedupe_key=f"booking_again:{enrollment.pk}:{now.date()}",
        to=enrollment.person,
        context={
            **about(enrollment.run, language),
            "person": enrollment.person,
            "enrollment": enrollment,
        },
        now=now,
        language=language,
    )


def waiting_joined(entry: WaitingEntry, *, turn, now: datetime) -> None:
    """Confirm the place in line (`turn`, see `places.Turn`); again when the numbers have changed."""
    key = f"waiting_joined:{entry.pk}:{entry.wanted}:{entry.at_least}"
    _waiting(entry, key, turn=turn, now=now)


@transaction.atomic
def waiting_again(entry: WaitingEntry, *, turn, now: datetime) -> None:
    """Tell a person where they stand after somebody filled in the form for them again. One mail a day."""
    _waiting(entry, f"waiting_again:{entry.pk}:{now.date()}", turn=turn, now=now)


def _waiting(entry: WaitingEntry, key: str, *, turn, now: datetime) -> None:
    outbox.put(
        kind="waiting_joined",
        dedupe_key=key,
        to=entry.person,
        context={
            **about(entry.run, entry.language),
            "person": entry.person,
            "entry": entry,
            "turn": turn,
            "rules": rules_of(entry.run),
            "place_url": link("waiting", waiting_token(entry), language=entry.language),
        },
        now=now,
        language=entry.language,
    )


def waiting_offer(entry: WaitingEntry, *, people: int, until: datetime, now: datetime) -> None:
    """Offer places to somebody who waits: one page with a button for every answer, and until when."""
    _offered("waiting_offer", entry.booking, entry=entry, people=people, until=until, now=now)


def application_offer(booking: Booking, *, until: datetime, now: datetime) -> None:
    """Offer the places to an application that was selected."""
    people = booking.enrollments.filter(status=Status.OFFERED).count()
    _offered("application_offer", booking, entry=None, people=people, until=until, now=now)


def offer_reminder(
    booking: Booking, *, entry: WaitingEntry | None, people: int, until: datetime, now: datetime
) -> None:
    """Remind of an offer that has not been answered."""
    _offered("offer_reminder", booking, entry=entry, people=people, until=until, now=now)


def _offered(
    kind: str, booking: Booking, *, entry: WaitingEntry | None, people: int, until, now: datetime
) -> None:
    person, language = booking.booked_by, booking.language
    if person is None:
        return
    address = link("offer", booking_offer_token(booking), language=language)
    is_team = booking.run.course.unit == Course.Unit.TEAM
    outbox.put(
        kind=kind,
        dedupe_key=f"{kind}:{booking.pk}:{until:%Y%m%d%H%M}",
        to=person,
        context={
            **about(booking.run, language),
            "person": person,
            "people": people,
            "is_team": is_team,
            "fewest": entry.at_least if entry and not is_team else people,
            "until": until,
            "offer_url": address,
            "decline_url": f"{address}#decline",
        },
        now=now,
        language=language,
    )


def language_of(enrollment: Enrollment) -> str:
    """The participant's language; the booking's while nobody is named."""
    return enrollment.person.language if enrollment.person else enrollment.booking.language


def invitation_for(meetings: list, method: str, person, now: datetime) -> dict[str, str]:
    """The calendar part of a mail to the person, as `outbox.put` takes it; empty without meetings."""
    if not meetings:
        return {}
    text = invitation(
        meetings,
        method=method,
        attendee_name=person.get_full_name(),
        attendee_email=person.email,
        now=now,
    )
    return {"calendar": text, "calendar_method": method}


def booking_address(booking: Booking, *, language: str) -> str:
    return link("booking", booking.public_id, language=language)
