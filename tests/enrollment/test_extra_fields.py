"""Whatever a form is sent along with: status, price, county and rank come from the server (see also
`test_change_pages`)."""

from collections import Counter
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from enrollment import booking, confirming, group_booking, mails
from enrollment.group_booking import Named
from enrollment.models import Booking, Enrollment, WaitingEntry
from enrollment.status import Reason
from tests.enrollment.company_screens import PEOPLE, Visitor, first_screen, url
from tests.enrollment.factories import group_form, make_full_run, make_open_run, make_waiting
from tests.home.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db

WISHES = {
    "status": "confirmed",
    "price": "0",
    "price_ore": "0",
    "unit_price_ore": "0",
    "vat_percent": "0",
    "region": "2",
    "region_id": "2",
    "share": "1",
    "run": "1",
    "run_id": "1",
    "booking": "1",
    "person": "1",
    "person_id": "1",
    "enrollment": "1",
    "actor": "1",
    "hold_until": "2099-01-01",
    "terms_accepted_at": "2020-01-01",
    "at_least": "99",
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "",
    "claimed_at": "2020-01-01",
    "verified_at": "2020-01-01",
}


class Wishful(Client):
    """A browser that sends every wish along with what the form has."""

    def post(self, path, data=None, *args, **kwargs):
        return super().post(path, {**WISHES, **(data or {})}, *args, **kwargs)


def one(now) -> dict:
    return {
        "first_name": "Elin",
        "last_name": "Exempelsson",
        "email": "elin@ventil.example.org",
        "terms": "on",
        "token": str(uuid4()),
        "confirm": "1",
    }


def paid_run(now):
    return make_open_run(now=now, places_count=4, price_ore=80000)


def sign_up(client, now) -> None:
    client.post(url("book", paid_run(now).code), one(now))


def book_for_a_company(client, now) -> None:
    company = Visitor(client, paid_run(now))
    company.press("people", **first_screen())
    company.press("check", **PEOPLE)
    company.press("send")


def wait(client, now) -> None:
    client.post(url("wait", make_full_run(now=now, price_ore=80000).code), one(now))


def answer_an_offer(client, now) -> None:
    run = make_full_run(now=now, price_ore=80000)
    entry = make_waiting(now=now, run=run)
    gone = run.enrollments.get()
    booking.cancel(enrollment=gone, reason=Reason.BY_STAFF, actor=None, now=now)
    entry.refresh_from_db()
    client.post(url("offer", mails.offer_token(entry)), {"answer": "accept"})


def sent(now) -> Booking:
    people = [Named("anna@ventil.example.org", "Anna", "Exempelsson"), None]
    return group_booking.send(**group_form(run=paid_run(now), now=now, people=people))


def name_people(client, now) -> None:
    made = sent(now)
    client.force_login(made.booked_by)
    seat = made.enrollments.unnamed().get()
    who = {f"name_{seat.pk}": "Mats Exempelman", f"email_{seat.pk}": "mats@ventil.example.org"}
    client.post(url("name_people", made.public_id), who)


def confirm_own_data(client, now) -> None:
    seat = sent(now).enrollments.get(person__email="anna@ventil.example.org")
    token = quote(confirming.token_of(seat))
    right = {"first_name": "Anna", "last_name": "Exempelsson", "language": "sv", "right": ""}
    client.post(f"/sv/my/own-data/{token}/", right)


def change_details(client, now) -> None:
    made = sent(now)
    client.force_login(made.booked_by)
    client.post(url("my_details"), {"first_name": "Kim", "last_name": "Ny", "language": "sv"})


def leave_the_line(client, now) -> None:
    entry = make_waiting(now=now, run=make_full_run(now=now, price_ore=80000))
    client.force_login(entry.person)
    client.post(url("leave_waiting", entry.public_id))


def cancel(client, now) -> None:
    made = sent(now)
    client.force_login(made.booked_by)
    seat = made.enrollments.get(person__email="anna@ventil.example.org")
    client.post(url("cancel_enrolment", seat.public_id))


def facts() -> Counter:
    """What the database says, without ids, tokens and times."""
    run = "run__price_ore"
    bookings = Booking.objects.values_list(
        run, "price_ore", "vat_percent", "region__code", "company_name"
    )
    seats = Enrollment.objects.values_list(run, "status", "reason", "person__first_name", "fee_ore")
    line = WaitingEntry.objects.values_list(run, "status", "wanted", "at_least", "region")
    return Counter([*bookings.order_by(), *seats.order_by(), *line.order_by()])


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "act",
    [
        sign_up,
        book_for_a_company,
        wait,
        answer_an_offer,
        name_people,
        confirm_own_data,
        change_details,
        leave_the_line,
        cancel,
    ],
)
def test_what_is_sent_along_changes_nothing(now, act):
    make_municipality("21"), make_region("17")
    told = []
    for client in (Client(), Wishful()):
        before = facts()
        act(client, now)
        told.append(facts() - before)
    plain, wishful = told
    assert wishful == plain
    assert plain
    assert not User.objects.filter(is_staff=True).exists()
    assert not User.objects.filter(is_superuser=True).exists()
    assert not Enrollment.objects.filter(hold_until__gt=now + timedelta(days=365)).exists()
