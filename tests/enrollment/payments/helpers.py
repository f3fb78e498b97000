"""Bookings with a price, and short names for what the tests look at."""

from enrollment.models import Booking, Enrollment
from enrollment.payments import checkout
from enrollment.payments.models import Payment
from enrollment.payments.provider import Session
from tests.enrollment.factories import make_booking, make_open_run


def make_paid_booking(*, now, price_ore: int = 499500, places_count: int = 2, **fields) -> Booking:
    """A booking of a run with a price: its place is held."""
    run = fields.pop("run", None) or make_open_run(
        now=now, places_count=places_count, price_ore=price_ore
    )
    return make_booking(now=now, run=run, **fields)


def make_payment(*, now, **fields) -> Payment:
    """A payment whose page is open at the stand-in."""
    booking = fields.pop("booking", None) or make_paid_booking(now=now, **fields)
    checkout.start(booking=booking, now=now)
    return Payment.objects.select_related("order__booking__run").get(order__booking=booking)


def newest(booking: Booking) -> Enrollment:
    return booking.enrollments.order_by("-pk").first()


def paid_session(payment: Payment) -> Session:
    """What the provider tells of a payment once all of it has come."""
    return Session(
        ref="cs_1",
        reference=str(payment.public_id),
        url="",
        state="paid",
        amount=payment.amount_ore,
        currency="SEK",
        intent="pi_1",
        expires_at=payment.expires_at,
    )
