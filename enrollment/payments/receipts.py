"""Receipts: numbered without gaps in the seller's own series, never changed afterwards."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from accounts.audit import record

from .models import Payment, Receipt, ReceiptSeries


@transaction.atomic
def issue(*, payment: Payment, now: datetime) -> Receipt:
    """The receipt of a payment; the first one again when it has been issued.

    The number comes from the locked row of the seller's series of the year (Swedish time). A simplified
    invoice by its content: seller with registration and VAT number, what, when, net, VAT per rate, total
    (mervärdesskattelagen 2023:200, 17 kap.).
    """
    issued = Receipt.objects.filter(payment=payment).first()
    if issued:
        return issued
    year = localtime(now).year
    ReceiptSeries.objects.get_or_create(seller=payment.order.seller, year=year)
    series = ReceiptSeries.objects.select_for_update().get(seller=payment.order.seller, year=year)
    issued = Receipt.objects.filter(payment=payment).first()
    if issued:
        return issued
    series.last_number += 1
    series.save(update_fields=["last_number"])
    receipt = Receipt.objects.create(
        series=series,
        number=series.last_number,
        payment=payment,
        buyer=payment.order.booking.booked_by,
        content=_content(payment, label=f"{year}-{series.last_number:06d}"),
        issued_at=now,
    )
    record("payments.receipt", receipt, data={"payment": payment.pk})
    return receipt


def _content(payment: Payment, *, label: str) -> dict:
    """Every word and figure of the receipt as of now; amounts in öre, dates ISO, course name per language."""
    order = payment.order
    booking, seller, run = order.booking, order.seller, order.booking.run
    held_on = (
        run.sessions.exclude(status="cancelled").order_by("starts_at").values_list("starts_at")
    )
    days = [localtime(starts_at).date().isoformat() for (starts_at,) in held_on]
    return {
        "label": label,
        "seller": {
            "name": seller.legal_name,
            "registration_number": seller.registration_number,
            "vat_number": seller.vat_number,
            "address": seller.address,
            "email": seller.email,
            "phone": seller.phone,
        },
        "buyer": {"name": booking.booked_by.get_full_name(), "company": booking.company_name},
        "run": run.code,
        "course": {"sv": run.course.name_sv, "en": run.course.name_en},
        "first_day": days[0] if days else "",
        "last_day": days[-1] if days else "",
        "lines": [
            {
                "quantity": order.quantity,
                "unit_price_ore": order.unit_price_ore,
                "vat_percent": order.vat_percent,
                "net_ore": order.net_ore,
            }
        ],
        "net_ore": order.net_ore,
        "vat_percent": order.vat_percent,
        "vat_ore": order.vat_ore,
        "total_ore": order.total_ore,
        "currency": order.currency,
        "reference": payment.intent_ref or payment.provider_ref,
    }
