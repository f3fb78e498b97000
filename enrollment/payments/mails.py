"""The mails of this room. What happens to a place is told by the enrolment's own mails."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from messaging import outbox

from .models import Payment, Receipt


def _link(name: str, *args, language: str) -> str:
    with override(language):
        return settings.SITE_URL + reverse(name, args=args)


def receipt(receipt: Receipt, *, now: datetime) -> None:
    """The receipt's number, sums and address, to who booked."""
    booking = receipt.payment.order.booking
    outbox.put(
        kind="receipt",
        dedupe_key=f"receipt:{receipt.pk}",
        to=booking.booked_by,
        language=booking.language,
        context={
            "receipt": receipt,
            "content": receipt.content,
            "course": booking.run.course.name_in(booking.language),
            "receipt_url": _link("receipt", receipt.public_id, language=booking.language),
        },
        now=now,
    )


def payment_failed(payment: Payment, *, now: datetime) -> None:
    """The bank said no after days; nothing was charged and the place is released."""
    _about_payment("payment_failed", payment, now=now)


def payment_too_late(payment: Payment, *, now: datetime) -> None:
    """An apology: the money came when the place was gone; it goes back."""
    _about_payment("payment_too_late", payment, now=now)


def _about_payment(kind: str, payment: Payment, *, now: datetime) -> None:
    booking = payment.order.booking
    outbox.put(
        kind=kind,
        dedupe_key=f"{kind}:{payment.pk}",
        to=booking.booked_by,
        language=booking.language,
        context={
            "payment": payment,
            "host": payment.order.seller,
            "course": booking.run.course.name_in(booking.language),
            "run_url": _link("run", booking.run.code, language=booking.language),
        },
        now=now,
    )
