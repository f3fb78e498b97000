"""One person books or gives back."""

import os
import signal
import time
import uuid

from django.db import connection
from django.utils import timezone

from accounts.models import User
from courses.models import Run
from enrollment import booking, places
from enrollment.models import Booking, Enrollment, Place
from enrollment.models.door import opened
from home.models import Region

from .patience import patient


@patient
def book(*, run: int, person: int, token: str = "", county: int | None = None) -> str:
    """What became of one attempt, by somebody who works in a county if one is told: booked (with the booking's
    id), full, closed or enrolled."""
    somebody = User.objects.get(pk=person)
    try:
        made = booking.book(
            run=Run.objects.get(pk=run),
            person=somebody,
            booked_by=somebody,
            token=uuid.UUID(token) if token else uuid.uuid4(),
            language="sv",
            terms_accepted=True,
            region=county and Region.objects.get(pk=county),
            now=timezone.now(),
        )
    except places.RunFull:
        return "full"
    except booking.NotOpen:
        return "closed"
    except booking.AlreadyEnrolled:
        return "enrolled"
    return f"booked {made.pk}"


@patient
def sign_up(*, run: int, email: str) -> str:
    """As `book`, by somebody known by address alone."""
    try:
        made = booking.sign_up(
            run=Run.objects.get(pk=run),
            email=email,
            first_name="Kim",
            last_name="Exempelsson",
            token=uuid.uuid4(),
            language="sv",
            terms_accepted=True,
            now=timezone.now(),
        )
    except booking.AlreadyEnrolled:
        return "enrolled"
    return f"booked {made.pk}"


def book_unprotected(*, run: int, person: int) -> str:
    """The same without the protection: count, think, write. It must oversell, else the race proves nothing."""
    found, now = Run.objects.get(pk=run), timezone.now()
    if not Place.objects.free().filter(run=found).exists():
        return "full"
    # Long enough for the slowest machine to let the others count, too.
    time.sleep(0.25)
    somebody = User.objects.get(pk=person)
    made = Booking.objects.create(
        token=uuid.uuid4(),
        run=found,
        booked_by=somebody,
        language="sv",
        price_ore=0,
        vat_percent=25,
        created_at=now,
    )
    with opened():
        enrollment = Enrollment.objects.create(
            booking=made, run=found, person=somebody, status="confirmed", created_at=now
        )
        place = Place.objects.filter(run=found).order_by("-enrollment", "number").first()
        Place.objects.filter(pk=place.pk).update(enrollment=enrollment)
    return f"booked {made.pk}"


def book_and_die(*, run: int, person: int, token: str, after: int) -> str:
    """Killed outright, as by the system that runs out of memory, `after` statements past the one that writes
    the enrolment. Later than its last statement it is never killed."""
    written = -1

    def count(execute, sql, params, many, context):
        nonlocal written
        result = execute(sql, params, many, context)
        if written >= 0 or sql.startswith('INSERT INTO "enrollment_enrollment"'):
            written += 1
        if written == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(count):
        return book(run=run, person=person, token=token)


def give_up(*, enrollment: int) -> str:
    row = Enrollment.objects.select_related("run__course", "run__host", "person", "booking").get(
        pk=enrollment
    )
    changed = booking.cancel(enrollment=row, reason="by_person", actor=None, now=timezone.now())
    return "cancelled" if changed else "again"
