"""From the held place to the receipt, with the stand-in over HTTP."""

from datetime import timedelta

import pytest

from enrollment.payments import checkout, fulfil, reconcile
from enrollment.payments.models import Order, Payment, Receipt
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.enrollment.factories import make_open_run
from tests.enrollment.payments.helpers import make_paid_booking, newest

pytestmark = pytest.mark.django_db


def the_session(provider):
    (session,) = provider.sessions()
    return session


def test_start_opens_a_page_for_the_sum_with_vat_and_holds_longer(provider, now):
    booking = make_paid_booking(now=now)
    url = checkout.start(booking=booking, now=now)
    session, payment = the_session(provider), Payment.objects.get()
    assert url == session["url"] == payment.url
    assert (session["amount_total"], session["currency"]) == (624375, "sek")
    assert session["locale"] == booking.language
    assert payment.status == "open" and payment.provider_ref == session["id"]
    assert payment.request == {}, "the parameters with the address are gone after the answer"
    held = newest(booking).hold_until
    assert held >= payment.expires_at + timedelta(minutes=10)


def test_start_twice_is_one_page(provider, now):
    booking = make_paid_booking(now=now)
    first = checkout.start(booking=booking, now=now)
    assert checkout.start(booking=booking, now=now + timedelta(minutes=5)) == first
    assert len(provider.sessions()) == 1


def test_start_of_a_free_booking_has_nothing_to_pay(provider, now):
    booking = make_paid_booking(now=now, price_ore=0)
    with pytest.raises(checkout.NothingToPay):
        checkout.start(booking=booking, now=now)
    assert not Order.objects.exists()


def test_paid_confirms_with_one_receipt_and_one_mail_of_each_kind(provider, deliver, work, now):
    booking = make_paid_booking(now=now)
    assert newest(booking).status == Status.HELD
    checkout.start(booking=booking, now=now)
    provider.pay(the_session(provider)["id"])
    (event,) = provider.events("checkout.session.completed")
    for _delivery in range(3):
        assert deliver(event).status_code == 200
        work()
    assert newest(booking).status == Status.CONFIRMED
    order = Order.objects.get()
    assert (order.net_ore, order.vat_ore, order.total_ore) == (499500, 124875, 624375)
    receipt = Receipt.objects.get()
    assert receipt.label.endswith("-000001")
    kinds = sorted(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds == ["place_confirmed", "receipt"]


def test_receipts_are_numbered_without_gaps_per_seller(provider, now):
    run = make_open_run(now=now, places_count=3, price_ore=100000)
    for number in (1, 2, 3):
        booking = make_paid_booking(now=now, run=run)
        checkout.start(booking=booking, now=now)
        payment = Payment.objects.get(order__booking=booking)
        provider.pay(payment.provider_ref)
        fulfil.refresh(payment=payment, now=now)
        fulfil.refresh(payment=payment, now=now)
        assert payment.receipt.number == number


def test_expired_page_frees_the_place(provider, deliver, work, now):
    booking = make_paid_booking(now=now, places_count=1)
    checkout.start(booking=booking, now=now)
    provider.advance(32 * 60)
    (event,) = provider.events("checkout.session.expired")
    assert deliver(event).status_code == 200
    work()
    enrollment = newest(booking)
    assert (enrollment.status, enrollment.reason) == (Status.CANCELLED, "expired")
    assert booking.run.places.free().count() == 1
    assert Payment.objects.get().status == "expired"


def test_reconcile_finishes_what_no_message_told(provider, now):
    booking = make_paid_booking(now=now)
    checkout.start(booking=booking, now=now)
    provider.pay(the_session(provider)["id"])
    assert reconcile.run(now=now + timedelta(minutes=3)) == 0
    assert newest(booking).status == Status.CONFIRMED
