"""Places once more for a payment that came after its hold had run out."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.audit import record
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
    lost: dict[Run, list[Enrollment]] = {}
    rows = booking.enrollments.lost_last().select_related("person", "run__course", "run__rules")
    for enrollment in rows.order_by("run", "pk"):
        lost.setdefault(enrollment.run, []).append(enrollment)
    return [again for run, seats in lost.items() for again in _take(booking, run, seats, now=now)]


def _take(
    booking: Booking, run: Run, seats: Sequence[Enrollment], *, now: datetime
) -> list[Enrollment]:
    not_over(run, now=now)
    people = [seat.person for seat in seats]

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
        for again, lost in zip(enrollments, seats, strict=True):
            if lost.named_as:
                again.named_as = lost.named_as
                again.save(update_fields=["named_as"])
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
