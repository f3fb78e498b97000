"""Names that follow: naming seats, reminders, what happens when nobody is named."""

from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils.timezone import localtime

from enrollment import group_booking, naming, places
from enrollment.group_booking import Named
from enrollment.models import Enrollment
from enrollment.payments import checkout, fulfil
from enrollment.payments.models import Payment
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.accounts.factories import make_user
from tests.enrollment.company_screens import url
from tests.enrollment.factories import group_form, make_booking, make_open_run
from tests.enrollment.payments.helpers import paid_session

pytestmark = pytest.mark.django_db

ANNA = Named("anna@ventil.example.org", "Anna", "Exempelsson")
MATS = Named("mats@ventil.example.org", "Mats", "Exempelman")


def booked(*, now, people, **fields):
    run = make_open_run(now=now, places_count=5, **fields)
    return group_booking.send(**group_form(run=run, now=now, people=people))


def morning(moment: datetime, *, hour: int = 9) -> datetime:
    return localtime(moment).replace(hour=hour, minute=0, second=0, microsecond=0)


def mails(kind: str):
    return OutgoingMail.objects.filter(kind=kind)


def rows(booking, *named) -> dict[str, str]:
    seats = booking.enrollments.unnamed().order_by("pk")
    return {
        f"{what}_{seat.pk}": value
        for seat, (name, email) in zip(seats, named, strict=False)
        for what, value in (("name", name), ("email", email))
    }


def test_the_booker_names_two_people_at_once(client, now):
    booking = booked(now=now, people=[ANNA, None, None])
    client.force_login(booking.booked_by)
    page = client.get(url("name_people", booking.public_id))
    assert page.content.decode().count('class="person"') == 2
    answer = client.post(
        url("name_people", booking.public_id),
        rows(booking, ("Mats Exempelman", MATS.email), ("Bo Ek Exempel", "bo@ventil.example.org")),
    )
    assert answer.url == url("booking", booking.public_id)
    assert set(booking.enrollments.values_list("status", flat=True)) == {Status.CONFIRMED}
    last = booking.enrollments.order_by("pk").last().person
    assert (last.first_name, last.last_name) == ("Bo Ek", "Exempel")
    told = set(mails("place_confirmed").values_list("to_address", flat=True))
    assert told == {ANNA.email, MATS.email, "bo@ventil.example.org"}
    assert "Alla är namngivna" in client.get(url("name_people", booking.public_id)).content.decode()


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (("", "bo@ventil.example.org"), "Skriv personens namn också"),
        (("Bo Exempel", ""), "Skriv personens e-postadress också"),
        (("Bo Exempel", "not an address"), "Skriv en e-postadress, till exempel"),
        (("Mats Igen", "MATS@ventil.example.org"), "Två personer har samma e-postadress."),
        (("Anna Igen", "anna@ventil.example.org"), "Personen har redan en plats"),
    ],
)
def test_a_name_that_cannot_be_is_told_beside_it_and_nobody_is_named(client, now, second, words):
    booking = booked(now=now, people=[ANNA, None, None])
    client.force_login(booking.booked_by)
    answer = client.post(
        url("name_people", booking.public_id),
        rows(booking, ("Mats Exempelman", MATS.email), second),
    )
    html = answer.content.decode()
    assert answer.status_code in (200, 409)
    assert "<title>Fel: " in html
    assert html.count(words) == 2
    assert html.index('class="problem"') < html.index("<h1")
    assert 'value="Mats Exempelman"' in html
    assert booking.enrollments.unnamed().count() == 2


def test_a_seat_is_named_once(client, now):
    booking = booked(now=now, people=[ANNA, None])
    client.force_login(booking.booked_by)
    data = rows(booking, ("Mats Exempelman", MATS.email))
    client.post(url("name_people", booking.public_id), data)
    answer = client.post(url("name_people", booking.public_id), data)
    assert answer.status_code == 200
    assert mails("place_confirmed").filter(to_address=MATS.email).count() == 1


def test_the_browser_that_booked_may_name_and_a_named_colleague_may_not(client, now):
    booking = booked(now=now, people=[ANNA, None])
    for page in ("name_people", "booking"):
        for number in (booking.public_id, uuid4()):
            asked = client.get(url(page, number))
            assert (asked.status_code, "/accounts/login/" in asked.url) == (302, True)
            assert f"next={quote(url(page, number))}" in asked.url
    session = client.session
    session["bookings"] = [str(booking.public_id)]
    session.save()
    assert client.get(url("name_people", booking.public_id)).status_code == 200
    client.logout()
    client.force_login(booking.enrollments.exclude(person=None).get().person)
    assert client.get(url("name_people", booking.public_id)).status_code == 404
    page = client.get(url("booking", booking.public_id)).content.decode()
    assert "Fyll i namnen" not in page


def test_a_participant_sees_no_colleagues_on_the_bookings_page(client, now):
    booking = booked(now=now, people=[ANNA, MATS])
    client.force_login(booking.enrollments.get(person__email=ANNA.email).person)
    html = client.get(url("booking", booking.public_id)).content.decode()
    assert MATS.email not in html


def test_the_reference_is_changed_by_the_booker_alone(client, now):
    booking = booked(now=now, people=[ANNA, None])
    client.force_login(make_user())
    address = url("booking_reference", booking.public_id)
    assert client.post(address, {"reference": "PO 9"}).status_code == 404
    client.force_login(booking.booked_by)
    assert client.post(address, {"reference": "PO  9"}).status_code == 302
    booking.refresh_from_db()
    assert booking.reference == "PO 9"
    assert 'value="PO 9"' in client.get(url("booking", booking.public_id)).content.decode()


def test_the_booker_is_reminded_seven_and_two_days_before_and_on_the_last_day(now):
    booking = booked(now=now, people=[ANNA, None, None])
    due = places.names_due(booking.run, now=now)
    sent = []
    for days in range(12, -1, -1):
        at = morning(due) - timedelta(days=days)
        if naming.remind(now=at):
            sent.append(days)
            assert naming.remind(now=at + timedelta(hours=1)) in (0, 1)
    assert sent == [7, 2, 0]
    assert mails("names_missing").count() == 3
    mail = mails("names_missing").order_by("pk").last()
    assert (mail.to_address, mail.subject) == (
        "booker@ventil.example.org",
        "2 namn saknas: Uppkopplade produkter",
    )
    assert f"/sv/my/bookings/{booking.public_id}/people/" in mail.text


def test_nobody_is_reminded_at_night_or_when_all_are_named_or_on_the_day_of_booking(now):
    booking = booked(now=now, people=[ANNA, None])
    due = places.names_due(booking.run, now=now)
    assert naming.remind(now=morning(due, hour=3)) == 0
    assert naming.remind(now=morning(due, hour=23)) == 0
    booking.created_at = morning(due, hour=7)
    booking.save()
    assert naming.remind(now=morning(due)) == 0
    seat = booking.enrollments.unnamed().get()
    group_booking.name_seat(enrollment=seat, named=MATS, actor=booking.booked_by, now=now)
    booking.created_at = now
    booking.save()
    assert naming.remind(now=morning(due)) == 0


def test_far_from_the_day_reminding_reads_no_bookings(now, django_assert_max_num_queries):
    one = booked(now=now, people=[ANNA, None])
    group_booking.send(
        **group_form(run=one.run, now=now, people=[MATS, None], company_name="Exempel Två AB")
    )
    at = morning(places.names_due(one.run, now=now)) - timedelta(days=9)
    with django_assert_max_num_queries(2):
        assert naming.remind(now=at) == 0


def test_a_seat_that_stayed_without_a_name_goes_on_and_the_booker_reads_why(now):
    booking = booked(now=now, people=[ANNA, None, None])
    due = places.names_due(booking.run, now=now)
    assert places.expire(run=booking.run, now=due + timedelta(seconds=1)) == 2
    gone = booking.enrollments.filter(status=Status.CANCELLED)
    assert set(gone.values_list("reason", flat=True)) == {Reason.EXPIRED}
    assert booking.enrollments.confirmed().count() == 1
    (mail,) = mails("place_expired")
    assert "fick inget namn i tid" in mail.text
    assert "betala" not in mail.text


def test_the_named_colleague_reads_who_booked_and_what_is_stored(now):
    booked(now=now, people=[ANNA, None])
    mail = fill(mails("place_confirmed").get())
    assert "Exempel Exempelsson på Exempel Ventil &amp; Hydraulik AB har bokat" in mail.html
    assert "Exempel Ventil & Hydraulik AB har bokat en plats åt dig" in mail.text
    assert "/my/own-data/" in mail.text


def test_who_books_for_nobody_else_gets_one_mail(now):
    booker = Named("booker@ventil.example.org", "Exempel", "Exempelsson")
    booked(now=now, people=[booker])
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == ["place_confirmed"]
    mail = fill(OutgoingMail.objects.get())
    assert "har bokat en plats åt dig" not in mail.text


def test_a_single_booking_keeps_its_page(client, now):
    booking = make_booking(now=now)
    client.force_login(booking.booked_by)
    html = client.get(url("booking", booking.public_id)).content.decode()
    assert "Din plats är bokad" in html
    assert Enrollment.objects.count() == 1


def test_seats_without_a_name_follow_a_first_meeting_that_is_moved_to_later(now):
    run = make_open_run(now=now, starts_in_days=10)
    named = Named("kim@ventil.example.org", "Kim", "Kollega")
    booking = group_booking.send(**group_form(run=run, now=now, people=[named, None]))
    seat = booking.enrollments.get(person=None)
    assert naming.keep_until_due(now=now) == 0
    promised = seat.hold_until
    for meeting in run.sessions.all():
        meeting.starts_at += timedelta(days=40)
        meeting.ends_at += timedelta(days=40)
        meeting.save()
    assert [naming.keep_until_due(now=now) for _ in range(2)] == [1, 0]
    places.expire(run=run, now=promised + timedelta(days=1))
    seat.refresh_from_db()
    assert (seat.status, seat.hold_until) == (Status.HELD, places.names_due(run, now=now))


def test_what_is_not_paid_for_is_not_kept_until_names_are_due(now):
    run = make_open_run(now=now, price_ore=100_000)
    booking = group_booking.send(**group_form(run=run, now=now, people=[None]))
    assert naming.keep_until_due(now=now) == 0
    assert booking.enrollments.get().hold_until < places.names_due(run, now=now)


def test_a_seat_paid_for_after_its_hold_ran_out_is_kept_until_names_are_due(now):
    """The payment page was open meanwhile, so that it was not released."""
    run = make_open_run(now=now, price_ore=100_000)
    booking = group_booking.send(**group_form(run=run, now=now, people=[None]))
    checkout._intend(booking=booking, now=now)
    payment, late = Payment.objects.get(), now + timedelta(days=1)
    assert places.expire(run=run, now=late) == 0
    fulfil.apply(payment_id=payment.pk, session=paid_session(payment), now=late)
    places.expire(run=run, now=late)
    seat = booking.enrollments.get()
    assert (seat.status, seat.hold_until) == (Status.HELD, places.names_due(run, now=late))
