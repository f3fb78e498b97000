"""What a company's form asks and tells by the rules of the run, its price, and what is known of the company."""

from uuid import uuid4

import pytest

from accounts.models import User
from courses.models import Course, Run
from enrollment import group_booking
from enrollment.group_booking import Named
from enrollment.models import Booking, Company, Enrollment, Place, RunRules
from enrollment.status import Status
from tests.enrollment.company_screens import PEOPLE, Visitor, check_screen, first_screen, url
from tests.enrollment.factories import group_form, make_open_run
from tests.home.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db


def test_the_runs_rules_are_told_in_words(client, now):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, regions_only=True)
    run.open_to.set([make_region("20")])
    company = Visitor(client, run)
    page = company.press("people", **first_screen())
    html = page.content.decode()
    assert page.status_code == 409
    assert "<title>Fel: " in html
    assert 'class="problem"' in html
    assert "Gävleborg" in html[html.index('class="problem"') : html.index("<h1")]


def test_one_person_reads_the_runs_rules_too_and_is_asked_for_the_municipality(client, now):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, regions_only=True)
    run.open_to.set([make_region("20")])
    assert "municipality" in client.get(url("book", run.code)).context["form"].fields
    page = client.post(
        url("book", run.code),
        {
            "first_name": "Elin",
            "last_name": "Exempelsson",
            "email": "elin@ventil.example.org",
            "municipality": make_municipality("21").pk,
            "terms": "on",
            "token": str(uuid4()),
        },
    )
    assert page.status_code == 409
    assert 'class="problem"' in page.content.decode()
    assert not Enrollment.objects.exists()


def test_a_team_run_leads_to_the_companys_form(client, now):
    run = make_open_run(now=now)
    run.course.unit = Course.Unit.TEAM
    run.course.save()
    assert client.get(url("book", run.code)).url == url("book_company", run.code)
    company = Visitor(client, run)
    choices = [value for value, _label in company.page.context["form"].fields["people"].choices]
    assert choices == [2, 3, 4]
    company.press("people", **first_screen())
    company.press("check", **PEOPLE)
    assert "En plats är er till kl." in company.page.content.decode()
    assert company.press("send").status_code == 302
    assert Place.objects.free().filter(run=run).count() == 9


def test_an_application_needs_a_motivation_and_holds_nothing(client, now):
    run = make_open_run(now=now, selection=Run.Selection.APPLICATION)
    company = check_screen(client, run)
    html = company.page.content.decode()
    assert "Skicka ansökan" in html
    assert not Booking.objects.exists()
    page = company.press("send", motivation="")
    assert page.context["form"].errors["motivation"] == ["Skriv varför ni vill delta"]
    answer = company.press("send", motivation="Vi vill laga mer.")
    booking = Booking.objects.get()
    assert booking.application.motivation == "Vi vill laga mer."
    assert "Er ansökan för 3 personer har kommit in" in client.get(answer.url).content.decode()


def test_a_priced_run_shows_the_sum_and_leads_to_the_payment(client, now):
    run = make_open_run(now=now, price_ore=7_500_00)
    company = check_screen(client, run)
    html = company.page.content.decode().replace("\xa0", " ")
    assert "22 500 kr" in html
    assert "28 125 kr" in html
    answer = company.press("send")
    assert answer.url == url("pay", Booking.objects.get().public_id)


def test_a_free_run_shows_the_value_of_the_aid_and_a_course_without_price_does_not(client, now):
    run = make_open_run(now=now)
    assert "Stödets värde" not in check_screen(client, run).page.content.decode()
    run.course.price_ore = 6_000_00
    run.course.save()
    html = check_screen(client, run).page.content.decode().replace("\xa0", " ")
    assert "Stödets värde: 18 000 kr." in html
    assert "22 500 kr" in html


def test_size_is_asked_once_where_only_small_companies_may_come(client, now):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, sme_only=True)
    company = check_screen(client, run)
    page = company.press("send", size="")
    assert page.context["form"].errors["size"] == ["Välj hur många som arbetar i företaget"]
    page = company.press("send", size="large")
    assert page.status_code == 409
    assert not Company.objects.exists()
    assert company.press("send", size="small").status_code == 302
    assert Booking.objects.get().size == "small"
    assert Enrollment.objects.confirmed().count() == 2
    # Who has written a number has not proven to speak for the company: the next one is asked again.
    assert Company.objects.get().size == ""
    again = check_screen(client, run, people="1", email="two@ventil.example.org")
    assert "size" in again.page.context["form"].fields
    Company.objects.update(size="small")
    again = check_screen(client, run, people="1", email="two@ventil.example.org")
    assert "Stämmer allt?" in again.page.content.decode()
    assert "size" not in again.page.context["form"].fields


def test_a_known_company_is_asked_for_at_most_four_things(client, now):
    run = make_open_run(now=now, places_count=9)
    first = group_booking.send(
        **group_form(
            run=make_open_run(now=now),
            now=now,
            people=[Named("anna@ventil.example.org", "Anna", "E")],
        )
    )
    client.force_login(first.booked_by)
    company = Visitor(client, run)
    form = company.page.context["form"]
    assert company.page.context["short"]
    assert "name" not in form.fields
    assert "email" not in form.fields
    html = company.page.content.decode()
    assert "Exempel Ventil &amp; Hydraulik AB" in html
    assert 'type="text" name="number"' not in html
    company.press("people", people="3")
    listed = [label for _pk, label in company.page.context["form"].fields["colleagues"].choices]
    assert listed == ["Exempel Exempelsson", "Anna E"]
    anna = User.objects.get(email="anna@ventil.example.org")
    company.press("check", colleagues=[str(anna.pk)])
    answer = company.press("send")
    booking = Booking.objects.latest("pk")
    assert answer.url == url("booking", booking.public_id)
    assert booking.company == first.company
    assert booking.enrollments.get(person=anna).status == Status.CONFIRMED
    assert booking.enrollments.unnamed().count() == 2


def test_another_company_than_the_known_one(client, now):
    first = group_booking.send(**group_form(run=make_open_run(now=now), now=now, people=[None]))
    client.force_login(first.booked_by)
    company = Visitor(client, make_open_run(now=now))
    page = company.press("other", people="2")
    assert 'type="text" name="number"' in page.content.decode()
    assert 'value="2" id="people_1" checked' in page.content.decode()
    company.press(
        "people",
        people="2",
        number="493200-5483",
        company_name="Exempelsensor AB",
        municipality=str(make_municipality("20").pk),
    )
    assert "colleagues" not in company.page.context["form"].fields
    company.press("check", name_1="", email_1="")
    assert "Exempelsensor AB" in company.page.content.decode()


def test_colleagues_are_those_the_booker_named_and_nobody_elses(client, now):
    mine, theirs = make_open_run(now=now), make_open_run(now=now)
    first = group_booking.send(
        **group_form(run=mine, now=now, people=[Named("anna@ventil.example.org", "Anna", "E")])
    )
    group_booking.send(
        **group_form(
            run=theirs,
            now=now,
            booker=Named("other@ventil.example.org", "Annan", "Bokare"),
            people=[Named("bo@ventil.example.org", "Bo", "E")],
        )
    )
    client.force_login(first.booked_by)
    run = make_open_run(now=now)

    def listed():
        company = Visitor(client, run)
        company.press("people", people="2")
        choices = company.page.context["form"].fields["colleagues"].choices
        return {label for _pk, label in choices}

    assert listed() == {"Exempel Exempelsson", "Anna E"}
    first.company.memberships.filter(user=first.booked_by).update(verified_at=now)
    assert listed() == {"Exempel Exempelsson", "Anna E", "Bo E"}
