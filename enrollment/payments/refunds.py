"""Refunds: asked for in the transaction that finds the reason, sent afterwards, once."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.audit import record

from . import provider
from .models import Payment, Refund
from .status import RefundStatus

logger = logging.getLogger("payments")

STATUS_OF = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


@transaction.atomic
def request(*, payment: Payment, now: datetime) -> Refund:
    """Write down that all that was received goes back, and queue the sending. Asking twice is once."""
    from .tasks import send_refund

    refund, made = Refund.objects.get_or_create(
        idempotency_key=f"refund:{payment.public_id}",
        defaults={"payment": payment, "amount_ore": payment.received_ore, "created_at": now},
    )
    if made:
        record("payments.refund", refund, data={"payment": payment.pk})
        send_refund.enqueue(refund_id=refund.pk)
    return refund


def send(*, refund: Refund, now: datetime) -> None:
    """Have the provider pay back, or ask how it goes. Nothing happens once that is settled.

    Raises provider.ProviderError when the provider is away: the reconciler tries again with the same key.
    """
    if refund.status in (RefundStatus.SUCCEEDED, RefundStatus.FAILED):
        return
    try:
        if refund.provider_ref:
            ref, status = refund.provider_ref, provider.read_refund(refund.provider_ref)
        else:
            ref, status = provider.refund(
                intent=refund.payment.intent_ref,
                amount=refund.amount_ore,
                key=refund.idempotency_key,
            )
    except (provider.Refused, provider.KeySpent) as error:
        logger.error("refund %s was refused: %s", refund.pk, error)
        _note(refund, RefundStatus.FAILED, now=now, error=str(error)[:300])
        return
    _note(refund, STATUS_OF.get(status, RefundStatus.SENT), now=now, provider_ref=ref)


@transaction.atomic
def _note(refund: Refund, to: RefundStatus, *, now: datetime, **changes) -> None:
    refund = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk)
    if refund.status in (to, RefundStatus.SUCCEEDED):
        return
    data = {"from": str(refund.status), "to": str(to)}
    if to in (RefundStatus.SUCCEEDED, RefundStatus.FAILED):
        changes["settled_at"] = now
    for field, value in {"status": to, **changes}.items():
        setattr(refund, field, value)
    refund.save(update_fields=["status", *changes])
    record("payments.refund_move", refund, data=data)
