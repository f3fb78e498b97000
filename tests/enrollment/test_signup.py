"""Signing up over HTTP, as a browser without JavaScript does it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from courses.models import Run
from enrollment.models import Booking, Enrollment, RunPartner, WaitingEntry
from enrollment.places import RunFull, open_places
from enrollment.status import Status
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.accounts.factories import make_user
from tests.enrollment.factories import make_booking, make_full_run, make_open_run
from tests.home.factories import make_municipality, make_promoter, make_region

pytestmark = pytest.mark.django_db


def url(name: str, *args, language: str = "sv") -> str:
    with override(language):
        return reverse(name, args=args)


def words(**fields) -> dict:
    return {
        "first_name": "Elin",
        "last_name": "Exempelsson",
        "email": "Elin@Ventil.example.org",
        "company": "Exempel Ventil AB",
        "terms": "on",
        "token": str(uuid4()),
        **fields,
    }


def test_free_run_is_booked_in_two_screens(client, now):
    run = make_open_run(now=now)
    page = client.get(url("book", run.code))
    assert page.status_code == 200
    answer = client.post(url("book", run.code), words(token=page.context["form"]["token"].value()))
    booking = Booking.objects.get()
    assert answer.status_code == 302
    assert answer.url == url("booking", booking.public_id)
    done = client.get(answer.url)
    assert "Din plats är bokad" in done.content.decode()
    enrollment = booking.enrollments.get()
    assert enrollment.status == Status.CONFIRMED
    assert (enrollment.person.email, enrollment.person.claimed_at) == (
        "elin@ventil.example.org",
        None,
    )
    mail = fill(OutgoingMail.objects.get())
    assert (mail.kind, mail.to_address, mail.language) == (
        "place_confirmed",
        "elin@ventil.example.org",
        "sv",
    )
    assert "METHOD:REQUEST" in mail.calendar
    assert mail.calendar.count("BEGIN:VEVENT") == 2
    assert f"{enrollment.public_id}." in mail.calendar.replace("\r\n ", "")


def test_the_form_has_at_most_seven_visible_fields_and_names_them(client, now):
    run = make_open_run(now=now)
    form = client.get(url("book", run.code)).context["form"]
    shown = [field.name for field in form.visible_fields() if field.name != "website"]
    assert shown == ["first_name", "last_name", "email", "company", "terms"]
    html = client.get(url("book", run.code)).content.decode()
    for token in ("given-name", "family-name", "email", "organization"):
        assert f'autocomplete="{token}"' in html


@pytest.mark.parametrize(("language", "prefix"), [("sv", "Fel: "), ("en", "Error: ")])
def test_an_empty_form_tells_what_is_missing_and_keeps_the_rest(client, now, language, prefix):
    run = make_open_run(now=now)
    answer = client.post(
        url("book", run.code, language=language),
        words(first_name="", email="not an address", terms=""),
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f"<title>{prefix}" in html
    assert html.index('class="problem"') < html.index("<h1")
    for field, errors in answer.context["form"].errors.items():
        assert f'<a href="#{field}">{errors[0]}</a>' in html
        assert html.count(errors[0]) == 2
    assert 'value="Exempelsson"' in html
    assert 'value="not an address"' in html
    assert "novalidate" in html
    assert not Booking.objects.exists()
    assert not User.objects.filter(last_name="Exempelsson").exists()


def test_the_same_form_twice_is_one_booking(client, now):
    run, form = make_open_run(now=now), words()
    first = client.post(url("book", run.code), form)
    second = client.post(url("book", run.code), form)
    assert first.url == second.url
    assert Enrollment.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_token_of_somebody_elses_booking_opens_nothing(client, now):
    run = make_open_run(now=now)
    other = make_booking(now=now, run=run)
    answer = client.post(url("book", run.code), words(token=str(other.token)))
    assert answer.status_code == 409
    assert "/accounts/login/" in client.get(url("booking", other.public_id)).url
    assert Booking.objects.count() == 1


def test_the_same_person_again_learns_it_by_mail_only(client, now):
    run = make_open_run(now=now)
    client.post(url("book", run.code), words())
    client.session.flush()
    answer = client.post(url("book", run.code), words(first_name="Någon annan"))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Elin" not in html
    assert "redan" not in html
    assert Enrollment.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="booking_again").count() == 1
    client.post(url("book", run.code), words())
    assert OutgoingMail.objects.filter(kind="booking_again").count() == 1


def test_a_signed_in_person_is_asked_less_and_told_on_the_screen(client, now):
    run, person = make_open_run(now=now), make_user()
    client.force_login(person)
    form = client.get(url("book", run.code)).context["form"]
    assert [field.name for field in form.visible_words()] == ["company"]
    data = {"company": "", "terms": "on", "token": str(uuid4())}
    assert client.post(url("book", run.code), data).status_code == 302
    again = client.post(url("book", run.code), {**data, "token": str(uuid4())})
    assert "redan anmäld" in again.content.decode()
    assert Enrollment.objects.get().person == person


def test_fields_that_are_not_asked_are_ignored(client, now):
    run = make_open_run(now=now, price_ore=750_000)
    hostile = {
        "status": "confirmed",
        "price": "0",
        "price_ore": "0",
        "region_id": "2",
        "is_staff": "1",
    }
    answer = client.post(url("book", run.code), words(confirm="1", **hostile))
    booking = Booking.objects.get()
    assert answer.url == url("pay", booking.public_id)
    assert booking.price_ore == 750_000
    assert booking.enrollments.get().status == Status.HELD
    assert not booking.booked_by.is_staff


def test_a_paid_run_shows_the_price_before_it_books(client, now):
    run = make_open_run(now=now, price_ore=750_000)
    page = client.post(url("book", run.code), words())
    html = page.content.decode().replace("\xa0", " ")
    assert "Boka och betala 9 375 kr" in html
    assert "7 500 kr" in html
    assert not Booking.objects.exists()
    back = client.post(url("book", run.code), words(change="1"))
    assert 'value="Elin"' in back.content.decode()
    assert "problem-heading" not in back.content.decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"status": Run.Status.CANCELLED}, "inställt"),
        ({"closes_at": -1}, "stängd"),
        ({"opens_at": 5}, "inte öppnat"),
        ({"starts_in_days": -60}, "är avslutat"),
    ],
)
def test_a_run_that_takes_no_bookings_says_why(client, now, fields, says):
    fields = {
        key: now + timedelta(days=value) if key.endswith("_at") else value
        for key, value in fields.items()
    }
    run = make_open_run(now=now, **fields)
    for answer in (client.get(url("book", run.code)), client.post(url("book", run.code), words())):
        assert answer.status_code in (200, 409)
        assert says in answer.content.decode().replace("stängt", "stängd")
    assert not Booking.objects.exists()


def test_unknown_and_draft_runs_are_not_found(client, now):
    draft = make_open_run(now=now, status=Run.Status.DRAFT)
    for code in ("no-such-run", draft.code):
        for name in ("book", "wait"):
            assert client.get(url(name, code)).status_code == 404
            assert client.post(url(name, code), words()).status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        {"token": "not-a-token"},
        {"token": ""},
        {"first_name": "x" * 5000},
        {"email": "a@b\r\nBcc: c@example.org"},
        {"first_name": "\x00"},
        {"company": "<script>alert(1)</script>" * 20},
        {"municipality": "999999", "terms": ""},
    ],
)
def test_hostile_fields_are_answered_by_the_form(client, now, hostile):
    run = make_open_run(now=now)
    answer = client.post(url("book", run.code), words(**hostile))
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert not Booking.objects.exists()
        assert "<script>alert" not in answer.content.decode()


def test_the_last_second_of_the_window_counts(now):
    run = make_open_run(now=now, closes_at=now)
    assert make_booking(now=now, run=run).enrollments.count() == 1
    from enrollment.booking import NotOpen

    with pytest.raises(NotOpen):
        make_booking(now=now + timedelta(seconds=1), run=run)


def test_a_full_run_offers_its_waiting_list(client, now):
    run = make_full_run(now=now)
    assert client.get(url("book", run.code)).url == url("wait", run.code)
    late = client.post(url("book", run.code), words())
    assert late.status_code == 409
    assert 'value="Elin"' in late.content.decode()
    joined = client.post(url("wait", run.code), words(), follow=True)
    assert joined.context["turn"].position == 1
    entry = WaitingEntry.objects.get()
    assert entry.person.email == "elin@ventil.example.org"
    assert OutgoingMail.objects.filter(kind="waiting_joined").count() == 1


def test_a_full_run_leaves_no_account_behind(client, now):
    run = make_full_run(now=now)
    client.post(url("book", run.code), words())
    assert not User.objects.filter(email="elin@ventil.example.org").exists()


def test_the_municipality_is_asked_only_where_places_are_kept(client, now):
    run = make_open_run(now=now, places_count=1)
    share = RunPartner.objects.create(
        run=run,
        promoter=make_promoter("syd", region_code="17"),
        region=make_region("17"),
        release_at=now + timedelta(days=3),
    )
    open_places(run=run, count=1, share=share)
    make_booking(now=now, run=run)
    assert "municipality" in client.get(url("book", run.code)).context["form"].fields
    wrong = client.post(url("book", run.code), words(municipality=make_municipality("21").pk))
    assert wrong.status_code == 409
    right = client.post(url("book", run.code), words(municipality=make_municipality("17").pk))
    assert right.status_code == 302


def test_a_booking_page_is_for_its_browser_and_its_people(client, now, django_user_model):
    booking = make_booking(now=now)
    assert "/accounts/login/" in client.get(url("booking", booking.public_id)).url
    client.force_login(make_user())
    assert client.get(url("booking", booking.public_id)).status_code == 404
    client.force_login(booking.booked_by)
    assert client.get(url("booking", booking.public_id)).status_code == 200


def test_a_program_that_fills_in_everything_books_nothing(client, now):
    run = make_open_run(now=now)
    assert client.post(url("book", run.code), words(website="https://x.example")).status_code == 200
    assert not Booking.objects.exists()


@pytest.mark.parametrize("address", ["192.0.2.7", "127.0.0.1"])
def test_too_many_tries_are_stopped(client, now, address):
    run = make_open_run(now=now)
    codes = [
        client.post(url("book", run.code), {}, REMOTE_ADDR=address).status_code for _ in range(41)
    ]
    assert codes[:40] == [200] * 40
    assert codes[40] == 429


def test_english_form_writes_english_mail(client, now):
    run = make_open_run(now=now)
    answer = client.post(url("book", run.code, language="en"), words())
    assert client.get(answer.url).content.decode().count("Your place is booked") >= 1
    mail = fill(OutgoingMail.objects.get())
    assert mail.language == "en"
    assert mail.subject.startswith("Your place is confirmed: Connected products")


def test_a_sign_up_costs_a_fixed_number_of_queries(client, now, django_assert_max_num_queries):
    """And none of them waits for a mail to be rendered: that is the worker's."""
    run = make_open_run(now=now)
    client.post(url("book", make_open_run(now=now).code), words(email="warm@example.org"))
    client.cookies.clear()
    with django_assert_max_num_queries(7):
        client.get(url("book", run.code))
    # In a test the request's transactions are savepoints: as many statements as outside.
    with django_assert_max_num_queries(20):
        answer = client.post(url("book", run.code), words())
    with django_assert_max_num_queries(8):
        client.get(answer.url)
    mail = OutgoingMail.objects.get(to_address="elin@ventil.example.org")
    assert (mail.text, mail.subject) == ("", "")


def test_who_comes_too_late_writes_nothing(now):
    """Not even the write lock is asked for: a full house is told by plain reads."""
    run = make_full_run(now=now)
    person = make_user()
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql.split()[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note), pytest.raises(RunFull):
        make_booking(now=now, run=run, person=person)
    assert set(asked) == {"SELECT"}
    assert len(asked) <= 5
