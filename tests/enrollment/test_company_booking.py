"""A company books several people over HTTP, as a browser without JavaScript does it."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import override

from enrollment.models import Booking, Place
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.enrollment.factories import make_open_run
from tests.home.factories import make_municipality

pytestmark = pytest.mark.django_db


def url(name: str, *args, language: str = "sv") -> str:
    with override(language):
        return reverse(name, args=args)


def hidden(response) -> dict[str, str]:
    """The hidden fields of the page's booking form."""
    html = response.content.decode()
    form = html[html.index("<form") :]
    form = re.search(r'<form[^>]*book/company/".*?</form>', html, re.DOTALL).group()
    found = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', form):
        name = re.search(r'name="([^"]*)"', tag).group(1)
        value = re.search(r'value="([^"]*)"', tag)
        found[name] = unescape(value.group(1)) if value else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def first_screen(**fields) -> dict[str, str]:
    return {
        "people": "3",
        "number": "492900-4119",
        "company_name": "Exempel Ventil & Hydraulik AB",
        "municipality": str(make_municipality("21").pk),
        "name": "Exempel Anna Exempelsson",
        "email": "booker@ventil.example.org",
        **fields,
    }


PEOPLE = {
    "name_1": "Anna Exempelsson",
    "email_1": "anna@ventil.example.org",
    "name_2": "Mats Exempelman",
    "email_2": "mats@ventil.example.org",
    "name_3": "",
    "email_3": "",
}


class Company:
    """Walks through the screens and keeps what the page keeps."""

    def __init__(self, client, run, language="sv"):
        self.client, self.address = client, url("book_company", run.code, language=language)
        self.page = client.get(self.address)

    def press(self, step: str, **fields):
        self.page = self.client.post(self.address, {**hidden(self.page), **fields, "step": step})
        return self.page


def test_three_screens_book_three_people(client, now):
    run = make_open_run(now=now, places_count=5)
    company = Company(client, run)
    assert "Vilka är ni, och hur många kommer?" in company.page.content.decode()
    company.press("people", **first_screen())
    assert "Vilka tre kommer?" in company.page.content.decode()
    assert not Booking.objects.exists()
    company.press("check", **PEOPLE)
    html = company.page.content.decode()
    assert "Stämmer allt?" in html
    assert "Tre platser är era till kl." in html
    assert Place.objects.free().filter(run=run).count() == 2
    assert not OutgoingMail.objects.exists()
    answer = company.press("send", reference="PO 7")
    booking = Booking.objects.get()
    assert answer.url == url("booking", booking.public_id)
    assert (booking.booked_by.first_name, booking.booked_by.last_name) == (
        "Exempel Anna",
        "Exempelsson",
    )
    assert (booking.company.name, booking.reference) == ("Exempel Ventil & Hydraulik AB", "PO 7")
    statuses = list(booking.enrollments.order_by("pk").values_list("status", flat=True))
    assert statuses == [Status.CONFIRMED, Status.CONFIRMED, Status.HELD]
    assert client.get(answer.url).status_code == 200
