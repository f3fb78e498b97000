"""The provider's signed messages: checked, noted once, worked on later."""

import json
from datetime import datetime
from uuid import UUID

import stripe
from django.conf import settings
from django.db import transaction

from . import fulfil, provider
from .models import Payment, WebhookEvent

TOLERANCE_SECONDS = 300
# Only a Checkout session decides over places; what other objects tell, their session tells as well.
HEARD = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
)


class BadSignature(Exception):
    """Not from the provider, too old, changed on the way, or of the wrong mode: nothing is stored."""


@transaction.atomic
def receive(*, body: bytes, signature: str, now: datetime) -> WebhookEvent | None:
    """Check a delivery and note it with its task, in one transaction; None when it is known already.

    `body` is the raw body, `signature` the header. During a rotation STRIPE_WEBHOOK_SECRET holds two
    secrets, divided by a comma. Raises BadSignature.
    """
    from .tasks import process_event

    event = _verified(body, signature)
    about = event["data"]["object"]
    noted, new = WebhookEvent.objects.get_or_create(
        stripe_id=event["id"],
        defaults={
            "type": event["type"][:80],
            "object_id": str(about.get("id") or "")[:120],
            "reference": str(about.get("client_reference_id") or "")[:120],
            "received_at": now,
            "processed_at": None if event["type"] in HEARD else now,
        },
    )
    if not new:
        return None
    if noted.processed_at is None:
        process_event.enqueue(event_id=noted.pk)
    return noted


def _verified(body: bytes, signature: str) -> dict:
    secrets = [each.strip() for each in settings.STRIPE_WEBHOOK_SECRET.split(",") if each.strip()]
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), signature, secret, tolerance=TOLERANCE_SECONDS
            )
            break
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
    else:
        raise BadSignature("no secret fits")
    try:
        event = json.loads(body)
        mode, _id, _type, _about = (
            event["livemode"],
            event["id"],
            event["type"],
            event["data"]["object"]["id"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadSignature("not an event") from error
    if bool(mode) != is_live(settings.STRIPE_SECRET_KEY):
        raise BadSignature("of the wrong mode")
    return event


def is_live(key: str) -> bool:
    return key.startswith(("sk_live_", "rk_live_"))


def process(*, event: WebhookEvent, now: datetime) -> None:
    """Ask for the state of what an event is about and carry it out; marked in the same transaction.

    An event about a payment of somebody else's is marked and ignored. Raises provider.ProviderError: the
    event stays open and is taken up again.
    """
    if event.processed_at:
        return
    payment = _payment_of(event)
    if payment is None:
        WebhookEvent.objects.filter(pk=event.pk).update(processed_at=now, error="not ours")
        return
    session = provider.read_session(event.object_id)
    fulfil.apply(payment_id=payment.pk, session=session, now=now, event=event)


def _payment_of(event: WebhookEvent) -> Payment | None:
    """By the page's reference; by our own when the page's was not yet noted."""
    payment = Payment.objects.filter(provider="stripe", provider_ref=event.object_id).first()
    if payment:
        return payment
    try:
        return Payment.objects.filter(public_id=UUID(event.reference)).first()
    except ValueError:
        return None
