"""The three screens of a company's form, as a browser without JavaScript goes through them."""

import re
from html import unescape

from django.urls import reverse
from django.utils.translation import override

from tests.home.factories import make_municipality


def url(name: str, *args, language: str = "sv") -> str:
    with override(language):
        return reverse(name, args=args)


def hidden(response) -> dict[str, str]:
    """The hidden fields of the page's booking form."""
    html = response.content.decode()
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


class Visitor:
    """Walks through the screens and keeps what the page keeps."""

    def __init__(self, client, run, language="sv"):
        self.client, self.address = client, url("book_company", run.code, language=language)
        self.page = client.get(self.address)

    def press(self, step: str, **fields):
        self.page = self.client.post(self.address, {**hidden(self.page), **fields, "step": step})
        return self.page


def check_screen(client, run, **fields) -> Visitor:
    """A company on the check screen."""
    company = Visitor(client, run)
    company.press("people", **first_screen(**fields))
    company.press("check", **(PEOPLE if "people" not in fields else {}))
    return company
