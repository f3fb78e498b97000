"""A company books several people over HTTP, as a browser without JavaScript does it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enrollment import group_booking
from enrollment.group_booking import Named
from enrollment.models import Booking, Company, Place, RunRules
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.company_screens import (
    PEOPLE,
    Visitor,
    check_screen,
    first_screen,
    hidden,
    url,
)
from tests.enrollment.factories import group_form, make_booking, make_full_run, make_open_run

pytestmark = pytest.mark.django_db


def test_three_screens_book_three_people(client, now):
    run = make_open_run(now=now, places_count=5)
    company = Visitor(client, run)
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


@pytest.mark.parametrize(("language", "prefix"), [("sv", "Fel: "), ("en", "Error: ")])
def test_an_empty_first_screen_tells_what_is_missing(client, now, language, prefix):
    company = Visitor(client, make_open_run(now=now), language)
    page = company.press("people", **dict.fromkeys(first_screen(), ""))
    html = page.content.decode()
    assert f"<title>{prefix}" in html
    assert html.index('class="problem"') < html.index("<h1")
    errors = page.context["form"].errors
    assert set(errors) == {"people", "number", "municipality", "name", "email"}
    for words in errors.values():
        assert html.count(words[0]) == 2
    assert not Booking.objects.exists()


def test_wrong_words_are_kept_and_a_single_name_is_enough(client, now):
    company = Visitor(client, make_open_run(now=now))
    html = company.press("people", **first_screen(number="556012")).content.decode()
    assert 'value="556012"' in html
    assert 'value="booker@ventil.example.org"' in html
    company.press("people", **first_screen(name="Exempel"))
    assert "Vilka tre kommer?" in company.page.content.decode()


def test_a_name_with_an_address_in_it_is_refused(client, now):
    company = Visitor(client, make_open_run(now=now))
    page = company.press("people", **first_screen(company_name="See https://win.example.org"))
    assert page.context["form"].errors["company_name"] == ["Skriv bara namnet"]


def test_an_unknown_company_needs_a_name_and_a_known_one_does_not(client, now):
    run = make_open_run(now=now)
    company = Visitor(client, run)
    page = company.press("people", **first_screen(company_name=""))
    assert page.context["form"].errors["company_name"] == ["Skriv företagets namn"]
    Company.objects.create(registration_number="4929004119", name="Exempel Ventil AB")
    company.press("people", **first_screen(company_name="Another Name"))
    company.press("check", **PEOPLE)
    assert "Exempel Ventil AB" in company.page.content.decode()


def test_a_sole_traders_name_is_not_told_to_whoever_knows_the_number(client, now):
    number = "8001019879"
    Company.objects.create(
        registration_number=number, name="Hemlige Exempelsson", is_personal_identity=True
    )
    company = Visitor(client, make_open_run(now=now))
    page = company.press("people", **first_screen(number=number, company_name=""))
    assert page.context["form"].errors["company_name"] == ["Skriv företagets namn"]
    company.press("people", **first_screen(number=number, company_name="Mitt företag"))
    company.press("check", **PEOPLE)
    html = company.page.content.decode()
    assert "Mitt företag" in html
    assert "Hemlige" not in html


@pytest.mark.parametrize(
    ("people", "field", "words"),
    [
        ({"name_3": "Bo Exempel"}, "email_3", "Skriv personens e-postadress också"),
        ({"email_3": "bo@ventil.example.org"}, "name_3", "Skriv personens namn också"),
        ({"name_3": "Bo", "email_3": "bo"}, "email_3", "Skriv en e-postadress, till exempel"),
        (
            {"name_3": "Anna Igen", "email_3": "ANNA@ventil.example.org"},
            "email_3",
            "Två personer har samma e-postadress.",
        ),
    ],
)
def test_half_a_person_is_told_beside_the_field(client, now, people, field, words):
    company = Visitor(client, make_open_run(now=now))
    company.press("people", **first_screen())
    page = company.press("check", **{**PEOPLE, **people})
    html = page.content.decode()
    assert "<title>Fel: " in html
    assert words in page.context["form"].errors[field][0]
    assert f'<a href="#{field}">' in html
    assert 'value="Anna Exempelsson"' in html
    assert not Booking.objects.exists()


def test_a_colleague_who_is_on_the_run_already_is_told_beside_the_name(client, now):
    run = make_open_run(now=now)
    one = make_open_run(now=now)
    make_booking(now=now, run=run, person=make_user(email="mats@ventil.example.org"))
    mats = Named("mats@ventil.example.org", "Mats", "Exempelman")
    before = group_booking.send(**group_form(run=one, now=now, people=[mats]))
    client.force_login(before.booked_by)
    company = Visitor(client, run)
    company.press("people", **first_screen())
    page = company.press("check", **PEOPLE)
    assert page.context["form"].errors["email_2"] == [
        "Personen har redan en plats på kurstillfället"
    ]


def test_back_and_change_keep_everything_and_come_back_to_the_check(client, now):
    company = check_screen(client, make_open_run(now=now))
    page = company.press("who", reference="PO 7")
    html = page.content.decode()
    assert 'value="492900-4119"' in html
    assert 'value="booker@ventil.example.org"' in html
    page = company.press("people", **first_screen(people="2", email="new@ventil.example.org"))
    html = page.content.decode()
    assert "Stämmer allt?" in html
    assert "new@ventil.example.org" in html
    assert "Två platser är era" in html
    page = company.press("names", reference="PO 7")
    assert 'value="Anna Exempelsson"' in page.content.decode()
    page = company.press("check", **{k: v for k, v in PEOPLE.items() if not k.endswith("3")})
    assert 'value="PO 7"' in page.content.decode()
    assert Place.objects.filter(enrollment__status=Status.HELD).count() == 2


def test_more_people_than_places_is_told(client, now):
    first = group_booking.send(
        **group_form(
            run=make_open_run(now=now),
            now=now,
            people=[Named("anna@ventil.example.org", "Anna", "E")],
        )
    )
    client.force_login(first.booked_by)
    company = Visitor(client, make_open_run(now=now))
    company.press("people", people="1")
    everybody = [value for value, _l in company.page.context["form"].fields["colleagues"].choices]
    page = company.press("check", colleagues=everybody)
    assert page.context["form"].errors["colleagues"] == [
        "Ni har 1 plats men har namngett fler personer"
    ]


def test_screens_cost_the_same_for_one_and_three_people(client, now):
    run = make_open_run(now=now, places_count=20)

    def cost(people: str) -> list[int]:
        company, counts = Visitor(client, run), []
        company.press("people", **first_screen(people=people))
        company.press("check")
        for step in ("who", "people", "names", "check"):
            with CaptureQueriesContext(connection) as asked:
                company.press(step, **(first_screen(people=people) if step == "people" else {}))
            counts.append(len(asked))
        return counts

    assert cost("1") == cost("3")


def test_a_full_run_leads_groups_to_the_line(client, now):
    run = make_full_run(now=now)
    answer = client.get(url("book_company", run.code))
    assert answer.url.startswith(url("wait", run.code))


def test_the_one_person_form_links_here(client, now):
    run = make_open_run(now=now)
    assert url("book_company", run.code) in client.get(url("book", run.code)).content.decode()
    RunRules.objects.create(run=run, most_per_booking=1)
    assert url("book_company", run.code) not in client.get(url("book", run.code)).content.decode()


def test_many_people_are_chosen_from_a_list_and_all_their_names_are_kept(client, now):
    run = make_open_run(now=now, places_count=20)
    RunRules.objects.create(run=run, most_per_booking=12)
    company = Visitor(client, run)
    assert '<select name="people"' in company.page.content.decode()
    company.press("people", **first_screen(people="12"))
    company.press("check", name_12="Tolva Exempel", email_12="tolva@ventil.example.org")
    assert "12 platser är era till kl." in company.page.content.decode()
    company.press("who")
    assert hidden(company.page)["email_12"] == "tolva@ventil.example.org"
