"""The stand-in itself: as strict as the provider, and a page that people can use."""

import pytest
import requests
import stripe
from django.core.management import call_command
from django.core.management.base import CommandError

from config.stand_in import Server, StandIn
from enrollment.payments import provider as asking
from tests.enrollment.payments.helpers import make_payment

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def payment(provider, now):
    return make_payment(now=now)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ["Betala 6\xa0243,75\xa0kr med kort", "Prova ett kort som nekas", "In English"]),
        ("en", ["Pay SEK\xa06,243.75 by card", "Back without paying", "På svenska"]),
    ],
)
def test_page_says_in_both_languages_that_no_money_moves(payment, language, words):
    answer = requests.get(payment.url, {"lang": language}, timeout=10)
    assert answer.status_code == 200
    for each in ("Betalning i demoläge / Demo payment", *words):
        assert each in answer.text, each
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "http" not in answer.text.replace(payment.url, ""), "nothing from outside"


def test_buttons_pay_decline_wait_and_go_back(payment, provider):
    def press(how):
        return requests.post(payment.url, {"how": how}, allow_redirects=False, timeout=10)

    declined = press("decline")
    assert declined.status_code == 200 and "Kortet nekades" in declined.text
    assert press("back").headers["Location"].endswith("/pay/")
    assert "/paid/?session=cs_test_" in press("delayed").headers["Location"]
    assert press("card").status_code == 409, "a second payment of the same page"
    assert "/paid/" in press("accept").headers["Location"]
    assert provider.objects[payment.provider_ref]["payment_status"] == "paid"
    assert press("nonsense").status_code == 409
    assert "Betalningen är klar" in requests.get(payment.url, timeout=10).text


def test_first_page_lists_payments_and_unknown_ones_are_not_found(payment, settings):
    base = settings.STRIPE_API_BASE
    assert payment.provider_ref in requests.get(base, timeout=10).text
    assert requests.get(f"{base}/c/pay/cs_test_x", timeout=10).status_code == 404
    assert "--ground" in requests.get(f"{base}/look.css", timeout=10).text


def test_unknown_parameters_and_changed_repetitions_are_refused(provider, settings):
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": settings.STRIPE_API_BASE})
    line = {
        "price_data": {"currency": "sek", "unit_amount": 500, "product_data": {"name": "x"}},
        "quantity": 1,
    }
    good = {"mode": "payment", "success_url": "http://localhost/", "line_items": [line]}
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        client.v1.checkout.sessions.create({**good, "payment_method_types": ["card"]})
    with pytest.raises(stripe.InvalidRequestError, match="expires_at"):
        client.v1.checkout.sessions.create({**good, "expires_at": provider.now() + 60})
    first = client.v1.checkout.sessions.create(good, {"idempotency_key": "k"})
    assert client.v1.checkout.sessions.create(good, {"idempotency_key": "k"}).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create({**good, "locale": "sv"}, {"idempotency_key": "k"})


def test_memory_survives_a_restart(tmp_path, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    state = tmp_path / "state.json"
    server = Server(StandIn(secret="whsec_x", state=state)).start()
    settings.STRIPE_API_BASE = server.url
    line = {
        "price_data": {"currency": "sek", "unit_amount": 500, "product_data": {"name": "x"}},
        "quantity": 1,
    }
    request = {"mode": "payment", "success_url": "http://localhost/", "line_items": [line]}
    made = asking.create_session(request=request, key="k")
    server.stop()
    again = StandIn(secret="whsec_x", state=state)
    assert again.objects[made.ref]["amount_total"] == 500
    assert again.pay(made.ref)["payment_status"] == "paid"


def test_stand_in_refuses_to_run_outside_the_demo(settings):
    settings.DEMO = settings.TESTING = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("stripe_stand_in")
