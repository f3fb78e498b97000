"""Fulfilment: what the provider says about a payment page becomes what we hold and what people are told.

The state is always asked for anew, never taken from a message, so that order and number of messages do not
matter. Everything that follows from a state is one transaction; locks are taken in the order run, booking,
payment.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.audit import record
from courses.models import Run
from enrollment import booking as bookings
from enrollment import places, reviving
from enrollment.mails import place_expired
from enrollment.models import Booking, Place
from enrollment.status import Reason

from . import mails, provider, receipts, refunds
from .models import Payment, WebhookEvent
from .status import TRANSITIONS, PaymentStatus, Problem

logger = logging.getLogger("payments")

# Banks answer within days; the place is held meanwhile, and the reconciler asks again.
BANK_TIME = timedelta(days=14)

STATUS_OF = {
    "open": PaymentStatus.OPEN,
    "processing": PaymentStatus.PROCESSING,
    "paid": PaymentStatus.PAID,
    "failed": PaymentStatus.FAILED,
    "expired": PaymentStatus.EXPIRED,
}


def refresh(*, payment: Payment, now: datetime) -> Payment:
    """Ask the provider how a payment stands and carry that out; the payment as it is afterwards.

    Safe to call at any time, any number of times, in parallel. Raises provider.ProviderError; call outside
    of transactions.
    """
    if payment.provider_ref:
        session = provider.read_session(payment.provider_ref)
        apply(payment_id=payment.pk, session=session, now=now)
        payment.refresh_from_db()
    return payment


@transaction.atomic
def apply(
    *,
    payment_id: int,
    session: provider.Session,
    now: datetime,
    event: WebhookEvent | None = None,
) -> bool:
    """Carry out a state of the provider, and mark `event` as processed with it. False when it was known.

    Paid: order paid, places confirmed, receipt, mails. Paid too late: places again if there are any, else
    the money goes back. Another sum than ordered: nothing is confirmed, staff is told. Expired or failed:
    the places pass on.
    """
    payment = _locked(payment_id)
    if event:
        WebhookEvent.objects.filter(pk=event.pk).update(processed_at=now, error="")
    if payment.provider_ref not in (None, session.ref) or session.reference not in (
        "",
        str(payment.public_id),
    ):
        logger.error("session %s is not of payment %s", session.ref, payment.pk)
        return False
    to = STATUS_OF[session.state]
    if not _move(payment, to, session=session, now=now):
        return False
    match to:
        case PaymentStatus.PAID:
            _paid(payment, session, now=now)
        case PaymentStatus.PROCESSING:
            places.hold_longer(booking=payment.order.booking, until=now + BANK_TIME, now=now)
        case PaymentStatus.FAILED:
            _release(payment, Reason.PAYMENT_FAILED, now=now)
        case PaymentStatus.EXPIRED:
            _release(payment, Reason.EXPIRED, now=now)
    return True


@transaction.atomic
def give_up(*, payment_id: int, why: str, now: datetime) -> None:
    """Close an attempt whose page was never shown to anybody. The places stay held; a new attempt may begin."""
    payment = _locked(payment_id)
    if payment.status != PaymentStatus.CREATED:
        return
    logger.warning("payment %s was not opened: %s", payment.pk, why)
    _write(payment, PaymentStatus.FAILED, now=now, request={}, settled_at=now)


@transaction.atomic
def forget(*, payment_id: int, now: datetime) -> None:
    """The provider knows no such page (another account, or a stand-in that began anew): it has expired."""
    payment = _locked(payment_id)
    if payment.status not in PaymentStatus.UNSETTLED:
        return
    logger.error("the provider does not know the page of payment %s", payment.pk)
    _write(payment, PaymentStatus.EXPIRED, now=now, settled_at=now)
    _release(payment, Reason.EXPIRED, now=now)


def _locked(payment_id: int) -> Payment:
    """The payment with its run, booking and itself locked, in this order."""
    ids = Payment.objects.values_list("order__booking__run_id", "order__booking_id")
    run_id, booking_id = ids.get(pk=payment_id)
    Run.objects.select_for_update(no_key=True).get(pk=run_id)
    Booking.objects.select_for_update(no_key=True).get(pk=booking_id)
    return (
        Payment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("order__booking__booked_by", "order__booking__run__course", "order__seller")
        .get(pk=payment_id)
    )


def _move(payment: Payment, to: str, *, session: provider.Session, now: datetime) -> bool:
    """Change the status by the table. False when it is so already or the table does not lead there."""
    if payment.status == to or to not in TRANSITIONS[payment.status]:
        return False
    changes = {
        "provider_ref": session.ref,
        "intent_ref": session.intent,
        "url": session.url,
        "expires_at": session.expires_at,
        "request": {},
    }
    if to == PaymentStatus.PAID:
        changes["received_ore"] = session.amount
        changes["received_currency"] = session.currency
    if to not in PaymentStatus.UNSETTLED:
        changes["settled_at"] = now
    _write(payment, to, now=now, **changes)
    return True


def _write(payment: Payment, to: str, *, now: datetime, **changes) -> None:
    data = {"from": str(payment.status), "to": str(to)}
    for field, value in {"status": to, **changes}.items():
        setattr(payment, field, value)
    payment.save(update_fields=["status", *changes])
    record("payments.move", payment, data=data)


def _paid(payment: Payment, session: provider.Session, *, now: datetime) -> None:
    order = payment.order
    if (session.amount, session.currency) != (payment.amount_ore, order.currency):
        _flag(payment, Problem.AMOUNT)
    elif order.paid_at:
        _flag(payment, Problem.TWICE)
        refunds.request(payment=payment, now=now)
    elif 0 < _places_of(order.booking) < order.quantity:
        _flag(payment, Problem.AMOUNT)
    elif _places_for(payment, now=now):
        order.paid_at = now
        order.save(update_fields=["paid_at"])
        record("payments.paid", order, data={"payment": payment.pk})
        receipt = receipts.issue(payment=payment, now=now)
        bookings.settle(booking=order.booking, now=now)
        mails.receipt(receipt, now=now)
    else:
        _flag(payment, Problem.NO_PLACE)
        refunds.request(payment=payment, now=now)
        mails.payment_too_late(payment, now=now)


def _places_of(booking: Booking) -> int:
    return Place.objects.of_booking(booking.pk).count()


def _places_for(payment: Payment, *, now: datetime) -> bool:
    """Whether as many places as were ordered are the booking's, taken again when the hold was lost."""
    booking, wanted = payment.order.booking, payment.order.quantity
    if _places_of(booking) == wanted:
        return True
    lost = booking.enrollments.lost_last()
    if places.places_for(booking.run, lost.count()) != wanted:
        return False
    try:
        with transaction.atomic():
            reviving.revive(booking=booking, now=now)
    except (places.PlacesError, bookings.BookingError, IntegrityError):
        return False
    return True


def _flag(payment: Payment, problem: Problem) -> None:
    payment.problem = problem
    payment.save(update_fields=["problem"])
    record("payments.problem", payment, data={"problem": str(problem)})
    logger.error("payment %s: %s", payment.pk, problem)


def _release(payment: Payment, reason: Reason, *, now: datetime) -> None:
    """Let the held places go, unless another attempt may still pay for them."""
    order = payment.order
    if order.paid_at or order.payments.unsettled().exclude(pk=payment.pk).exists():
        return
    held = order.booking.enrollments.held().select_related("person", "booking", "run__course")
    for enrollment in held.select_related("booking__booked_by"):
        if not places.release(enrollment=enrollment, reason=reason, now=now):
            continue
        if reason == Reason.EXPIRED:
            place_expired(enrollment, offered=False, now=now)
        else:
            mails.payment_failed(payment, now=now)
