"""What goes wrong between us and the provider, and how it ends."""

from datetime import timedelta

import pytest

from accounts.registries import worklist
from config.stand_in import ApiError
from enrollment.payments import checkout, fulfil, reconcile
from enrollment.payments import provider as asking
from enrollment.payments.models import Payment, Receipt, Refund
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.factories import make_booking, make_open_run
from tests.enrollment.payments.helpers import make_paid_booking, make_payment, newest

pytestmark = pytest.mark.django_db
AWAY = ApiError(503, "api_error", "down")
BROKEN = ApiError(500, "api_error", "broken")


def lose_the_hold(provider, payment, now):
    """The page expires, the place is released; then the provider says paid after all."""
    provider.advance(32 * 60)
    fulfil.refresh(payment=payment, now=now)
    assert newest(payment.order.booking).status == Status.CANCELLED
    session = provider.objects[payment.provider_ref]
    session.update(status="open")
    provider.pay(payment.provider_ref)


def test_paid_after_the_hold_was_lost_takes_a_free_place(provider, now):
    payment = make_payment(now=now, places_count=1)
    lose_the_hold(provider, payment, now)
    fulfil.refresh(payment=payment, now=now)
    booking = payment.order.booking
    assert newest(booking).status == Status.CONFIRMED
    assert booking.run.places.exclude(enrollment=None).count() == 1
    assert not Refund.objects.exists()


def test_paid_after_the_last_place_was_gone_pays_back_once(provider, work, now):
    payment = make_payment(now=now, places_count=1)
    lose_the_hold(provider, payment, now)
    make_booking(now=now, run=payment.order.booking.run)
    for _again in range(2):
        fulfil.refresh(payment=payment, now=now)
        work()
    payment.refresh_from_db()
    refund = Refund.objects.get()
    assert (payment.status, payment.problem) == ("paid", "no_place")
    assert (refund.status, refund.amount_ore) == ("succeeded", payment.received_ore)
    assert payment.order.paid_at is None and not Receipt.objects.exists()
    assert OutgoingMail.objects.filter(kind="payment_too_late").count() == 1
    assert [path for _verb, path, _params in provider.requests].count("/v1/refunds") == 1
    assert len(worklist["payments"](make_user(role="coordinator"), now)) == 1


def test_place_given_up_while_the_page_was_open_pays_back(provider, work, now):
    from enrollment import booking as bookings

    payment = make_payment(now=now)
    person = payment.order.booking.booked_by
    bookings.cancel(
        enrollment=newest(payment.order.booking), reason="by_person", actor=person, now=now
    )
    provider.pay(payment.provider_ref)
    fulfil.refresh(payment=payment, now=now)
    work()
    assert Refund.objects.get().status == "succeeded"


def test_page_of_a_place_given_up_is_closed_by_the_reconciler(provider, now):
    from enrollment import booking as bookings

    payment = make_payment(now=now)
    booking = payment.order.booking
    bookings.cancel(
        enrollment=newest(booking), reason="by_person", actor=booking.booked_by, now=now
    )
    assert reconcile.run(now=now + timedelta(minutes=3)) == 0
    assert provider.objects[payment.provider_ref]["status"] == "expired"


@pytest.mark.parametrize(
    "changed", [{"amount_total": 624374}, {"currency": "eur"}], ids=["amount", "currency"]
)
def test_another_sum_than_ordered_is_not_confirmed_and_shown_to_staff(provider, now, changed):
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    provider.objects[payment.provider_ref].update(changed)
    fulfil.refresh(payment=payment, now=now)
    payment.refresh_from_db()
    assert (payment.status, payment.problem) == ("paid", "amount")
    assert newest(payment.order.booking).status == Status.HELD
    assert not Receipt.objects.exists()
    assert len(worklist["payments"](make_user(role="coordinator"), now)) == 1
    assert worklist["payments"](make_user(), now) == []


def test_provider_away_twice_and_then_there_is_one_page(provider, now):
    booking = make_paid_booking(now=now)
    provider.fail_next += [AWAY, AWAY]
    checkout.start(booking=booking, now=now)
    assert len(provider.sessions()) == 1 and Payment.objects.count() == 1


def test_provider_broken_twice_and_then_there_is_one_page_at_the_next_try(provider, now):
    booking = make_paid_booking(now=now)
    provider.fail_next += [BROKEN, BROKEN]
    with pytest.raises(checkout.Unavailable):
        checkout.start(booking=booking, now=now)
    assert newest(booking).status == Status.HELD
    checkout.start(booking=booking, now=now)
    assert len(provider.sessions()) == 1
    assert list(Payment.objects.order_by("attempt").values_list("status", flat=True)) == [
        "failed",
        "open",
    ]


@pytest.mark.any_engine
def test_provider_silent_is_given_up_within_ten_seconds_and_the_hold_kept(provider, now):
    import time

    booking = make_paid_booking(now=now)
    provider.delay = 4
    began = time.monotonic()
    with pytest.raises(checkout.Unavailable):
        checkout.start(booking=booking, now=now)
    # Three tries and the longest pauses between; a machine that has other things to do is given more.
    assert (asking.RETRIES + 1) * asking.TIMEOUT_SECONDS + 0.5 + 1 < 10
    assert time.monotonic() - began < 15
    provider.delay = 0
    assert newest(booking).status == Status.HELD
    checkout.start(booking=booking, now=now)
    assert Payment.objects.count() == 1, "the same attempt with the same key"


def test_killed_between_page_and_commit_the_same_page_comes_again(provider, now):
    booking = make_paid_booking(now=now)
    intent = checkout._intend(booking=booking, now=now)
    lost = asking.create_session(request=intent.payment.request, key=intent.payment.idempotency_key)
    # Here the process was killed: the answer was never noted.
    assert Payment.objects.get().status == "created"
    assert checkout.start(booking=booking, now=now) == lost.url
    assert len(provider.sessions()) == 1 and booking.enrollments.live().count() == 1


def test_killed_before_noting_a_page_that_was_paid_is_fulfilled_by_the_message(
    provider, deliver, work, now
):
    booking = make_paid_booking(now=now)
    intent = checkout._intend(booking=booking, now=now)
    lost = asking.create_session(request=intent.payment.request, key=intent.payment.idempotency_key)
    provider.pay(lost.ref)
    (event,) = provider.events("checkout.session.completed")
    assert deliver(event).status_code == 200
    work()
    assert Payment.objects.get().provider_ref == lost.ref
    assert newest(booking).status == Status.CONFIRMED


def test_killed_before_noting_a_page_the_reconciler_finds_it(provider, now):
    booking = make_paid_booking(now=now)
    intent = checkout._intend(booking=booking, now=now)
    asking.create_session(request=intent.payment.request, key=intent.payment.idempotency_key)
    assert reconcile.run(now=now + timedelta(minutes=3)) == 0
    assert Payment.objects.get().status == "open" and len(provider.sessions()) == 1


def test_open_page_keeps_the_hold_and_is_closed_before_the_release(provider, now):
    from enrollment import places

    payment = make_payment(now=now, places_count=1)
    booking = payment.order.booking
    later = now + timedelta(hours=2)
    assert places.expire(run=booking.run, now=later) == 0
    assert newest(booking).status == Status.HELD
    reconcile.run(now=later)
    assert provider.objects[payment.provider_ref]["status"] == "expired"
    assert newest(booking).status == Status.CANCELLED


def test_page_paid_in_the_last_second_is_fulfilled_instead_of_released(provider, now):
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    reconcile.run(now=now + timedelta(hours=2))
    assert newest(payment.order.booking).status == Status.CONFIRMED


def test_delayed_payment_waits_for_the_bank_and_is_confirmed(provider, deliver, work, now):
    payment = make_payment(now=now)
    booking = payment.order.booking
    provider.pay(payment.provider_ref, "delayed")
    (event,) = provider.events("checkout.session.completed")
    deliver(event)
    work()
    payment.refresh_from_db()
    assert payment.status == "processing" and newest(booking).status == Status.HELD
    with pytest.raises(checkout.NothingToPay):
        checkout.start(booking=booking, now=now)
    provider.settle(payment.provider_ref)
    (event,) = provider.events("checkout.session.async_payment_succeeded")
    deliver(event)
    work()
    assert newest(booking).status == Status.CONFIRMED


def test_delayed_payment_refused_by_the_bank_releases_and_mails(provider, deliver, work, now):
    payment = make_payment(now=now)
    booking = payment.order.booking
    provider.pay(payment.provider_ref, "delayed")
    fulfil.refresh(payment=payment, now=now)
    provider.settle(payment.provider_ref, ok=False)
    (event,) = provider.events("checkout.session.async_payment_failed")
    deliver(event)
    work()
    payment.refresh_from_db()
    enrollment = newest(booking)
    assert payment.status == "failed"
    assert (enrollment.status, enrollment.reason) == (Status.CANCELLED, "payment_failed")
    assert OutgoingMail.objects.filter(kind="payment_failed").count() == 1


def test_hold_that_ended_gets_no_page(provider, now):
    booking = make_paid_booking(now=now)
    with pytest.raises(checkout.HoldEnded):
        checkout.start(booking=booking, now=now + timedelta(hours=1))
    assert not provider.sessions() and not Payment.objects.exists()


def test_another_booking_meanwhile_means_the_late_money_goes_back(provider, work, now):
    payment = make_payment(now=now, run=make_open_run(now=now, price_ore=100000))
    lose_the_hold(provider, payment, now)
    booking = payment.order.booking
    make_booking(now=now, run=booking.run, person=booking.booked_by)
    fulfil.refresh(payment=payment, now=now)
    work()
    assert Refund.objects.get().status == "succeeded"
    assert booking.run.enrollments.live().count() == 1


def test_page_that_the_provider_does_not_know_frees_the_place_when_its_time_is_up(provider, now):
    payment = make_payment(now=now, places_count=1)
    del provider.objects[payment.provider_ref]
    assert reconcile.run(now=now + timedelta(minutes=3)) == 1
    assert newest(payment.order.booking).status == Status.HELD
    assert reconcile.run(now=now + timedelta(minutes=32)) == 0
    assert newest(payment.order.booking).status == Status.CANCELLED
