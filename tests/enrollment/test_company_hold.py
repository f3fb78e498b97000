"""A company's places are held while its form is open: longer, over, gone, doubled, by programs, busy."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from courses.models import Run
from enrollment.models import Booking, Enrollment, Place
from enrollment.models.door import opened
from enrollment.places import Busy
from enrollment.views.company_book import Journey
from home import formats
from messaging.models import OutgoingMail
from tests.enrollment.company_screens import (
    PEOPLE,
    Visitor,
    check_screen,
    first_screen,
    hidden,
    url,
)
from tests.enrollment.factories import make_booking, make_open_run

pytestmark = pytest.mark.django_db


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
