import pytest
from django.urls import reverse
from django.utils import translation

from messaging.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    with translation.override("sv"):
        return reverse("accessibility_message")


def test_barrier_is_passed_on_without_a_name(client, address):
    response = client.post(
        address, {"what": "Kartan går inte att läsa.", "where": "/sv/", "email": ""}
    )
    assert response.status_code == 302
    assert "Tack." in client.get(response["Location"]).content.decode()
    mail = OutgoingMail.objects.get()
    assert mail.to_address == "tillganglighet@focusindustri.example.org"
    assert "Kartan går inte att läsa." in mail.text and "Ingen har bett om svar." in mail.text


def test_same_words_sent_twice_are_one_mail(client, address):
    for _ in range(2):
        client.post(address, {"what": "Samma sak."})
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"what": ""}, "Skriv vad som inte fungerar"),
        ({"what": "x", "email": "namn@"}, "namn@foretag.se"),
        ({"what": "x" * 2001}, "2000"),
        ({"what": "a\0b"}, "null"),
    ],
)
def test_bad_message_says_why_keeps_the_words_and_sends_nothing(client, address, typed, message):
    response = client.post(address, {"where": "min sida", **typed})
    html = response.content.decode()
    assert response.status_code == 422
    assert message in html.lower() or message in html
    assert "<title>Fel: " in html and 'class="problem"' in html
    assert 'value="min sida"' in html
    assert not OutgoingMail.objects.exists()


def test_sixth_message_in_an_hour_is_refused(client, address):
    for n in range(5):
        assert client.post(address, {"what": f"Hinder {n}"}).status_code == 302
    response = client.post(address, {"what": "Hinder 6"})
    assert response.status_code == 429 and "Hinder 6" in response.content.decode()
    assert OutgoingMail.objects.count() == 5
