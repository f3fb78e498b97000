"""Places once more for a payment that came after its hold had run out."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from courses.models import Run

from . import places
from .booking import HOLD_TIME, AlreadyEnrolled, live_of, not_over, settle_made
from .models import Booking, Enrollment


@transaction.atomic
def revive(*, booking: Booking, now: datetime) -> list[Enrollment]:
    """Take places again for those of a booking whose hold ran out, on the runs where they had been by then: they
    may have moved since it was booked.

    The new enrolments are held, then settled. Raises Over for a run that is over or cancelled, AlreadyEnrolled, and
    from the door RunFull, NotOpen and Busy: nothing changed then.
    """
    lost: dict[Run, list[User | None]] = {}
    rows = booking.enrollments.lost_last().select_related("person", "run__course", "run__rules")
    for enrollment in rows.order_by("run", "pk"):
        lost.setdefault(enrollment.run, []).append(enrollment.person)
    return [again for run, people in lost.items() for again in _take(booking, run, people, now=now)]


def _take(
    booking: Booking, run: Run, people: Sequence[User | None], *, now: datetime
) -> list[Enrollment]:
    not_over(run, now=now)

    def attempt(place_ids: list[int]) -> list[Enrollment]:
        for person in people:
            if person and (enrolled := live_of(run, person.email)):
                raise AlreadyEnrolled(enrolled)
        enrollments = places.take(
            booking=booking,
            run=run,
            people=people,
            place_ids=place_ids,
            hold_until=now + HOLD_TIME,
            actor=None,
            now=now,
        )
        record("enrollment.revive", booking, data={"places": len(people)})
        settle_made(enrollments, actor=None, now=now)
        return enrollments

    return places.patiently(
        attempt,
        run=run,
        count=places.places_for(run, len(people)),
        region_id=booking.region_id,
        now=now,
    )
