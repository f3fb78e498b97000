"""The buyer's pages: what they say in each state, and to whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from enrollment import places
from enrollment.payments import fulfil
from enrollment.payments.models import Payment, Receipt
from tests.accounts.factories import make_user
from tests.enrollment.payments.helpers import make_paid_booking, make_payment, newest

pytestmark = pytest.mark.django_db


def page(client, name, booking, *, language="sv", **query):
    address = f"/{language}/my/bookings/{booking.public_id}/{name}/"
    return client.get(address, query)


@pytest.fixture
def booking(provider, client, now):
    booking = make_paid_booking(now=now)
    client.force_login(booking.booked_by)
    return booking


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ["6\xa0243,75\xa0kr", "1\xa0248,75\xa0kr", "Din plats hålls till", "Betala 6"]),
        ("en", ["SEK\xa06,243.75", "SEK\xa01,248.75", "Your place is held until", "Pay SEK"]),
    ],
)
def test_pay_page_says_price_vat_and_how_long(booking, client, language, words):
    answer = page(client, "pay", booking, language=language)
    text = answer.content.decode()
    assert answer.status_code == 200
    for each in words:
        assert each in text, each
    assert not Payment.objects.exists(), "looking begins nothing"


def test_pay_button_leads_to_the_providers_page(booking, client, provider):
    answer = client.post(reverse("pay", args=[booking.public_id]))
    assert answer.status_code == 302
    assert answer["Location"] == provider.sessions()[0]["url"]


def test_pay_page_after_going_back_still_holds_the_place(booking, client, provider):
    client.post(reverse("pay", args=[booking.public_id]))
    assert "Din plats hålls till" in page(client, "pay", booking).content.decode()


def test_pay_page_when_the_provider_is_away_says_so_and_offers_the_button(
    booking, client, settings
):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    answer = client.post(reverse("pay", args=[booking.public_id]))
    text = answer.content.decode()
    assert answer.status_code == 503 and answer["Retry-After"]
    assert "<title>Fel: " in text and "Betaltjänsten svarar inte" in text
    assert "Betala 6" in text
    assert newest(booking).status == "held"


def test_pay_page_after_the_hold_says_so_and_has_no_button(provider, client, now):
    booking = make_paid_booking(now=now - timedelta(hours=3))
    client.force_login(booking.booked_by)
    main = page(client, "pay", booking).content.decode().partition("<main")[2]
    assert "Ingen plats hålls längre" in main and "<form method" not in main
    assert client.post(reverse("pay", args=[booking.public_id])).status_code == 200
    places.expire(run=booking.run, now=now)


@pytest.mark.parametrize("name", ["pay", "paid"])
def test_pages_of_others_are_not_found(provider, client, now, name):
    payment = make_payment(now=now)
    booking = payment.order.booking
    assert page(client, name, booking).status_code == 404
    client.force_login(make_user())
    assert page(client, name, booking).status_code == 404
    assert client.get(f"/sv/my/bookings/{uuid4()}/{name}/").status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "promoter", "leader"])
@pytest.mark.parametrize("name", ["pay", "paid"])
def test_staff_are_led_to_the_booking_and_pay_nothing(provider, client, now, role, name):
    booking = make_paid_booking(now=now)
    staff = make_user(role=role)
    booking.run.host.staff.add(staff)
    booking.run.leaders.add(staff)
    client.force_login(staff)
    answer = page(client, name, booking)
    assert answer["Location"] == reverse("booking", args=[booking.public_id])
    # Who leads a run has the list of participants; others' bookings are not a leader's.
    shown = 404 if role == "leader" else 200
    assert client.get(answer["Location"]).status_code == shown
    assert client.post(reverse("pay", args=[booking.public_id]))["Location"] == answer["Location"]
    assert not Payment.objects.exists() and not provider.sessions()


def test_participant_may_pay_for_what_a_colleague_booked(provider, client, now):
    participant, colleague = make_user(), make_user()
    booking = make_paid_booking(now=now, person=participant, booked_by=colleague)
    for who in (participant, colleague):
        client.force_login(who)
        assert page(client, "pay", booking).status_code == 200


def test_return_page_never_says_failed_while_unknown_and_looks_again(booking, client, provider):
    client.post(reverse("pay", args=[booking.public_id]))
    answer = page(client, "paid", booking)
    text = answer.content.decode()
    assert "Vi kontrollerar din betalning" in text and "Kontrollera igen" in text
    assert answer["Refresh"].endswith("?checks=1")
    last = page(client, "paid", booking, checks="15")
    assert "Refresh" not in last


def test_return_page_with_the_provider_away_is_still_checking(booking, client, provider, settings):
    client.post(reverse("pay", args=[booking.public_id]))
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    answer = page(client, "paid", booking)
    assert answer.status_code == 200
    assert "Vi kontrollerar din betalning" in answer.content.decode()


@pytest.mark.parametrize("checks", ["x", "-1", "9" * 400, "²", ""])
def test_return_page_takes_any_number_of_checks(booking, client, provider, checks):
    client.post(reverse("pay", args=[booking.public_id]))
    assert page(client, "paid", booking, checks=checks).status_code == 200


def test_return_page_shows_paid_and_the_receipt_before_any_message(booking, client, provider):
    client.post(reverse("pay", args=[booking.public_id]))
    provider.pay(provider.sessions()[0]["id"])
    text = page(client, "paid", booking, language="en").content.decode()
    receipt = Receipt.objects.get()
    assert "Thank you, the payment is done" in text
    assert reverse("receipt", args=[receipt.public_id]).replace("/sv/", "/en/") in text
    assert newest(booking).status == "confirmed"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("delayed", "Vi väntar på banken"),
        ("refused", "Betalningen blev inte av"),
        ("expired", "Tiden för att betala gick ut"),
        ("amount", "Vi har fått din betalning"),
    ],
)
def test_return_page_tells_every_other_end(booking, client, provider, how, words):
    client.post(reverse("pay", args=[booking.public_id]))
    (session,) = provider.sessions()
    if how == "expired":
        provider.advance(32 * 60)
    elif how == "amount":
        provider.pay(session["id"])
        session["amount_total"] -= 1
    else:
        provider.pay(session["id"], "delayed")
        if how == "refused":
            provider.settle(session["id"], ok=False)
    assert words in page(client, "paid", booking).content.decode()


def test_receipt_is_for_its_buyer_and_says_all_that_a_receipt_must(provider, client, now):
    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    fulfil.refresh(payment=payment, now=now)
    receipt = Receipt.objects.get()
    address = f"/sv/my/receipts/{receipt.public_id}/"
    assert client.get(address).status_code == 404
    client.force_login(make_user())
    assert client.get(address).status_code == 404
    client.force_login(receipt.buyer)
    text = client.get(address).content.decode()
    seller = payment.order.seller
    for words in (
        receipt.label,
        seller.legal_name,
        f"{seller.registration_number[:6]}-{seller.registration_number[6:]}",
        "4\xa0995\xa0kr",
        "1\xa0248,75\xa0kr",
        "6\xa0243,75\xa0kr",
        "moms 25\xa0%",
        "Moms 25\xa0%",
        payment.order.booking.run.code,
    ):
        assert words in text, words


def test_receipt_stays_as_it_was_when_names_change(provider, now):
    from enrollment.payments.models import IssuedOnce

    payment = make_payment(now=now)
    provider.pay(payment.provider_ref)
    fulfil.refresh(payment=payment, now=now)
    receipt = Receipt.objects.get()
    for attempt in (receipt.save, receipt.delete, Receipt.objects.all().delete):
        with pytest.raises(IssuedOnce):
            attempt()
    with pytest.raises(IssuedOnce):
        Receipt.objects.update(number=7)
    seller = payment.order.seller
    seller.legal_name = "Annat namn AB"
    seller.save()
    receipt.refresh_from_db()
    assert receipt.content["seller"]["name"] != "Annat namn AB"
