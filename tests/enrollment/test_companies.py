import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.checks import run_checks
from django.db import transaction

from accounts.roles import Role
from enrollment import companies, lookup
from enrollment.models import Company
from tests.accounts.factories import make_user

DEMO_NUMBERS = [
    "492300-1376",
    "492600-2744",
    "492900-4119",
    "493200-5483",
    "493500-6850",
    "493800-8226",
    "494100-9591",
    "494401-0968",
    "494701-2334",
    "495001-3708",
    "495301-5072",
    "495601-6440",
    "495901-7817",
    "496201-9180",
    "496502-0557",
    "496802-1925",
    "497102-3298",
    "497402-4665",
    "497702-6030",
    "498002-7405",
    "498302-8772",
    "498603-0148",
    "498903-1515",
    "492203-2885",
]

# Test numbers of Skatteverket's kind: a birthday, and a coordination number (day + 60).
SOLE_TRADER, COORDINATION = "850709-9805", "701063-2391"


@pytest.mark.parametrize(
    "written",
    [
        "556016-0680",
        "5560160680",
        "16556016-0680",
        "165560160680",
        " 556016 0680 ",
        "556016\u20130680",
        "556016\u00a00680",
        "SE556016068001",
        "se 556016-0680 01",
        "556016.0680",
    ],
)
def test_a_number_written_in_any_way_is_one_number(written):
    assert companies.normalise(written) == companies.Number("5560160680", False)


@pytest.mark.parametrize("written", DEMO_NUMBERS)
def test_demo_numbers_are_companies(written):
    assert companies.normalise(written) == companies.Number(written.replace("-", ""), False)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "5560160681",
        "556016068",
        "55601606800",
        "17556016-0680",
        "SE556016068002",
        "ABCDEFGHIJ",
        "8513099801",
        "0000000000",
        "'; DROP TABLE",
        "5560160680" * 50,
    ],
)
def test_what_is_no_number_is_refused_in_words(written):
    with pytest.raises(companies.NumberError) as error:
        companies.normalise(written)
    assert "492900-4119" in str(error.value.message)


@pytest.mark.parametrize(
    "written", [SOLE_TRADER, "19850709-9805", "198507099805", "850709+9805", "8507099805"]
)
def test_a_sole_traders_number_is_known_as_a_persons(written):
    assert companies.normalise(written) == companies.Number("8507099805", True)


def test_a_coordination_number_is_a_persons_too():
    assert companies.normalise(COORDINATION).is_personal_identity


@pytest.mark.parametrize(
    ("country", "written", "kept"),
    [
        ("NO", "923 609 016", "923609016"),
        ("FI", "fi-0112038-9", "FI01120389"),
        ("DE", "HRB.5", "HRB5"),
    ],
)
def test_a_foreign_number_is_only_tidied(country, written, kept):
    assert companies.normalise(written, country=country) == companies.Number(kept, False)


@pytest.mark.parametrize("written", ["", " - ", "x" * 21, "91<b>2"])
def test_a_foreign_number_that_is_none_is_refused(written):
    with pytest.raises(companies.NumberError):
        companies.normalise(written, country="NO")


def test_a_number_is_shown_with_its_hyphen_and_its_country():
    assert companies.shown_number(Company(registration_number="4929004119")) == "492900-4119"
    foreign = Company(country="NO", registration_number="923609016")
    assert companies.shown_number(foreign) == "NO 923609016"


@pytest.mark.django_db
def test_a_sole_traders_number_is_shown_to_coordinators_only():
    company = Company(
        registration_number="8507099805", is_personal_identity=True, name="Exempelsvets"
    )
    for role in (None, Role.PROMOTER, Role.LEADER, Role.COMMUNICATOR):
        assert (
            companies.shown_number(company, to=make_user(role=role))
            == "\u2022" * 6 + "-" + "\u2022" * 4
        )
    assert companies.shown_number(company, to=make_user(role=Role.COORDINATOR)) == "850709-9805"
    assert str(company) == "Exempelsvets"


@pytest.mark.django_db
def test_a_company_is_one_whoever_types_its_number(now):
    first = companies.known_or_new(number="492900-4119", name="Ventil  AB", actor=None, now=now)
    again = companies.known_or_new(number="164929004119", name="Annat", actor=None, now=now)
    other = companies.known_or_new(
        number="4929004119", name="Ventil AS", country="NO", actor=None, now=now
    )
    assert (first, first.name) == (again, "Ventil AB")
    assert other != first


@pytest.mark.django_db
def test_a_new_company_has_the_registers_name(now):
    company = companies.known_or_new(
        number="492900-4119", name="ventil", found_name="Exempel Ventil AB", actor=None, now=now
    )
    assert company.name == "Exempel Ventil AB"


@pytest.mark.parametrize(
    ("given", "domain"),
    [
        ("anna@Ventil.Example.org", "ventil.example.org"),
        ("ventil.example.org", "ventil.example.org"),
        ("anna@gmail.com", ""),
        ("HOTMAIL.SE", ""),
        ("anna@localhost", ""),
        ("a b@<x>.se", ""),
        ("", ""),
    ],
)
def test_a_public_mail_providers_domain_is_nobodys(given, domain):
    assert companies.own_domain(given) == domain


@pytest.mark.django_db
def test_describing_a_company_notes_when_its_size_was_declared(now):
    company = companies.known_or_new(number="492900-4119", name="Ventil", actor=None, now=now)
    given = {"company": company, "email_domain": "@Ventil.example.org", "size": "small"}
    assert companies.describe(**given, actor=None, now=now)
    assert not companies.describe(**given, actor=None, now=now)
    company.refresh_from_db()
    assert (company.email_domain, company.size) == ("ventil.example.org", "small")
    assert company.size_declared_at == now
    with pytest.raises(companies.DomainError):
        companies.describe(company=company, email_domain="gmail.com", size="", actor=None, now=now)


class Raising:
    def find(self, *, country, number):
        raise OSError(number)


class Remembering:
    asked: list = []

    def find(self, *, country, number):
        self.asked.append(number)
        return lookup.Found("Exempel Ventil AB")


HERE = f"{__name__}."


def test_without_a_register_nothing_is_found():
    assert lookup.look_up(country="SE", number="492900-4119") is None


def test_a_register_that_fails_is_no_register_and_its_log_has_no_number(settings, caplog):
    settings.COMPANY_LOOKUP = f"{HERE}Raising"
    assert lookup.look_up(country="SE", number="492900-4119") is None
    assert "4929004119" not in caplog.text
    assert "OSError" in caplog.text


def test_a_persons_number_never_leaves_the_house(settings):
    settings.COMPANY_LOOKUP = f"{HERE}Remembering"
    Remembering.asked.clear()
    assert lookup.look_up(country="SE", number=SOLE_TRADER) is None
    assert lookup.look_up(country="SE", number="492900-4119").name == "Exempel Ventil AB"
    assert Remembering.asked == ["4929004119"]


@pytest.mark.django_db(transaction=True)
def test_no_register_is_asked_inside_a_transaction(settings):
    with transaction.atomic(), pytest.raises(RuntimeError):
        lookup.look_up(country="SE", number="492900-4119")


@contextmanager
def register_that_says(status: int, body: bytes, settings):
    seen = []

    class Register(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Register)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.COMPANY_LOOKUP = "enrollment.lookup.HttpLookup"
    settings.COMPANY_LOOKUP_URL = f"http://127.0.0.1:{server.server_port}/companies/"
    try:
        yield seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_register_over_http_gives_the_name_and_the_municipality(settings):
    said = {"name": "Exempel\r\nVentil AB", "municipality_code": "2181", "more": [1]}
    with register_that_says(200, json.dumps(said).encode(), settings) as seen:
        found = lookup.look_up(country="SE", number="492900-4119")
    assert found == lookup.Found("Exempel Ventil AB", "2181")
    assert seen == ["/companies/SE/4929004119"]


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b""), (500, b"no"), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (200, b'{"name": ')],
)
def test_a_register_that_answers_nonsense_finds_nothing(settings, status, body):
    with register_that_says(status, body, settings):
        assert lookup.look_up(country="SE", number="492900-4119") is None


@pytest.mark.parametrize(
    ("named", "address", "wrong"),
    [
        ("enrollment.lookup.NullLookup", "", None),
        ("enrollment.lookup.Nobody", "", "enrollment.E001"),
        ("nonsense", "", "enrollment.E001"),
        ("enrollment.lookup.Found", "", "enrollment.E001"),
        ("enrollment.lookup.HttpLookup", "", "enrollment.E002"),
        ("enrollment.lookup.HttpLookup", "http://register.example.org", "enrollment.E002"),
        ("enrollment.lookup.HttpLookup", "https://register.example.org/v1", None),
    ],
)
def test_a_register_is_checked_at_start(settings, named, address, wrong):
    settings.COMPANY_LOOKUP, settings.COMPANY_LOOKUP_URL = named, address
    found = [m.id for m in run_checks() if m.id and m.id.startswith("enrollment.")]
    assert found == ([wrong] if wrong else [])
