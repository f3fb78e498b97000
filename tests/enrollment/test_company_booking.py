"""A company books several people over HTTP, as a browser without JavaScript does it."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from courses.models import Course, Run
from enrollment import group_booking
from enrollment.group_booking import Named
from enrollment.models import Booking, Company, Enrollment, Place, RunRules
from enrollment.models.door import opened
from enrollment.places import Busy
from enrollment.status import Status
from enrollment.views.company_book import Journey
from home import formats
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.factories import group_form, make_booking, make_full_run, make_open_run
from tests.home.factories import make_municipality, make_region

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


class Visitor:
    """Walks through the screens and keeps what the page keeps."""

    def __init__(self, client, run, language="sv"):
        self.client, self.address = client, url("book_company", run.code, language=language)
        self.page = client.get(self.address)

    def press(self, step: str, **fields):
        self.page = self.client.post(self.address, {**hidden(self.page), **fields, "step": step})
        return self.page


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


def check_screen(client, run, **fields) -> Visitor:
    """A company on the check screen."""
    company = Visitor(client, run)
    company.press("people", **first_screen(**fields))
    company.press("check", **(PEOPLE if "people" not in fields else {}))
    return company


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


def test_the_hold_is_kept_longer_as_often_as_wanted_and_told_as_clock_time(client, now):
    company = check_screen(client, make_open_run(now=now))
    draft = Booking.objects.get()
    for _ in range(11):
        _age(draft, minutes=15)
        company.press("more")
        until = draft.enrollments.first().hold_until
        assert until > timezone.now() + timedelta(minutes=19)
        assert formats.clock(until) in company.page.content.decode()


def _age(draft, *, minutes: int) -> None:
    with opened():
        draft.enrollments.update(hold_until=F("hold_until") - timedelta(minutes=minutes))


def test_after_the_hold_everything_is_kept_and_one_click_holds_again(client, now):
    run = make_open_run(now=now, places_count=3)
    company = check_screen(client, run)
    draft = Booking.objects.get()
    _age(draft, minutes=21)
    page = company.press("more", reference="PO 7")
    html = page.content.decode()
    assert page.status_code == 409
    assert "Platserna hålls inte längre." in html
    assert 'value="PO 7"' in html
    assert "Anna Exempelsson" in html
    html = company.press("check", reference="PO 7").content.decode()
    assert "Tre platser är era till kl." in html
    assert Place.objects.free().filter(run=run).count() == 0


def test_sending_after_the_hold_takes_places_again(client, now):
    company = check_screen(client, make_open_run(now=now, places_count=3))
    _age(Booking.objects.get(), minutes=21)
    assert company.press("send").status_code == 302
    assert Enrollment.objects.live().count() == 3


def test_when_places_are_gone_the_form_offers_fewer_and_the_line(client, now):
    run = make_open_run(now=now, places_count=3)
    company = check_screen(client, run)
    _age(Booking.objects.get(), minutes=21)
    make_booking(now=timezone.now(), run=run)
    page = company.press("send", reference="PO 7")
    html = page.content.decode()
    assert page.status_code == 409
    assert "Två platser är kvar." in html
    assert f'formaction="{url("wait", run.code)}"' in html
    page = company.press("fewer-2", reference="PO 7")
    assert "Två platser är era till kl." in page.content.decode()
    company.press("send", reference="PO 7")
    booking = Booking.objects.exclude(company=None).get()
    assert booking.enrollments.confirmed().count() == 2
    assert Place.objects.free().filter(run=run).count() == 0


def test_sent_twice_is_one_booking(client, now):
    company = check_screen(client, make_open_run(now=now))
    fields = {**hidden(company.page), "step": "send"}
    first = client.post(company.address, fields)
    second = client.post(company.address, fields)
    assert first.url == second.url
    assert Booking.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="group_booked").count() == 1


def test_a_token_of_somebody_elses_booking_opens_nothing(client, now):
    run = make_open_run(now=now)
    other = make_booking(now=now, run=run)
    company = Visitor(client, run)
    company.press("people", **first_screen())
    page = company.press("check", **PEOPLE, token=str(other.token))
    assert page.status_code == 409
    assert hidden(page)["token"] != str(other.token)
    assert company.press("check").status_code == 200


def test_a_program_books_nothing(client, now):
    company = Visitor(client, make_open_run(now=now))
    company.press("people", **first_screen(website="https://spam.example.org"))
    assert "book/company" not in company.page.content.decode().partition("<main")[2]
    assert not Booking.objects.exists()


def test_one_caller_holds_six_times_in_ten_minutes(client, now):
    run, pages = make_open_run(now=now, places_count=40), []
    # A window that ends meanwhile lets as many pass once more.
    while len(pages) < 13 and 429 not in [page.status_code for page in pages]:
        pages.append(check_screen(client, run).page)
    assert len(pages) > 6
    assert (pages[-1].status_code, pages[-1]["Retry-After"]) == (429, "600")
    assert Booking.objects.count() == len(pages) - 1


def test_busy_is_told_with_a_time_to_come_back_and_the_form_kept(rf, now):
    run = Run.objects.with_days().get(pk=make_open_run(now=now).pk)
    request = rf.post("/", {**first_screen(), **PEOPLE, "token": str(uuid4()), "step": "check"})
    request.user, request.session = AnonymousUser(), {}
    journey = Journey(request, run, now)
    assert journey.who.is_valid()
    assert journey.people.is_valid()
    with override("sv"):
        page = journey.refused(Busy())
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert hidden(page)["email_1"] == "anna@ventil.example.org"
    assert "<title>Fel: " in page.content.decode()


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
