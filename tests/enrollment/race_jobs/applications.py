"""Staff answer applications."""

from django.utils import timezone

from enrollment import applications, places
from enrollment.booking import BookingError
from enrollment.models import Application

from .patience import patient


@patient
def offer_again(*, application: int) -> str:
    """Places once more for an application whose offer came to nothing: offered, full or the refusal's name."""
    row = Application.objects.select_related("booking__run__course").get(pk=application)
    try:
        applications.offer_again(application=row, actor=row.booking.booked_by, now=timezone.now())
    except places.RunFull:
        return "full"
    except BookingError as error:
        return type(error).__name__
    return "offered"


@patient
def select(*, application: int) -> str:
    """offered, or the refusal's name."""
    row = Application.objects.select_related("booking__run__course").get(pk=application)
    try:
        applications.select(application=row, actor=row.booking.booked_by, now=timezone.now())
    except BookingError as error:
        return type(error).__name__
    return "offered"


def turn_down(*, application: int) -> str:
    """declined, or the refusal's name."""
    row = Application.objects.select_related("booking__run__course").get(pk=application)
    try:
        applications.decline(application=row, actor=row.booking.booked_by, now=timezone.now())
    except BookingError as error:
        return type(error).__name__
    return "declined"
