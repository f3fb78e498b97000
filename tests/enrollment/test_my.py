from datetime import timedelta
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext

from enrollment import group_booking
from enrollment.group_booking import Named
from enrollment.models import Enrollment
from enrollment.status import Status
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.accounts.factories import make_user
from tests.enrollment.factories import (
    group_form,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)

pytestmark = pytest.mark.django_db


def test_my_page_is_for_signed_in_people(client, db):
    answer = client.get("/sv/my/")
    assert answer.status_code == 302
    assert "/sv/accounts/login/" in answer.url


def test_my_page_shows_own_courses_and_the_next_meeting(client, now):
    enrollment = make_enrollment(now=now)
    make_enrollment(now=now)
    client.force_login(enrollment.person)
    page = client.get("/sv/my/")
    assert [t.enrollment for t in page.context["courses"]] == [enrollment]
    assert page.context["upnext"].next_meeting == enrollment.run.sessions.get(number=1)
    assert "Uppkopplade produkter" in page.content.decode()


def test_my_page_says_why_a_place_is_not_confirmed(client, now):
    enrollment = make_enrollment(now=now, run=make_open_run(now=now, price_ore=100_000))
    client.force_login(enrollment.person)
    assert enrollment.status == Status.HELD
    assert "Varför är platsen inte bekräftad" in client.get("/sv/my/").content.decode()


def test_my_page_shows_the_place_in_line(client, now):
    run = make_full_run(now=now)
    make_waiting(now=now, run=run)
    entry = make_waiting(now=now, run=run)
    client.force_login(entry.person)
    assert client.get("/sv/my/").context["entries"][0].position == 2


def test_who_has_booked_colleagues_sees_them_together_after_the_own_courses(client, now):
    run, later = make_open_run(now=now), make_open_run(now=now, price_ore=50_000)
    booker = Named("booker@ventil.example.org", "Bo", "Bokare")
    one = group_booking.send(**group_form(run=run, now=now, people=[booker, None, None]))
    kim = Named("kim@ventil.example.org", "Kim", "Kollega")
    two = group_booking.send(**group_form(run=later, now=now, people=[kim]))
    client.force_login(one.booked_by)
    page = client.get("/sv/my/")
    html = page.content.decode()
    assert [taking.run for taking in page.context["courses"]] == [run]
    assert "Bokat åt kollegor" in html
    assert {course.run for course in page.context["colleagues"]} == {run, later}
    assert html.count("2 personer vars namn kommer senare") == 1
    assert f'href="/sv/my/bookings/{one.public_id}/people/"' in html
    assert f'href="/sv/my/bookings/{two.public_id}/pay/"' in html
    assert "Kim Kollega" in html
    assert "None" not in html


def test_the_page_of_a_booking_tells_the_next_meeting_and_when_all_is_over(client, now):
    run = make_open_run(now=now)
    people = [Named("kim@ventil.example.org", "Kim", "Kollega"), None]
    made = group_booking.send(**group_form(run=run, now=now, people=people))
    client.force_login(made.booked_by)

    def page() -> str:
        return client.get(f"/sv/my/bookings/{made.public_id}/").content.decode()

    def is_past(meeting) -> None:
        meeting.starts_at, meeting.ends_at = now - timedelta(hours=3), now - timedelta(hours=1)
        meeting.save()

    first, second = run.sessions.order_by("number")
    assert "Första träffen" in page()
    is_past(first)
    assert "Nästa träff" in page()
    is_past(second)
    html = page()
    assert "Kurstillfället är avslutat" in html
    assert "Första träffen" not in html
    assert "får ett eget mejl" not in html


def test_my_page_costs_the_same_for_one_course_and_three(
    client, now, django_assert_max_num_queries
):
    from django.db import connection

    person = make_user()
    client.force_login(person)

    def cost() -> int:
        client.get("/sv/my/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/sv/my/").status_code == 200
        return len(queries)

    make_enrollment(now=now, person=person)
    one = cost()
    for _ in range(2):
        make_enrollment(now=now, person=person)
    assert cost() == one


def test_cancelling_asks_first_then_frees_the_place_and_the_diary(client, now):
    run = make_open_run(now=now, places_count=1)
    enrollment = make_enrollment(now=now, run=run)
    client.force_login(enrollment.person)
    address = f"/sv/my/enrolments/{enrollment.public_id}/cancel/"
    assert "Avboka platsen?" in client.get(address).content.decode()
    assert run.places.free().count() == 0
    for _ in range(2):
        assert "är avbokad" in client.post(address).content.decode()
    assert run.places.free().count() == 1
    invited = fill(OutgoingMail.objects.get(kind="place_confirmed")).calendar
    cancelled = OutgoingMail.objects.get(kind="place_cancelled")
    assert "METHOD:CANCEL" in cancelled.calendar
    uids = [
        sorted(line for line in text.replace("\r\n ", "").splitlines() if line.startswith("UID:"))
        for text in (invited, cancelled.calendar)
    ]
    assert uids[0] == uids[1]
    assert len(uids[0]) == 2
    assert "SEQUENCE:0" in invited
    assert "SEQUENCE:1" in cancelled.calendar


@pytest.mark.parametrize("page", ["cancel/", "meetings.ics"])
def test_a_strangers_enrolment_is_not_found(client, now, page):
    enrollment = make_enrollment(now=now)
    client.force_login(make_user())
    assert client.get(f"/sv/my/enrolments/{enrollment.public_id}/{page}").status_code == 404
    assert client.get(f"/sv/my/enrolments/{uuid4()}/{page}").status_code == 404
    client.force_login(make_user(role="coordinator"))
    assert client.post(f"/sv/my/enrolments/{enrollment.public_id}/cancel/").status_code == 404
    assert Enrollment.objects.get().status == Status.CONFIRMED


def test_the_diary_file_holds_the_meetings(client, now):
    enrollment = make_enrollment(now=now)
    client.force_login(enrollment.person)
    answer = client.get(f"/en/my/enrolments/{enrollment.public_id}/meetings.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert 'filename="connected-products.ics"' in answer["Content-Disposition"]
    assert answer.content.decode().count("BEGIN:VEVENT") == 2


def test_own_details_are_changed_and_nothing_else(client, db):
    person = make_user()
    client.force_login(person)
    data = {"first_name": "Ny", "last_name": "Namn", "phone": "010-000 00 00", "language": "en"}
    answer = client.post("/sv/my/details/", {**data, "is_staff": "1", "email": "x@example.org"})
    assert answer.status_code == 302
    before = person.email
    person.refresh_from_db()
    assert (person.first_name, person.language, person.is_staff) == ("Ny", "en", False)
    assert person.email == before


def test_wrong_details_are_told_at_the_field(client, db):
    client.force_login(make_user())
    answer = client.post("/sv/my/details/", {"first_name": "", "last_name": "N", "phone": "ring!"})
    html = answer.content.decode()
    assert "<title>Fel: " in html
    assert "Skriv ditt förnamn" in html
    assert 'value="ring!"' in html
