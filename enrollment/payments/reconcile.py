"""Reconciliation: whatever was cut off, lost or never told is finished by asking the provider."""

import logging
from datetime import datetime, timedelta

from enrollment.status import Status

from . import checkout, fulfil, provider, refunds, webhooks
from .models import Payment, Refund, WebhookEvent
from .status import PaymentStatus, RefundStatus

logger = logging.getLogger("payments")

PATIENCE = timedelta(minutes=2)
MOST = 100


def run(*, now: datetime) -> int:
    """Ask about every payment, event and refund that should have been settled by `now`; how many failed.

    One that fails does not keep the others from being asked about. Call outside of transactions.
    """
    failed = 0
    for event in WebhookEvent.objects.filter(processed_at=None, received_at__lt=now - PATIENCE)[
        :MOST
    ]:
        failed += not _done(webhooks.process, event=event, now=now)
    for payment in _doubtful(now):
        failed += not _done(settle, payment=payment, now=now)
    unsent = Refund.objects.filter(status__in=(RefundStatus.REQUESTED, RefundStatus.SENT))
    for refund in unsent.filter(created_at__lt=now - PATIENCE).select_related("payment")[:MOST]:
        failed += not _done(refunds.send, refund=refund, now=now)
    return failed


def _done(step, **arguments) -> bool:
    try:
        step(**arguments)
    except (provider.ProviderError, checkout.CheckoutError) as error:
        logger.warning("%s: %s", step.__qualname__, error)
        return False
    return True


def _doubtful(now: datetime) -> list[Payment]:
    """Unsettled payments that are old enough to be asked about, the oldest first."""
    return list(
        Payment.objects.unsettled()
        .filter(created_at__lt=now - PATIENCE)
        .select_related("order__booking")
        .order_by("created_at")[:MOST]
    )


def settle(*, payment: Payment, now: datetime) -> None:
    """Finish one unsettled payment as far as it can be.

    A page whose making was cut off is made or found with its own key first. A page is closed at the provider
    before its place may be released: when its time is up by our clock, and when nobody holds a place for
    it any more. One that the provider does not know any more is over. Raises provider.ProviderError, checkout.CheckoutError.
    """
    try:
        _ask(payment, now)
    except provider.Refused as error:
        if error.code != "resource_missing" or payment.expires_at > now:
            raise
        fulfil.forget(payment_id=payment.pk, now=now)


def _ask(payment: Payment, now: datetime) -> None:
    if payment.status == PaymentStatus.CREATED:
        checkout.open_page(payment=payment, now=now)
        payment.refresh_from_db()
    over = payment.expires_at <= now or not _held(payment)
    if payment.provider_ref and payment.status == PaymentStatus.OPEN and over:
        session = provider.close_session(payment.provider_ref)
        fulfil.apply(payment_id=payment.pk, session=session, now=now)
    elif payment.provider_ref:
        fulfil.refresh(payment=payment, now=now)


def _held(payment: Payment) -> bool:
    return payment.order.booking.enrollments.filter(status=Status.HELD).exists()
