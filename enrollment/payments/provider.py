"""Stripe: the only module that talks to the payment provider. Never called inside a transaction.

The sum is sent as one line with VAT included and without the provider's tax rates: what is charged is what
we computed and print on the receipt, to the öre.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import stripe
from django.conf import settings
from django.db import connection
from stripe.params.checkout import SessionCreateParams

# Somebody waits in front of the screen: three tries of 2.5 s and the pauses between stay under 10 s.
TIMEOUT_SECONDS = 2.5
RETRIES = 2


class ProviderError(Exception):
    """The provider could not be asked, or answered with a fault of its own. Ask again later."""


class KeySpent(ProviderError):
    """This idempotency key will only ever repeat an error: begin a new attempt with a new key."""


class Refused(ProviderError):
    """The provider refuses this request for what it is. `code` is the provider's word for the reason."""

    def __init__(self, message: str, code: str = ""):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Session:
    """How a payment page stands at the provider, at the moment of asking. Amounts in the smallest unit."""

    ref: str
    reference: str
    url: str
    state: str
    """"open", "processing" (a bank decides), "paid", "failed" or "expired"."""
    amount: int
    currency: str
    intent: str
    expires_at: datetime


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


@contextmanager
def _asking() -> Iterator[stripe.StripeClient]:
    blocks = connection.atomic_blocks
    if blocks and not getattr(blocks[-1], "_from_testcase", False):
        raise RuntimeError("the provider is never asked inside a transaction")
    try:
        yield _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    except stripe.InvalidRequestError as error:
        raise Refused(str(error), error.code or error.param or "") from error
    except stripe.StripeError as error:
        if error.http_status == 500:
            raise KeySpent(str(error)) from error
        raise ProviderError(str(error)) from error


def create_session(*, request: SessionCreateParams, key: str) -> Session:
    """Open a payment page. The same `request` with the same `key` gives the same page.

    Raises Refused, KeySpent, ProviderError.
    """
    with _asking() as client:
        session = client.v1.checkout.sessions.create(request, {"idempotency_key": key})
        return _session(client, session)


def read_session(ref: str) -> Session:
    """Raises Refused (no such session), ProviderError."""
    with _asking() as client:
        return _session(client, client.v1.checkout.sessions.retrieve(ref))


def close_session(ref: str) -> Session:
    """Close a payment page, if it is still open, and tell how it stands then. Raises ProviderError."""
    with _asking() as client:
        session = client.v1.checkout.sessions.retrieve(ref)
        if session.status == "open":
            try:
                session = client.v1.checkout.sessions.expire(ref)
            except stripe.InvalidRequestError:  # paid or expired between the two questions
                session = client.v1.checkout.sessions.retrieve(ref)
        return _session(client, session)


def refund(*, intent: str, amount: int, key: str) -> tuple[str, str]:
    """Pay `amount` (smallest unit) of a payment back; reference and status ("succeeded", "pending",
    "failed", …). The same key again never pays twice. Raises Refused, KeySpent, ProviderError."""
    with _asking() as client:
        made = client.v1.refunds.create(
            {"payment_intent": intent, "amount": amount}, {"idempotency_key": key}
        )
        return made.id, made.status or "pending"


def read_refund(ref: str) -> str:
    """The status of a refund. Raises Refused, ProviderError."""
    with _asking() as client:
        return client.v1.refunds.retrieve(ref).status or "pending"


def _session(client: stripe.StripeClient, session: stripe.checkout.Session) -> Session:
    intent = session.payment_intent
    intent_id = intent if isinstance(intent, str) else getattr(intent, "id", "") or ""
    return Session(
        ref=session.id,
        reference=session.client_reference_id or "",
        url=session.url or "",
        state=_state(client, session, intent_id),
        amount=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        intent=intent_id,
        expires_at=datetime.fromtimestamp(session.expires_at, UTC),
    )


def _state(client: stripe.StripeClient, session: stripe.checkout.Session, intent_id: str) -> str:
    """A complete session that is unpaid waits for a bank, or the bank has said no: its intent knows."""
    if session.status != "complete":
        return "expired" if session.status == "expired" else "open"
    if session.payment_status in ("paid", "no_payment_required"):
        return "paid"
    intent = client.v1.payment_intents.retrieve(intent_id)
    return "failed" if intent.status in ("requires_payment_method", "canceled") else "processing"
