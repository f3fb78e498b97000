"""Mails that come out of what somebody else, who has proven nothing, typed about a person; and how many of them one
person gets in a day."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Count
from django.utils.timezone import localdate

from accounts.models import User
from courses.models import Run
from messaging import outbox
from messaging.models import OutgoingMail

from . import places
from .mails import about, booking_address, link
from .models import Booking

# Beyond so many in a day nobody who is a stranger to the person names them; see `discretion.hindered`.
MOST = 10
DAY = timedelta(days=1)
KINDS = (
    "place_confirmed",
    "place_cancelled",
    "substituted_out",
    "booking_again",
    "person_wanted",
    "waiting_joined",
)


def written_enough(addresses: Iterable[str], *, now: datetime) -> frozenset[str]:
    """Those of the stored addresses whose people have had so many such mails within a day. One query."""
    mails = OutgoingMail.objects.filter(
        recipient__email__in=list(addresses), kind__in=KINDS, created_at__gt=now - DAY
    )
    counted = mails.order_by().values("recipient__email").annotate(n=Count("pk"))
    return frozenset(counted.filter(n__gte=MOST).values_list("recipient__email", flat=True))


def names_not_taken(booking: Booking, *, names: list[str], now: datetime) -> None:
    """Tell the booker, at the booker's address alone, that some of the people cannot take the seats, and by when to
    name others. It does not say why: that is the people's own business."""
    booker, language = booking.booked_by, booking.language
    if booker is None:
        return
    outbox.put(
        kind="names_not_taken",
        dedupe_key=f"names_not_taken:{booking.pk}:{_short('|'.join(names))}:{localdate(now)}",
        to=booker,
        context={
            **about(booking.run, language),
            "names": names,
            "due": places.names_due(booking.run, now=now),
            "names_url": link("name_people", booking.public_id, language=language),
            "booking_url": booking_address(booking, language=language),
        },
        now=now,
        language=language,
    )


def person_wanted(email: str, *, booking: Booking, has_place: bool, now: datetime) -> None:
    """Tell somebody that a seat was booked for them which they cannot take; because they have a place already, or by
    the run's rules about who takes part. At most one mail a day and run."""
    person = User.objects.filter(email=email).first()
    language = person.language if person else booking.language
    outbox.put(
        kind="person_wanted",
        dedupe_key=f"person_wanted:{_short(email)}:{booking.run_id}:{localdate(now)}",
        to=person or email,
        context={
            **about(booking.run, language),
            "by": booking.booker_name,
            "company": booking.company_name,
            "has_place": has_place,
        },
        now=now,
        language=language,
    )


def may_not_book(
    email: str, *, run: Run, reasons: Iterable[str], language: str, now: datetime
) -> None:
    """Tell whoever has the address why the place that was asked for with it cannot be had; the screen does not.
    `reasons` are in `language`. At most one mail a day and run."""
    outbox.put(
        kind="may_not_book",
        dedupe_key=f"may_not_book:{_short(email)}:{run.pk}:{localdate(now)}",
        to=User.objects.filter(email=email).first() or email,
        context={**about(run, language), "reasons": list(reasons)},
        now=now,
        language=language,
    )


def _short(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:32]
