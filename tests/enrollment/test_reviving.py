"""Money that comes after its hold ran out: places are taken again where they were lost, or the money goes back."""

from datetime import timedelta

import pytest

from enrollment import booking, closing, moving, places, reviving
from enrollment.models import Booking, Enrollment
from tests.enrollment.change_factories import first_at
from tests.enrollment.factories import make_booking, make_open_run

pytestmark = pytest.mark.django_db


def test_places_are_taken_again_on_the_run_that_was_moved_to(now):
    first = make_open_run(now=now, price_ore=100_000)
    second = make_open_run(now=now, price_ore=100_000, course=first.course, host=first.host)
    made = make_booking(now=now, run=first)
    moving.move(enrollment=made.enrollments.get(), to_run=second, actor=made.booked_by, now=now)
    late = now + timedelta(hours=2)
    places.expire(run=second, now=late)
    (again,) = reviving.revive(booking=Booking.objects.get(pk=made.pk), now=late)
    assert again.run == second
    assert first.places.free().count() == 10


@pytest.mark.parametrize("cancelled", [True, False])
def test_nothing_is_taken_on_a_run_that_is_cancelled_or_over(now, cancelled):
    run = make_open_run(now=now, price_ore=100_000)
    made = make_booking(now=now, run=run)
    late = now + timedelta(hours=2)
    places.expire(run=run, now=late)
    if cancelled:
        closing.cancel_run(run=run, actor=None, now=late)
    else:
        first_at(run, now - timedelta(days=60))
    with pytest.raises(booking.Over):
        reviving.revive(booking=Booking.objects.get(pk=made.pk), now=late)
    assert not Enrollment.objects.live().exists()
