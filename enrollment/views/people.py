"""After a company has booked: names that follow, and the reference."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policy import guard

from .. import group_booking, naming, places
from ..access import asks_who, booking_to_handle, has_proven
from ..forms.check import ReferenceForm
from ..forms.naming import NamesForm
from ..models import Booking
from . import book as sign_up


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def name_people(request: HttpRequest, public_id) -> HttpResponse:
    """Name the seats that were booked without a name, one or many at once."""
    if asks_who(request, public_id):
        return redirect_to_login(request.get_full_path())
    booking, now = booking_to_handle(request, public_id), timezone.now()
    seats = list(_open_seats(request, booking).order_by("pk"))
    if request.method != "POST" or not seats:
        form = NamesForm(seats=seats) if seats else None
        return _page(request, booking, form, now)
    if refused := sign_up.too_many(request):
        return refused
    form = NamesForm(request.POST, seats=seats)
    if not form.is_valid():
        return _page(request, booking, form, now)
    by = request.user if request.user.is_authenticated else booking.booked_by
    try:
        asker = request.user if request.user.is_authenticated else None
        naming.name_seats(booking=booking, named=form.named, actor=by, asker=asker, now=now)
    except naming.SeatsRefused as error:
        for pk, words in error.refused.items():
            form.add_error(f"email_{pk}", words)
        return _page(request, booking, form, now, status=409)
    return redirect("booking", public_id=booking.public_id)


def _open_seats(request: HttpRequest, booking: Booking):
    """The seats to name. That somebody who was named cannot come is told by mail and here to those alone who have
    signed in: the browser that typed the name does not see it."""
    seats = booking.enrollments.unnamed()
    return seats if has_proven(request.user, booking) else seats.filter(named_as="")


def _page(request, booking: Booking, form, now, *, status: int = 200) -> HttpResponse:
    seats = booking.enrollments.live().select_related("person").order_by("pk")
    typed = [seat for seat in seats if seat.name_to_booker]
    proven = has_proven(request.user, booking)
    context = {
        "booking": booking,
        "run": booking.run,
        "form": form,
        "named": [seat for seat in typed if seat.person_id or not proven],
        "refused": ", ".join(s.named_as for s in typed if proven and not s.person_id),
        "names_due": places.names_due(booking.run, now=now),
        "failed": form.errors if form else {},
    }
    return render(request, "enrollment/name_people.html", context, status=status)


@require_POST
@guard("public")
def reference(request: HttpRequest, public_id) -> HttpResponse:
    """Store the booker's reference."""
    booking = booking_to_handle(request, public_id)
    form = ReferenceForm(request.POST)
    if form.is_valid():
        by = request.user if request.user.is_authenticated else booking.booked_by
        group_booking.set_reference(
            booking=booking,
            reference=form.cleaned_data["reference"],
            actor=by,
            now=timezone.now(),
        )
    return redirect("booking", public_id=booking.public_id)
