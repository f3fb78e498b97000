"""Many at the same moment: messages, the return page, a person with two fingers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import connections, transaction
from django.utils import timezone

from enrollment.models import Enrollment
from enrollment.payments import checkout, fulfil, tasks, webhooks
from enrollment.payments.models import Payment, Receipt, WebhookEvent
from messaging.models import OutgoingMail
from tests.enrollment.payments.helpers import make_paid_booking, make_payment, newest

pytestmark = pytest.mark.django_db(transaction=True)


def together(*steps):
    """Run the steps in threads that start at the same moment, each with its own connection."""
    barrier = threading.Barrier(len(steps))

    def run(step):
        try:
            barrier.wait()
            return step()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_ten_deliveries_at_once_are_one_effect(provider, live_server, now):
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    (event,) = provider.events("checkout.session.completed")
    body, signature = provider.signed(event)

    def post() -> int:
        answer = requests.post(
            f"{live_server.url}/webhooks/stripe/",
            body,
            headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
            timeout=30,
        )
        return answer.status_code

    assert together(*[post] * 10) == [200] * 10
    noted = WebhookEvent.objects.get()
    together(*[lambda: tasks.process_event.func(event_id=noted.pk)] * 4)
    assert Receipt.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1
    assert OutgoingMail.objects.filter(kind="place_confirmed").count() == 1


def test_return_page_and_message_at_once_are_one_effect(provider, now):
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    (event,) = provider.events("checkout.session.completed")
    body, signature = provider.signed(event)
    noted = webhooks.receive(body=body, signature=signature, now=now)
    together(
        lambda: tasks.process_event.func(event_id=noted.pk),
        lambda: fulfil.refresh(payment=Payment.objects.get(), now=timezone.now()),
    )
    assert newest(payment.order.booking).status == "confirmed"
    assert Receipt.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_pay_pressed_twice_at_once_is_one_page(provider, now):
    booking = make_paid_booking(now=now)
    first, second = together(*[lambda: checkout.start(booking=booking, now=now)] * 2)
    assert first == second
    assert Payment.objects.count() == len(provider.sessions()) == 1
    assert Enrollment.objects.live().count() == 1


@pytest.mark.skipif("connections['default'].vendor != 'postgresql'", reason="SQLite waits 20 s")
def test_message_that_must_wait_too_long_is_asked_for_again(provider, deliver, now):
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    (event,) = provider.events("checkout.session.completed")
    written, release = threading.Event(), threading.Event()

    def hold_the_row() -> None:
        with transaction.atomic():
            WebhookEvent.objects.create(stripe_id=event["id"], type="x", received_at=now)
            written.set()
            release.wait(20)
            transaction.set_rollback(True)
        connections.close_all()

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    try:
        written.wait(10)
        answer = deliver(event)
        assert answer.status_code == 503 and answer["Retry-After"]
    finally:
        release.set()
        holder.join()
    assert deliver(event).status_code == 200
