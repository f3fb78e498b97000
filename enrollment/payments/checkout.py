"""Checkout: from a held booking to the provider's payment page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from courses.models import Run
from enrollment import places
from enrollment.models import Booking
from enrollment.status import Status

from . import amounts, fulfil, provider
from .models import Order, Payment
from .status import PaymentStatus

# The provider keeps a page open for 30 minutes at least, by its own clock.
PAGE_TIME = timedelta(minutes=31)
# A hold outlives its page, so that who pays in the last second has a place.
GRACE = timedelta(minutes=10)
MOST_ATTEMPTS = 6


class CheckoutError(Exception):
    """No payment page. `message` is for the reader."""

    message = _("The payment could not be started.")


class NothingToPay(CheckoutError):
    """Free, or paid already, or waiting for a bank: the booking's own page tells which."""

    message = _("There is nothing to pay.")


class HoldEnded(CheckoutError):
    message = _(
        "The time to pay ran out, and the place was released. Book again if places are left."
    )


class TooManyAttempts(CheckoutError):
    message = _("The payment has been started too many times. Please contact the organiser.")


class Unavailable(CheckoutError):
    """The provider did not answer in time. The place is still held; the same page may be asked for again."""

    message = _(
        "The payment service does not answer. Your place is still held. Try again in a moment."
    )


@dataclass(frozen=True)
class _Intent:
    payment: Payment
    ask: bool


def start(*, booking: Booking, now: datetime) -> str:
    """The address of the payment page for a booking's held places; the holds last as long as the page and
    ten minutes more.

    An open page is given again; a page whose making was cut off is made once, with the same key. Raises
    NothingToPay, HoldEnded, TooManyAttempts, Unavailable. Asks the provider between two transactions, for
    ten seconds at most.
    """
    intent = _intend(booking=booking, now=now)
    if not intent.ask:
        return intent.payment.url
    return open_page(payment=intent.payment, now=now)


@transaction.atomic
def _intend(*, booking: Booking, now: datetime) -> _Intent:
    """What is to be asked for, written down before the asking."""
    Run.objects.select_for_update(no_key=True).get(pk=booking.run_id)
    booking = (
        Booking.objects.select_for_update(no_key=True, of=("self",))
        .select_related("run__course", "run__host", "booked_by")
        .get(pk=booking.pk)
    )
    live = list(booking.enrollments.live())
    if booking.booked_by is None or booking.price_ore == 0:
        raise NothingToPay
    if Order.objects.filter(booking=booking, paid_at__lte=now).exists():
        raise NothingToPay
    unsettled = Payment.objects.filter(order__booking=booking).unsettled().first()
    if unsettled and unsettled.status == PaymentStatus.PROCESSING:
        raise NothingToPay
    held = [e for e in live if e.status == Status.HELD and e.hold_until > now]
    if not held:
        raise HoldEnded if not live or live[0].status == Status.HELD else NothingToPay
    if unsettled:
        places.hold_longer(booking=booking, until=unsettled.expires_at + GRACE, now=now)
        return _Intent(unsettled, ask=unsettled.status == PaymentStatus.CREATED)
    order = _order(booking, quantity=places.places_for(booking.run, len(held)), now=now)
    attempt = order.payments.count() + 1
    if attempt > MOST_ATTEMPTS:
        raise TooManyAttempts
    payment = Payment(
        order=order,
        attempt=attempt,
        idempotency_key=f"{order.public_id}:{attempt}:{order.total_ore}",
        amount_ore=order.total_ore,
        created_at=now,
        expires_at=now.replace(microsecond=0) + PAGE_TIME,
    )
    payment.request = _request(payment, booking, email=booking.booked_by.email)
    payment.save()
    places.hold_longer(booking=booking, until=payment.expires_at + GRACE, now=now)
    record("payments.begin", payment, actor=booking.booked_by, data={"order": order.pk})
    return _Intent(payment, ask=True)


def _order(booking: Booking, *, quantity: int, now: datetime) -> Order:
    sum_ = amounts.line(
        unit_price_ore=booking.price_ore, quantity=quantity, vat_percent=booking.vat_percent
    )
    terms = {
        "seller": booking.run.host,
        "quantity": quantity,
        "list_price_ore": booking.run.price_ore,
        "unit_price_ore": booking.price_ore,
        "vat_percent": booking.vat_percent,
        "net_ore": sum_.net,
        "vat_ore": sum_.vat,
        "total_ore": sum_.total,
    }
    order, _made = Order.objects.update_or_create(
        booking=booking, defaults=terms, create_defaults={**terms, "created_at": now}
    )
    return order


def _request(payment: Payment, booking: Booking, *, email: str) -> dict:
    """The provider's parameters, in the booker's language."""
    order, run, language = payment.order, booking.run, booking.language
    with override(language):
        back = settings.SITE_URL + reverse("paid", args=[booking.public_id])
        cancel = settings.SITE_URL + reverse("pay", args=[booking.public_id])
        title = f"{run.course.name_in(language)} ({run.code})"
        seller = gettext("%(seller)s, including VAT %(percent)s%%") % {
            "seller": run.host.legal_name,
            "percent": order.vat_percent,
        }
    reference = {"payment": str(payment.public_id)}
    return {
        "mode": "payment",
        "line_items": [
            {
                "price_data": {
                    "currency": order.currency.lower(),
                    "unit_amount": order.total_ore,
                    "product_data": {
                        "name": title if order.quantity == 1 else f"{title} × {order.quantity}",
                        "description": seller,
                    },
                },
                "quantity": 1,
            }
        ],
        "client_reference_id": str(payment.public_id),
        "metadata": reference,
        "payment_intent_data": {"metadata": reference},
        "customer_email": email,
        "locale": language,
        "expires_at": int(payment.expires_at.timestamp()),
        "success_url": f"{back}?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": cancel,
    }


def open_page(*, payment: Payment, now: datetime) -> str:
    """Ask for the page of a payment that has been written down, and note the answer.

    Also the way in which a crash in between is finished. Raises Unavailable, HoldEnded; what can never
    succeed is closed, so that the next attempt has a key of its own.
    """
    try:
        session = provider.create_session(request=payment.request, key=payment.idempotency_key)
    except (provider.KeySpent, provider.Refused) as error:
        fulfil.give_up(payment_id=payment.pk, why=str(error), now=now)
        raise Unavailable from error
    except provider.ProviderError as error:
        raise Unavailable from error
    fulfil.apply(payment_id=payment.pk, session=session, now=now)
    if session.state != "open":
        raise HoldEnded if session.state == "expired" else NothingToPay
    return session.url
