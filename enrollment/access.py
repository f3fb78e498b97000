"""Who may open a booking's pages: the people it belongs to, and the browser it was made in."""

from uuid import UUID

from django.http import Http404, HttpRequest

from accounts.policy import can, visible

from .company_rules import acted_for
from .models import Booking
from .scope import runs_of

KEY = "bookings"
KEPT = 20


def remember(request: HttpRequest, booking: Booking) -> None:
    """Let this browser open the booking's pages without signing in, for as long as its session lasts."""
    known = [value for value in request.session.get(KEY, []) if value != str(booking.public_id)]
    request.session[KEY] = [*known, str(booking.public_id)][-KEPT:]


def booking_of(request: HttpRequest, public_id: UUID) -> Booking:
    """The booking, for those who may see it and for the browser that made it. Raises Http404 for others,
    whether it exists or not."""
    rows = Booking.objects.all()
    if str(public_id) not in request.session.get(KEY, []):
        rows = visible(request.user, Booking)
    rows = rows.select_related("run__course", "run__host", "run__municipality__region", "booked_by")
    booking = rows.filter(public_id=public_id).first()
    if booking is None:
        raise Http404
    return booking


def asks_who(request: HttpRequest, public_id: UUID) -> bool:
    """Whether somebody must sign in before it can be said if the booking is theirs: a visitor with a browser
    that did not make it, say with the link of a mail. True for every id, whether it exists or not."""
    return not (request.user.is_authenticated or str(public_id) in request.session.get(KEY, []))


def may_handle(request: HttpRequest, booking: Booking) -> bool:
    """Whether the visitor may see all of a booking and change it: the browser that made it, its booker, staff who
    handle the places of the run, and whoever acts for the company. A participant whom a colleague has named may
    not, nor whose promoter only keeps places on the run."""
    if str(booking.public_id) in request.session.get(KEY, []):
        return True
    return has_proven(request.user, booking)


def has_proven(person, booking: Booking) -> bool:
    """As `may_handle`, for who has signed in as one of them. The browser that made a booking has proven nothing: any
    address may have been typed there, so it reads nothing of what becomes of the people named (`discretion`)."""
    if not person.is_authenticated:
        return False
    if booking.booked_by_id == person.pk:
        return True
    if can(person, "enrollment.handle") and runs_of(person).filter(pk=booking.run_id).exists():
        return True
    return (
        booking.company_id is not None
        and acted_for(person).filter(company=booking.company_id).exists()
    )


def booking_to_handle(request: HttpRequest, public_id: UUID) -> Booking:
    """As `booking_of`, for those alone who may change the booking. Raises Http404 for all others."""
    booking = booking_of(request, public_id)
    if not may_handle(request, booking):
        raise Http404
    return booking
