"""An offer's page, opened by its signed link: one button for every answer, nothing to fill in."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import guard

from .. import mails, offers
from ..access import may_handle, remember
from ..booking import BookingError
from ..eligibility import NotEligible
from ..models import Booking
from ..places import first_meeting, is_per_team
from . import book as sign_up


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing and opens nothing, whoever follows links in mails; posting answers. Once places are
    taken the link only says so: the booking is for its people, and for the browser that took them."""
    booking, now = _booking_of(token), timezone.now()
    if request.method == "POST":
        return _answer(request, booking, now)
    shown = offers.look(booking, now=now)
    if shown.answer == offers.Answer.ACCEPTED and may_handle(request, booking):
        return redirect("booking", public_id=booking.public_id)
    return render(request, "enrollment/offer.html", _context(shown))


def _context(shown: offers.Offer, **more) -> dict:
    run = shown.booking.run
    facts = {"run": run, "is_team": is_per_team(run), "offer": shown, "entry": shown.entry}
    return {**facts, "first_at": first_meeting(run), **more}


def _answer(request: HttpRequest, booking: Booking, now) -> HttpResponse:
    answer = request.POST.get("answer", "")
    try:
        if answer == "decline":
            offers.decline(booking=booking, actor=booking.booked_by, now=now)
        elif answer == "accept" or answer.isdecimal():
            count = int(answer) if answer.isdecimal() and len(answer) < 4 else None
            if answer != "accept" and count is None:
                raise offers.NotOffered
            was_open = offers.look(booking, now=now).answer == offers.Answer.OPEN
            offers.accept(booking=booking, count=count, actor=booking.booked_by, now=now)
            if was_open:
                remember(request, booking)
            if may_handle(request, booking):
                return redirect(_onward(booking))
    except (BookingError, NotEligible) as error:
        shown = offers.look(booking, now=now)
        problems = error.reasons if isinstance(error, NotEligible) else [error.message]
        # That it has ended is said by the page itself.
        failed = not isinstance(error, offers.OfferEnded)
        context = _context(shown, problems=problems if failed else [], failed=failed)
        return render(request, "enrollment/offer.html", context, status=409)
    return render(request, "enrollment/offer.html", _context(offers.look(booking, now=now)))


def _onward(booking: Booking) -> str:
    """After taking places: to the payment while something is to be paid, to naming who comes, else done."""
    unnamed = booking.enrollments.unnamed().exists()
    if unnamed and not booking.price_ore:
        try:
            return reverse("name_people", args=[booking.public_id])
        except NoReverseMatch:
            pass
    return sign_up.next_address(booking)


def _booking_of(token: str) -> Booking:
    """Raises Http404 for a token that was not made here."""
    try:
        booking_id = signing.loads(token, salt=mails.OFFER_SALT)
    except signing.BadSignature:
        raise Http404 from None
    rows = Booking.objects.select_related(
        "run__course", "run__host", "run__rules", "run__municipality", "booked_by", "company"
    )
    booking = rows.filter(pk=booking_id).first()
    if booking is None:
        raise Http404
    return booking
