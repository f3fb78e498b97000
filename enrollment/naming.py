"""Names that follow: who takes the seats that were booked without a name, and reminders until they are due."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.timezone import localtime
from django.utils.translation import gettext

from accounts.models import User
from courses.models import Run

from . import discretion, eligibility, mails, places
from .booking import AlreadyEnrolled, BookingError
from .group_booking import name_seat
from .models import Booking, Enrollment
from .named import Named, TwiceTheSame
from .requirements import MAY_FOLLOW, missing_of

# Days before the last day for names on which the booker is reminded; mails leave in the daytime.
REMINDERS = (7, 2, 0)
DAYTIME = range(8, 20)


class SeatsRefused(BookingError):
    """Some of the people cannot be named; nobody was. `refused` is {enrolment id: words for the reader}."""

    def __init__(self, refused: dict[int, str]):
        super().__init__(refused)
        self.refused = refused


@transaction.atomic
def name_seats(
    *,
    booking: Booking,
    named: dict[int, Named],
    actor: User,
    asker: User | None = None,
    now: datetime,
) -> list[Enrollment]:
    """Name several of a booking's seats at once, `{enrolment id: who}`, all or none; those that were named. `asker`
    is who has signed in and does it, None for a browser that has proven nothing.

    Raises SeatsRefused with every reason. Somebody who cannot take part is one only where the asker may know it; else
    the seat waits for another name, which the booker is told by mail (`discretion`).
    """
    told = discretion.may_know(
        asker, [one.email for one in named.values()], run=booking.run, now=now
    )
    seats = {
        seat.pk: seat
        for seat in booking.enrollments.unnamed()
        .filter(pk__in=named)
        .select_related("run__course", "run__host", "team", "booking__company", "booking__region")
    }
    strangers = {User.objects.normalise(one.email) for one in named.values()} - told
    hindered = discretion.hindered(booking.run, strangers, now=now)
    refused, done, left, seen = {}, [], [], set()
    for pk, one in named.items():
        address = User.objects.normalise(one.email)
        if address in seen:
            refused[pk] = str(TwiceTheSame.message)
            continue
        seen.add(address)
        if pk not in seats:
            refused[pk] = gettext("This place has a name already, or has ended")
            continue
        if why := hindered.get(address):
            left.append((seats[pk], one.name, why))
            continue
        try:
            with transaction.atomic():
                done.append(name_seat(enrollment=seats[pk], named=one, actor=actor, now=now))
        except (AlreadyEnrolled, IntegrityError):
            # Somebody was quicker in another process.
            if address in strangers:
                why = discretion.Hindrance(address, has_place=True)
                left.append((seats[pk], one.name, why))
                continue
            refused[pk] = gettext("This person already has a place on the course run")
        except places.Overtaken:
            refused[pk] = gettext("This place has a name already, or has ended")
        except eligibility.NotEligible as error:
            refused[pk] = " ".join(error.reasons)
    if refused:
        raise SeatsRefused(refused)
    discretion.leave_open(left, booking=booking, now=now)
    return done


def keep_until_due(*, now: datetime) -> int:
    """Keep seats that lack nothing but what may follow until names are due, also where the first meeting or the
    run's rules have changed since they were booked; how many were kept longer."""
    held = Enrollment.objects.held().filter(hold_until__gt=now).exclude(booking__booked_by=None)
    kept = 0
    for run in Run.objects.filter(pk__in=held.values("run")).select_related("rules").order_by("pk"):
        due = places.names_due(run, now=now)
        rows = held.filter(run=run, hold_until__lt=due)
        late = list(rows.select_related("run__rules", "booking__company", "person").order_by("pk"))
        lacking = missing_of(late)
        kept += sum(
            places.hold_longer(booking=booking, run=run, until=due, now=now)
            for booking in {s.booking for s in late if lacking[s.pk].keys() <= MAY_FOLLOW}
        )
    return kept


def remind(*, now: datetime) -> int:
    """Write to the bookers whose seats still lack a name, seven and two days before the last day and on it;
    how many mails. One mail per booking and day, however often this is called. Who booked on such a day has
    just read it and is not reminded of it."""
    local = localtime(now)
    if local.hour not in DAYTIME:
        return 0
    sent = 0
    waiting = Enrollment.objects.unnamed().order_by()
    runs = Run.objects.filter(pk__in=waiting.values("run")).select_related("rules").order_by("pk")
    for run in runs:
        due = places.names_due(run, now=now)
        if (localtime(due).date() - local.date()).days not in REMINDERS:
            continue
        bookings = (
            Booking.objects.filter(enrollments__in=waiting.filter(run=run))
            .annotate(unnamed=Count("enrollments"))
            .select_related("run__course", "run__host", "booked_by")
            .order_by("pk")
        )
        for booking in bookings:
            if localtime(booking.created_at).date() < local.date():
                mails.names_missing(booking, unnamed=booking.unnamed, due=due, now=now)
                sent += 1
    return sent
