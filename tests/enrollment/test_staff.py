"""What staff see of a run, and what they do there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.policy import visible
from config.baseline import ensure_roles
from enrollment import drafts, group_booking, needs, places, sheets, why
from enrollment.group_booking import Named
from enrollment.models import Booking, Enrollment, WaitingEntry
from enrollment.status import Status
from tests.accounts.factories import make_user
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.home.factories import make_promoter, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _groups():
    ensure_roles()


def sign_in(client, role="coordinator", promoter=None):
    user = make_user(role=role)
    if promoter:
        promoter.staff.add(user)
    client.force_login(user)
    return user


def page(client, run, name="run", **query):
    return client.get(reverse(f"enrolments:{name}", args=[run.code]), query)


def share_of(run, *, now, county="21", count=2, promoter=None, days=10):
    return places.set_share(
        run=run,
        region=make_region(county),
        promoter=promoter or make_promoter(f"medvard-{county}", region_code=county),
        count=count,
        release_at=now + timedelta(days=days),
        actor=None,
        now=now,
    )


def test_run_page_shows_places_by_share_people_and_line(client, now):
    run = make_open_run(now=now, places_count=3)
    share_of(run, now=now, count=1)
    make_booking(now=now, run=run, company_name="Bolaget Ett AB")
    booking = make_booking(now=now, run=run)
    waiting = make_waiting(now=now, run=run, wanted=2, at_least=2)
    sign_in(client)
    text = page(client, run).text
    assert "Gävleborg, Exempelfrämjaren medvard-21" in text and "Bolaget Ett AB" in text
    assert text.count('<rect class="t"') == 2 + 1, "two confirmed and the one of the key"
    assert text.count('<rect class="r"') == 1 + 1 and str(waiting.person) in text
    assert str(booking.booked_by) in text and "hålls åt företag i Gävleborg till" in text
    english = client.get(
        reverse("enrolments:run", args=[run.code]), headers={"accept-language": "en"}
    )
    assert english.status_code == 200


def test_run_page_takes_the_same_queries_for_three_and_thirty(client, now):
    sign_in(client)

    def filled(n: int):
        run = make_open_run(now=now, places_count=n, price_ore=100_000)
        for _person in range(n):
            make_booking(now=now, run=run)
        for _person in range(n):
            make_waiting(now=now, run=run)
        return run

    few, many = filled(3), filled(30)
    page(client, few)
    counted = []
    for run in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page(client, run).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 40, counted


def test_people_are_sorted_and_filtered_by_the_address(client, now):
    run = make_open_run(now=now)
    for last, company in (("Öberg", "Beta AB"), ("Alm", "Alfa AB"), ("Berg", "Beta AB")):
        make_booking(now=now, run=run, person=make_user(last_name=last), company_name=company)
    sign_in(client)

    def shown(**query):
        rows = page(client, run, **query).context["rows"]
        return [row.enrollment.person.last_name for row in rows]

    assert shown() == ["Alm", "Berg", "Öberg"] and shown(sort="-name") == ["Öberg", "Berg", "Alm"]
    assert shown(company="Beta AB") == ["Berg", "Öberg"]
    assert shown(status="held") == [] and len(shown(status="nonsense", sort="password")) == 3
    assert shown(company="finns inte") == []


def test_export_has_exactly_what_is_shown(client, now):
    run = make_open_run(now=now)
    make_booking(now=now, run=run, person=make_user(last_name="Alm"), company_name="Alfa AB")
    make_booking(now=now, run=run, person=make_user(last_name="=1+1"), company_name="Beta AB")
    sign_in(client)
    response = page(client, run, "export", company="Beta AB")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "'=1+1" in lines[1] and "Alm" not in lines[1]
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "word", ["=1+1", "+46 10 000", "-2", "@SUM(1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1"]
)
def test_cells_are_never_formulas(word):
    cell = sheets.cell(word)
    assert cell.startswith("'") and "\r" not in cell and "\n" not in cell and "\t" not in cell
    assert sheets.cell("010-000 00 00") == "010-000 00 00"


def test_what_needs_a_person_comes_first(client, now):
    run = make_open_run(now=now)
    named = Named("a@example.org", "A", "B")
    group_booking.send(**group_form(run=run, now=now, people=[named, None]))
    sign_in(client)
    text = page(client, run).text
    assert "1 deltagare saknar namn" in text
    assert text.index('id="needs"') < text.index('id="places"') < text.index('id="people"')


def test_a_line_has_its_reasons_and_the_caterer_numbers_without_names(client, now):
    run = make_open_run(now=now, places_count=1)
    seat = make_enrollment(now=now, run=run)
    entry = make_waiting(now=now, run=run)
    needs.give(enrollment=seat, diet=["vegan"], access=[], consent=True, now=now)
    sign_in(client, "promoter", run.host)
    text = page(client, run).text
    assert all(answer.text in text for answer in why.why(entry, now=now))
    caterer = text.split('id="diet"')[1].split("<details>")[0]
    assert "1 vegan" in caterer and str(seat.person) not in caterer
    assert "◐" in text.split('id="people"')[1]
    sign_in(client)
    assert "◐" not in page(client, run).text, "only the host reads of needs"


def test_history_says_who_did_what_and_has_pages(client, now):
    run = make_open_run(now=now, places_count=60)
    actor = sign_in(client)
    places.resize(run=run, capacity=61, actor=actor, now=now)
    for _person in range(51):
        make_booking(now=now, run=run)
    first, second = page(client, run), page(client, run, page=2)
    assert len(first.context["history"]) == 50 and "60 → 61" not in first.text
    assert "60 → 61" in second.text and str(actor) in second.text
    assert "Bekräftad" in first.text
    assert page(client, run, page="x").status_code == 200


def test_a_host_sees_its_own_runs_only(client, now):
    run, other = make_open_run(now=now), make_open_run(now=now, host=make_promoter("annan"))
    sign_in(client, "promoter", run.host)
    assert page(client, run).status_code == 200
    assert page(client, other).status_code == 404
    assert page(client, other, "export").status_code == 404
    for name in ("add_participant", "add_group", "resize"):
        assert client.post(reverse(f"enrolments:{name}", args=[other.code])).status_code == 404


def test_a_co_organiser_sees_its_own_county_and_changes_nothing(client, now):
    run = make_open_run(now=now, places_count=5)
    partner = make_promoter("medvard", region_code="21")
    share_of(run, now=now, count=2, promoter=partner)
    ours = make_enrollment(now=now, run=run, region=make_region("21"))
    theirs = make_enrollment(now=now, run=run, region=make_region("20"))
    nowhere = make_enrollment(now=now, run=run)
    for county in ("20", "21"):
        make_waiting(now=now, run=run, region=make_region(county), wanted=4, at_least=4)
    actor = sign_in(client, "promoter", partner)
    text = page(client, run).text
    assert str(ours.person) in text
    assert str(theirs.person) not in text and str(nowhere.person) not in text
    assert len(page(client, run).context["board"].line) == 1
    assert [pool.partner.region.code for pool in page(client, run).context["board"].pools] == ["21"]
    exported = page(client, run, "export").text
    assert ours.person.email in exported and theirs.person.email not in exported
    assert list(visible(actor, Enrollment)) == [ours]
    assert list(visible(actor, Booking)) == [ours.booking]
    assert [e.region.code for e in visible(actor, WaitingEntry)] == ["21"]
    assert 'method="post"' not in text.split('id="places"')[1]
    for name in ("add_participant", "add_group", "resize"):
        assert client.post(reverse(f"enrolments:{name}", args=[run.code])).status_code == 404
    for name in ("cancel", "confirm", "name"):
        assert client.post(reverse(f"enrolments:{name}", args=[ours.pk])).status_code == 404
    ours.refresh_from_db()
    assert ours.status == Status.CONFIRMED


def test_a_partner_of_one_run_sees_nothing_of_another(client, now):
    run, other = make_open_run(now=now), make_open_run(now=now)
    partner = make_promoter("medvard", region_code="21")
    share_of(run, now=now, promoter=partner)
    stranger = make_enrollment(now=now, run=other, region=make_region("21"))
    actor = sign_in(client, "promoter", partner)
    assert page(client, other).status_code == 404
    assert not visible(actor, Enrollment).filter(pk=stranger.pk).exists()


def group_post(**fields):
    return {
        "number": "492900-4119",
        "company_name": "Exempel Ventil & Hydraulik AB",
        "municipality": "",
        "first_name": "Exempel",
        "last_name": "Bokare",
        "email": "booker@ventil.example.org",
        "reference": "",
        "seats": "3",
        "people": "Anna; Alm; anna@ventil.example.org\n",
        "language": "sv",
        "terms": "on",
        "token": str(uuid4()),
        **fields,
    }


def test_staff_book_a_group_through_the_same_function(client, now):
    from tests.home.factories import make_municipality

    run = make_open_run(now=now, places_count=4)
    actor = sign_in(client)
    address = reverse("enrolments:add_group", args=[run.code])
    given = group_post(municipality=make_municipality("21").pk)
    for _twice in range(2):
        assert client.post(address, given).status_code == 302
    booking = Booking.objects.get()
    assert booking.enrollments.count() == 3 and booking.company.registration_number == "4929004119"
    assert booking.enrollments.confirmed().count() == 1
    refused = client.post(address, given | {"token": str(uuid4()), "seats": "2", "people": ""})
    assert refused.status_code == 409 and "Alla platser" in refused.text
    assert actor.enrollments.count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "123"}, "492900-4119"),
        ({"people": "bara ett namn"}, "Rad 1"),
        ({"people": "A;B;c@example.org\nC;D;inte en adress"}, "Rad 2"),
        ({"seats": "1", "people": "A;B;a@example.org\nC;D;c@example.org"}, "fler namn"),
        ({"terms": ""}, "addgroup-terms_error"),
        ({"seats": "0"}, "1"),
    ],
)
def test_group_form_says_what_is_wrong_and_keeps_what_was_typed(client, now, fields, words):
    from tests.home.factories import make_municipality

    run = make_open_run(now=now)
    sign_in(client)
    given = group_post(municipality=make_municipality("21").pk, last_name="Kvarvarande") | fields
    response = client.post(reverse("enrolments:add_group", args=[run.code]), given)
    assert response.status_code < 500 and words in response.text and "Kvarvarande" in response.text
    assert not Booking.objects.exists()


def test_staff_name_a_seat(client, now):
    run = make_open_run(now=now)
    booking = group_booking.send(**group_form(run=run, now=now, people=[None]))
    seat = booking.enrollments.get()
    sign_in(client)
    text = client.get(reverse("enrolments:inspect", args=[seat.pk])).text
    assert reverse("enrolments:name", args=[seat.pk]) in text
    address = reverse("enrolments:name", args=[seat.pk])
    client.post(address, {"first_name": "", "last_name": "", "email": "x"})
    client.post(address, {"first_name": "Anna", "last_name": "Alm", "email": "anna@example.org"})
    seat.refresh_from_db()
    assert seat.person.email == "anna@example.org" and seat.status == Status.CONFIRMED
    again = client.post(
        address, {"first_name": "B", "last_name": "B", "email": "b@example.org"}, follow=True
    )
    assert "har redan ett namn" in again.text


def test_capacity_below_the_taken_places_is_refused_with_the_number(client, now):
    run = make_full_run(now=now, places_count=3)
    sign_in(client)
    response = client.post(reverse("enrolments:resize", args=[run.code]), {"capacity": 2})
    assert response.status_code == 409 and "3 platser är tagna" in response.text
    assert run.places.count() == 3


def test_lists_tell_company_team_place_and_open_forms(client, now):
    run = make_open_run(now=now)
    drafts.hold(run=run, token=uuid4(), people=1, region=None, language="sv", now=now)
    group_booking.send(**group_form(run=run, now=now, people=[None]))
    sign_in(client)
    enrolments = client.get(reverse("enrolments:index")).text
    assert "Formuläret är öppet" in enrolments and "Namn kommer" in enrolments
    assert "Exempel Ventil &amp; Hydraulik AB" in enrolments
    assert "Formuläret är öppet" in client.get(reverse("bookings:index")).text


def test_list_of_applications_offers_no_foreign_run(client, now):
    mine = make_open_run(now=now, selection="application")
    other = make_open_run(now=now, selection="application", host=make_promoter("annan"))
    for run in (mine, other):
        make_booking(now=now, run=run, company_name=f"Bolaget {run.code}")
    sign_in(client, "promoter", mine.host)
    text = client.get(reverse("applications:index")).text
    assert f"Bolaget {mine.code}" in text and other.code not in text
    sneaked = client.get(reverse("applications:index"), {"booking__run": other.pk}).text
    assert f"Bolaget {other.code}" not in sneaked


def test_offers_of_the_lists_take_the_same_queries(client, now):
    sign_in(client)
    for name in ("enrolments", "bookings", "waiting_list", "applications"):
        run = make_open_run(now=now, selection="application" if name == "applications" else "open")
        counted = []
        for n in (1, 3):
            for _each in range(n):
                make_booking(now=now, run=run)
            client.get(reverse(f"{name}:index"))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"{name}:index")).status_code == 200
            counted.append(len(queries))
        assert counted[0] == counted[1], name
