from django import template

from home.formats import money

from ..models import Payment, Receipt
from ..status import PaymentStatus

register = template.Library()


@register.filter
def kronor(ore: int) -> str:
    """An amount in öre with its unit, in the active language."""
    return money(int(ore))


@register.filter
def share(values: dict, key: str):
    """`{{ content.course|share:LANGUAGE_CODE }}`"""
    return values.get(key) or next(iter(values.values()), "")


@register.filter
def registration(number: str) -> str:
    """A Swedish registration number as it is written: `495601-6440`."""
    return f"{number[:6]}-{number[6:]}" if len(number) == 10 and number.isdigit() else number


@register.inclusion_tag("payments/line.html")
def payment_line(booking) -> dict:
    """How a booking's payment stands, in one line; nothing for a free one."""
    if booking.price_ore == 0:
        return {"booking": booking, "shown": False}
    payment = (
        Payment.objects.filter(order__booking=booking)
        .select_related("order")
        .order_by("-attempt")
        .first()
    )
    receipt = Receipt.objects.filter(payment__order__booking=booking).first()
    held = [e for e in booking.enrollments.all() if e.status == "held"]
    return {
        "booking": booking,
        "shown": True,
        "payment": payment,
        "receipt": receipt,
        "held": bool(held),
        "waiting": bool(payment and payment.status == PaymentStatus.PROCESSING),
        "problem": bool(payment and payment.problem),
        "until": min((e.hold_until for e in held), default=None),
    }
