"""What staff sees and may do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.registries import worklist
from config.baseline import ensure_roles
from enrollment.payments import fulfil
from enrollment.payments.models import WebhookEvent
from tests.accounts.factories import make_user
from tests.enrollment.payments.helpers import make_paid_booking, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(provider, now):
    return make_payment(now=now)


@pytest.fixture
def short(provider, now):
    """A payment of one öre too little."""
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    provider.objects[payment.provider_ref]["amount_total"] -= 1
    fulfil.refresh(payment=payment, now=now)
    return payment


@pytest.fixture(autouse=True)
def _groups():
    ensure_roles()


def sign_in(client, role, promoter=None):
    user = make_user(role=role)
    if promoter:
        promoter.staff.add(user)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", ["orders", "payments", "payment_events"])
def test_coordinator_lists_and_others_do_not(client, payment, name):
    sign_in(client, "coordinator")
    assert client.get(reverse(f"{name}:index")).status_code == 200
    sign_in(client, "communicator")
    assert client.get(reverse(f"{name}:index")).status_code in (302, 403, 404)
    client.logout()
    assert client.get(reverse(f"{name}:index")).status_code == 302


def test_lists_name_run_and_sum_and_lead_to_the_row(client, payment):
    sign_in(client, "coordinator")
    for name, row in (("orders", payment.order), ("payments", payment)):
        text = client.get(reverse(f"{name}:index")).text
        assert payment.order.booking.run.code in text
        assert "6\xa0243,75\xa0kr" in text
        assert f'href="{reverse(f"{name}:inspect", args=[row.pk])}"' in text


def test_list_of_messages_leads_to_the_message(client, now):
    event = WebhookEvent.objects.create(
        stripe_id="evt_1", type="checkout.session.completed", received_at=now
    )
    sign_in(client, "coordinator")
    text = client.get(reverse("payment_events:index")).text
    assert "evt_1" in text and reverse("payment_events:inspect", args=[event.pk]) in text


def test_promoter_sees_own_sales_only(client, payment):
    address = reverse("payments:inspect", args=[payment.pk])
    sign_in(client, "promoter", payment.order.seller)
    assert client.get(address).status_code == 200
    sign_in(client, "promoter")
    assert client.get(address).status_code == 404


def test_lists_need_the_same_number_of_queries_for_one_and_three(client, provider, now):
    sign_in(client, "coordinator")

    def queries(name):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse(f"{name}:index")).status_code == 200
        return len(seen)

    make_payment(now=now)
    queries("payments")
    one = [queries("orders"), queries("payments")]
    for _more in range(2):
        make_payment(now=now, booking=make_paid_booking(now=now))
    assert [queries("orders"), queries("payments")] == one


def test_asking_the_provider_anew_carries_its_answer_out(client, provider, payment):
    sign_in(client, "coordinator")
    provider.pay(payment.provider_ref)
    address = reverse("payments:refresh", args=[payment.pk])
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    payment.refresh_from_db()
    assert payment.status == "paid"


def test_asking_while_the_provider_is_away_says_so(client, payment, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    sign_in(client, "coordinator")
    address = reverse("payments:refresh", args=[payment.pk])
    assert "Betaltjänsten svarar inte" in client.post(address, follow=True).content.decode()


@pytest.mark.parametrize("action", ["refresh", "handled"])
def test_acts_are_refused_to_strangers(client, payment, action):
    address = reverse(f"payments:{action}", args=[payment.pk])
    sign_in(client, "promoter")
    assert client.post(address).status_code == 404
    sign_in(client, "leader")
    assert client.post(address).status_code in (302, 403)


def test_wrong_sum_is_on_the_work_list_until_it_is_handled(client, short, now):
    coordinator = sign_in(client, "coordinator")
    (item,) = worklist["payments"](coordinator, now)
    assert item.url == reverse("payments:inspect", args=[short.pk])
    text = client.get(item.url).content.decode()
    assert reverse("payments:handled", args=[short.pk]) in text
    client.post(reverse("payments:handled", args=[short.pk]))
    assert worklist["payments"](coordinator, now) == []


def test_work_list_is_for_the_seller_and_coordinators(client, short, now):
    assert worklist["payments"](sign_in(client, "promoter", short.order.seller), now)
    for role in ("promoter", "leader", "communicator"):
        assert worklist["payments"](sign_in(client, role), now) == []
