"""Messages of the provider: refused, noted once, in any order."""

import time

import pytest

from enrollment.payments import fulfil
from enrollment.payments.models import Receipt, WebhookEvent
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.enrollment.payments.helpers import make_payment, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(provider, now):
    """A payment that was paid at the provider; no message has been delivered yet."""
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    return payment


def event_of(provider, what):
    (event,) = provider.events(f"checkout.session.{what}")
    return event


def test_message_without_signature_is_refused_and_leaves_nothing(paid, provider, client):
    body, _signature = provider.signed(event_of(provider, "completed"))
    assert (
        client.post("/webhooks/stripe/", body, content_type="application/json").status_code == 400
    )
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    "signing", [{"at": int(time.time()) - 600}, {"secret": "whsec_other"}], ids=["old", "secret"]
)
def test_message_signed_wrongly_is_refused_and_leaves_nothing(paid, provider, deliver, signing):
    assert deliver(event_of(provider, "completed"), **signing).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_message_with_one_byte_changed_is_refused_and_leaves_nothing(paid, provider, deliver):
    event = event_of(provider, "completed")
    body, _signature = provider.signed(event)
    changed = body.replace(b"624375", b"624376")
    assert changed != body
    assert deliver(event, body=changed).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_message_of_the_other_mode_is_refused_and_leaves_nothing(paid, provider, deliver):
    event = {**event_of(provider, "completed"), "livemode": True}
    assert deliver(event).status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("event", [{}, [], {"id": "evt_1", "livemode": False, "data": 7}])
def test_signed_message_that_is_no_event_is_refused(provider, deliver, event):
    assert deliver(event).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_missing_secret_refuses_everything(paid, provider, deliver, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert deliver(event_of(provider, "completed"), secret="").status_code == 400


def test_two_secrets_are_good_during_a_rotation(paid, provider, deliver, settings):
    settings.STRIPE_WEBHOOK_SECRET = f"whsec_new, {provider.secret}"
    assert deliver(event_of(provider, "completed")).status_code == 200


def test_get_is_not_a_message(client):
    assert client.get("/webhooks/stripe/").status_code == 405


def test_expired_after_completed_stays_paid(paid, provider, deliver, work):
    late = {**event_of(provider, "completed"), "id": "evt_late", "type": "checkout.session.expired"}
    for event in (event_of(provider, "completed"), late):
        assert deliver(event).status_code == 200
        work()
    paid.refresh_from_db()
    assert paid.status == "paid"
    assert newest(paid.order.booking).status == Status.CONFIRMED


def test_other_messages_are_noted_and_change_nothing(paid, provider, deliver, work):
    (event,) = provider.events("payment_intent.succeeded")
    assert deliver(event).status_code == 200
    work()
    assert WebhookEvent.objects.get().processed_at
    paid.refresh_from_db()
    assert paid.status == "open"


def test_message_about_somebody_elses_payment_is_noted_and_ignored(provider, deliver, work, paid):
    event = event_of(provider, "completed")
    about = {**event["data"]["object"], "id": "cs_test_other", "client_reference_id": "shop-17"}
    assert deliver({**event, "id": "evt_other", "data": {"object": about}}).status_code == 200
    work()
    assert WebhookEvent.objects.get().error == "not ours"


def test_provider_away_leaves_the_message_to_the_reconciler(
    paid, provider, deliver, work, settings
):
    assert deliver(event_of(provider, "completed")).status_code == 200
    there, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    work()
    event = WebhookEvent.objects.get()
    assert event.processed_at is None and event.attempts == 1 and event.error
    settings.STRIPE_API_BASE = there
    from datetime import timedelta

    from enrollment.payments import reconcile

    assert reconcile.run(now=event.received_at + timedelta(minutes=3)) == 0
    assert newest(paid.order.booking).status == Status.CONFIRMED


def test_return_page_before_the_message_confirms_once(paid, provider, deliver, work, now):
    fulfil.refresh(payment=paid, now=now)
    assert deliver(event_of(provider, "completed")).status_code == 200
    work()
    assert Receipt.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1
    assert OutgoingMail.objects.filter(kind="place_confirmed").count() == 1
