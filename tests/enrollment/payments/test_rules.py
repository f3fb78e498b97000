"""What always holds, personal data, checks, and the line on a person's page."""

import pytest
from django.core import checks
from django.template import Context, Template

from accounts.registries import invariants, personal_data
from enrollment import booking as bookings
from enrollment.payments import checkout, fulfil
from enrollment.payments.models import Order, Payment, Receipt, Refund
from enrollment.requirements import missing
from tests.enrollment.payments.helpers import make_paid_booking, make_payment, newest

pytestmark = pytest.mark.django_db
MONEY, ONCE = "5 money is the price of the places", "9 an outside event has its effect once"


def paid_payment(provider, now):
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    fulfil.refresh(payment=payment, now=now)
    return payment


@pytest.mark.breaks_invariants
def test_confirmed_and_not_paid_is_found(provider, now):
    paid_payment(provider, now)
    assert list(invariants[MONEY](now)) == []
    Order.objects.update(paid_at=None)
    assert len(list(invariants[MONEY](now))) == 1


@pytest.mark.breaks_invariants
def test_paid_without_its_payment_is_found(provider, now):
    paid_payment(provider, now)
    assert list(invariants[ONCE](now)) == []
    Payment.objects.update(status="expired")
    assert len(list(invariants[ONCE](now))) == 1


@pytest.mark.breaks_invariants
def test_more_paid_back_than_received_is_found(provider, now):
    payment = paid_payment(provider, now)
    Refund.objects.create(
        payment=payment, amount_ore=payment.received_ore + 1, idempotency_key="r", created_at=now
    )
    assert len(list(invariants[MONEY](now))) == 1


def test_place_given_up_after_paying_is_a_case_for_staff(provider, now):
    from accounts.registries import worklist
    from tests.accounts.factories import make_user

    payment = paid_payment(provider, now)
    booking = payment.order.booking
    bookings.cancel(
        enrollment=newest(booking), reason="by_person", actor=booking.booked_by, now=now
    )
    assert len(worklist["payments"](make_user(role="coordinator"), now)) == 1


def test_payment_is_a_requirement_of_paid_runs_alone(provider, now):
    free, priced = make_paid_booking(now=now, price_ore=0), make_paid_booking(now=now)
    assert "paid" not in missing(newest(free))
    assert "paid" in missing(newest(priced))


@pytest.mark.parametrize("model", [Order, Payment, Refund, Receipt])
def test_personal_data_is_kept_for_the_books(model):
    assert personal_data[model].erase == "keep"
    assert "7 kap. 2 §" in personal_data[model].until


def test_live_key_on_sqlite_is_warned_of(settings):
    settings.SQLITE, settings.STRIPE_SECRET_KEY = True, "sk_live_example"
    found = checks.run_checks(tags=["security"], include_deployment_checks=True)
    assert "payments.W001" in [each.id for each in found]
    settings.SQLITE = False
    found = checks.run_checks(tags=["security"], include_deployment_checks=True)
    assert "payments.W001" not in [each.id for each in found]


def line(booking) -> str:
    return Template("{% load payment_tags %}{% payment_line booking %}").render(
        Context({"booking": booking})
    )


def test_payment_line_says_how_it_stands(provider, now):
    booking = make_paid_booking(now=now)
    assert "Inte betald än" in line(booking)
    checkout.start(booking=booking, now=now)
    payment = Payment.objects.get()
    provider.pay(payment.provider_ref, "delayed")
    fulfil.refresh(payment=payment, now=now)
    assert "Väntar på banken" in line(booking)
    provider.settle(payment.provider_ref)
    fulfil.refresh(payment=payment, now=now)
    assert Receipt.objects.get().label in line(booking)
    assert line(make_paid_booking(now=now, price_ore=0)).strip() == ""


def test_what_goes_back_is_exact_to_the_ore_and_told_to_staff(provider, now):
    """133.33 kr with 25 % VAT is 166.66 (rounded half up); a fee of half of it, 66.67, is 83.34 with VAT."""
    from accounts.registries import worklist
    from enrollment.models import CancellationPolicy, CancellationStep, RunRules
    from enrollment.terms import consequence
    from tests.accounts.factories import make_user
    from tests.enrollment.factories import make_open_run

    run = make_open_run(now=now, price_ore=13_333)
    policy = CancellationPolicy.objects.create(name_sv="V", name_en="T")
    CancellationStep.objects.create(policy=policy, days=60, percent=50)
    RunRules.objects.create(run=run, cancellation=policy)
    run.refresh_from_db()
    payment = make_payment(now=now, run=run)
    provider.pay(payment.provider_ref)
    fulfil.refresh(payment=payment, now=now)
    booking = payment.order.booking
    owed = consequence(newest(booking), now=now)
    assert (payment.order.total_ore, owed.fee_ore) == (16_666, 6_667)
    assert owed.refund_ore == 16_666 - 8_334
    bookings.cancel(
        enrollment=newest(booking), reason="by_person", actor=booking.booked_by, now=now
    )
    (item,) = worklist["payments"](make_user(role="coordinator"), now)
    assert "83,32" in item.title
    payment.refresh_from_db()
    Refund.objects.create(
        payment=payment, amount_ore=owed.refund_ore, idempotency_key="r", created_at=now
    )
    assert worklist["payments"](make_user(role="coordinator"), now) == []


def test_moving_to_another_run_takes_the_money_along(provider, now):
    from accounts.registries import worklist
    from enrollment import moving
    from tests.accounts.factories import make_user
    from tests.enrollment.factories import make_open_run

    payment = paid_payment(provider, now)
    booking = payment.order.booking
    other = make_open_run(
        now=now,
        course=booking.run.course,
        host=booking.run.host,
        price_ore=booking.price_ore,
        vat_percent=booking.vat_percent,
    )
    (moved,) = moving.move(
        enrollment=newest(booking), to_run=other, actor=booking.booked_by, now=now
    )
    assert moved.status == "confirmed"
    assert worklist["payments"](make_user(role="coordinator"), now) == []
    assert [m for check in invariants.values() for m in check(now)] == []
