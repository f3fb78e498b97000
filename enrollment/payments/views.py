"""The buyer's pages, and the provider's door."""

import logging
from datetime import datetime

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import guard, visible
from enrollment import access, places
from enrollment.access import booking_of
from enrollment.models import Booking
from enrollment.status import Status

from . import amounts, checkout, fulfil, provider, webhooks
from .models import Order, Payment, Receipt
from .status import PaymentStatus

logger = logging.getLogger("payments")

CHECK_AGAIN_SECONDS = 4
MOST_CHECKS = 15


@guard("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, public_id) -> HttpResponse:
    """What it costs and until when the place is held; the button leads to the provider's page. Staff, who
    see the booking too, are led to it instead."""
    booking, now = booking_of(request, public_id), timezone.now()
    if not _is_buyer(request, booking):
        return redirect("booking", public_id=booking.public_id)
    if request.method == "POST":
        try:
            return HttpResponseRedirect(checkout.start(booking=booking, now=now))
        except checkout.NothingToPay:
            return redirect("paid", public_id=booking.public_id)
        except checkout.CheckoutError as error:
            return _pay_page(request, booking, now=now, problem=error)
    if booking.price_ore == 0 or any(e.status == Status.APPLIED for e in booking.enrollments.all()):
        return redirect("booking", public_id=booking.public_id)
    order = Order.objects.filter(booking=booking).first()
    if order and (order.paid_at or _is_with_bank(order)):
        return redirect("paid", public_id=booking.public_id)
    return _pay_page(request, booking, now=now)


def _is_buyer(request: HttpRequest, booking: Booking) -> bool:
    """Who booked, who takes part, and the browser that the booking was made in."""
    if str(booking.public_id) in request.session.get(access.KEY, []):
        return True
    actor = request.user.pk
    return booking.booked_by_id == actor or booking.enrollments.filter(person=actor).exists()


def _is_with_bank(order: Order) -> bool:
    return order.payments.filter(status=PaymentStatus.PROCESSING).exists()


def _pay_page(
    request: HttpRequest,
    booking: Booking,
    *,
    now: datetime,
    problem: checkout.CheckoutError | None = None,
) -> HttpResponse:
    held = [e for e in booking.enrollments.all() if e.status == Status.HELD]
    open_page = Payment.objects.filter(order__booking=booking, status=PaymentStatus.OPEN).first()
    ends = [e.hold_until for e in held if e.hold_until]
    if ends and open_page:
        ends.append(open_page.expires_at)
    until = min(ends, default=None)
    quantity = max(places.places_for(booking.run, len(held)), 1)
    sum_ = amounts.line(
        unit_price_ore=booking.price_ore,
        quantity=quantity,
        vat_percent=booking.vat_percent,
    )
    away = isinstance(problem, checkout.Unavailable)
    context = {
        "booking": booking,
        "run": booking.run,
        "quantity": quantity,
        "sum": sum_,
        "until": until if until and until > now else None,
        "problem": problem,
    }
    response = render(request, "payments/pay.html", context, status=503 if away else 200)
    if away:
        response["Retry-After"] = "30"
    return response


@guard("public")
@never_cache
@require_safe
def paid(request: HttpRequest, public_id) -> HttpResponse:
    """How the payment stands. Asks the provider, so that the page is right before any message has come;
    as long as it is not known the page says so and comes back by itself. Staff are led to the booking."""
    booking, now = booking_of(request, public_id), timezone.now()
    if not _is_buyer(request, booking):
        return redirect("booking", public_id=booking.public_id)
    payment = _latest(booking)
    if payment is None:
        return redirect("pay", public_id=booking.public_id)
    if payment.status in PaymentStatus.UNSETTLED:
        try:
            fulfil.refresh(payment=payment, now=now)
        except (provider.ProviderError, OperationalError) as error:
            logger.warning("payment %s could not be asked about: %s", payment.pk, error)
    payment = _latest(booking) or payment
    state = _state(payment)
    if state in ("failed", "expired") and booking.enrollments.held().exists():
        return redirect("pay", public_id=booking.public_id)
    context = {
        "booking": booking,
        "run": booking.run,
        "payment": payment,
        "state": state,
        "receipt": Receipt.objects.filter(payment__order__booking=booking).first(),
    }
    response = render(request, "payments/paid.html", context)
    checks = _checks(request)
    if state == "checking" and checks < MOST_CHECKS:
        # The header instead of a meta element: the same reload without JavaScript, and it ends.
        response["Refresh"] = f"{CHECK_AGAIN_SECONDS}; url={request.path}?checks={checks + 1}"
    return response


def _latest(booking: Booking) -> Payment | None:
    """The payment that decides: the one that paid, else the newest."""
    payments = list(
        Payment.objects.filter(order__booking=booking).select_related("order").order_by("-attempt")
    )
    settled = [p for p in payments if p.status == PaymentStatus.PAID]
    return next(iter(settled or payments), None)


def _state(payment: Payment) -> str:
    """One of "paid", "review", "no_place", "bank", "failed", "expired" or "checking"."""
    if payment.status == PaymentStatus.PAID:
        if payment.order.paid_at:
            return "paid"
        return "no_place" if payment.problem == "no_place" else "review"
    return {"processing": "bank", "failed": "failed", "expired": "expired"}.get(
        payment.status, "checking"
    )


def _checks(request: HttpRequest) -> int:
    given = request.GET.get("checks", "")
    return (
        min(int(given), MOST_CHECKS)
        if given.isascii() and given.isdigit() and len(given) < 4
        else 0
    )


@guard("public")
@never_cache
@require_safe
def receipt(request: HttpRequest, public_id) -> HttpResponse:
    """A receipt to print, for its buyer and the seller's staff."""
    found = visible(request.user, Receipt).filter(public_id=public_id).first()
    if found is None:
        made_here = request.session.get(access.KEY, [])
        found = get_object_or_404(
            Receipt, public_id=public_id, payment__order__booking__public_id__in=made_here
        )
    return render(request, "payments/receipt.html", {"receipt": found, "content": found.content})


@guard("public")
@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """The provider's messages. 400: not from the provider; 503: say it again later."""
    signature = request.headers.get("Stripe-Signature", "")
    try:
        webhooks.receive(body=request.body, signature=signature, now=timezone.now())
    except webhooks.BadSignature as error:
        logger.warning("webhook refused: %s", error)
        return HttpResponse(status=400)
    except OperationalError as error:
        logger.warning("webhook put off: %s", error)
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(status=200)
