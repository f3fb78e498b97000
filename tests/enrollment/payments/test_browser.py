"""Somebody pays in a browser, in both languages, wide and narrow; every page on the way is accessible."""

import copy

import pytest
from django.test import Client

from enrollment.payments import tasks
from enrollment.payments.models import Receipt, WebhookEvent
from tests.enrollment.factories import make_open_run
from tests.enrollment.payments.helpers import make_paid_booking, newest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


@pytest.fixture(scope="session")
def base_url() -> str:
    """In place of the plugin's own, which pytest 9 warns of."""
    return ""


@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 360)])
def test_pay_with_a_card(provider, live_server, settings, page, axe, now, language, width):
    settings.SITE_URL = live_server.url
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"].append(settings.STRIPE_API_BASE)
    settings.CONTENT_SECURITY_POLICY = policy
    provider.webhook = f"{live_server.url}/webhooks/stripe/"
    run = make_open_run(now=now, price_ore=499500)
    booking = make_paid_booking(now=now, run=run, language=language)
    client = Client()
    client.force_login(booking.booked_by)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    complaints = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{live_server.url}/{language}/my/bookings/{booking.public_id}/pay/")
    found = axe(page)
    page.locator("main form button").click()
    page.wait_for_url("**/c/pay/**")
    found += axe(page)
    page.locator("button[value=back]").click()
    page.wait_for_url("**/pay/")
    page.locator("main form button").click()
    page.wait_for_url("**/c/pay/**")
    page.locator("button[value=card]").click()
    page.wait_for_url("**/paid/**")
    found += axe(page)
    words = {"sv": "Tack, betalningen är klar", "en": "Thank you, the payment is done"}
    assert page.locator("h1").inner_text() == words[language]
    page.locator("main a.btn").click()
    page.wait_for_url("**/receipts/**")
    found += axe(page)
    assert Receipt.objects.get().label in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
    assert complaints == []

    for event in WebhookEvent.objects.filter(processed_at=None):
        tasks.process_event.func(event_id=event.pk)
    assert newest(booking).status == "confirmed" and Receipt.objects.count() == 1
