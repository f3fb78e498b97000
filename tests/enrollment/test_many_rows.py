"""The same questions to the database at ten enrolments and at ten thousand."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from courses.models import Run
from enrollment import places
from enrollment.models import Booking, Enrollment, Place
from enrollment.models.door import opened
from tests.accounts.factories import make_user
from tests.courses.factories import make_course_page
from tests.enrollment.company_screens import url
from tests.enrollment.factories import make_booking, make_full_run, make_open_run, make_waiting

# Ten thousand enrolments without their audit entries: rows to be read, not acts.
pytestmark = [pytest.mark.django_db, pytest.mark.breaks_invariants]


def fill_up(run: Run, count: int, *, now) -> None:
    """Places of a run with confirmed enrolments, as `sign_up` leaves them, until there are `count`."""
    there = run.places.exclude(enrollment=None).count()
    numbers = range(run.places.count() + 1, run.places.count() + 1 + count - there)
    people = User.objects.bulk_create(
        [
            User(email=f"many{run.pk}.{n}@example.org", first_name="Exempel", last_name=f"Nr {n}")
            for n in numbers
        ],
        batch_size=500,
    )
    bookings = Booking.objects.bulk_create(
        [
            Booking(
                token=uuid4(),
                run=run,
                booked_by=person,
                language="sv",
                price_ore=0,
                vat_percent=25,
                terms_accepted_at=now,
                created_at=now,
            )
            for person in people
        ],
        batch_size=500,
    )
    with opened():
        seats = Enrollment.objects.bulk_create(
            [
                Enrollment(
                    run=run,
                    booking=booking,
                    person=booking.booked_by,
                    status="confirmed",
                    created_at=now,
                    confirmed_at=now,
                )
                for booking in bookings
            ],
            batch_size=500,
        )
        Place.objects.bulk_create(
            [
                Place(run=run, number=n, enrollment=seat)
                for n, seat in zip(numbers, seats, strict=True)
            ],
            batch_size=500,
        )


@pytest.mark.any_engine
def test_pages_ask_the_same_at_ten_enrolments_and_at_ten_thousand(now):
    opened_run, full = make_open_run(now=now, places_count=3), make_full_run(now=now)
    make_course_page(opened_run.course)
    coordinator = make_user(role="coordinator")
    first = {"first_name": "Elin", "last_name": "Exempelsson", "company": "", "terms": "on"}
    asked: dict[str, list[int]] = {}

    def ask(what: str, client: Client, method: str, address: str, status: int = 200, **data):
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(client, method)(address, data)
        assert answer.status_code == status, (what, answer.status_code)
        asked.setdefault(what, []).append(len(queries))

    # The first round only loads what a server that runs has loaded.
    for round_, count in enumerate((10, 10, 10_000)):
        for run in (opened_run, full):
            fill_up(run, count, now=now)
        person = make_booking(now=now, run=make_open_run(now=now)).booked_by
        own, staff = Client(), Client()
        own.force_login(person), staff.force_login(coordinator)
        ask("run page", Client(), "get", url("run", opened_run.code))
        new = {**first, "token": str(uuid4()), "email": f"new{round_}@example.org"}
        ask("booking", Client(), "post", url("book", opened_run.code), status=302, **new)
        waits = {**new, "email": f"waits{round_}@example.org"}
        ask("waiting", Client(), "post", url("wait", full.code), status=302, **waits)
        ask("my page", own, "get", url("my"))
        ask("staff's run", staff, "get", reverse("enrolments:run", args=[opened_run.code]))
    assert {what: counts[1] for what, counts in asked.items()} == {
        what: counts[2] for what, counts in asked.items()
    }
    assert Enrollment.objects.count() > 20_000


@pytest.mark.any_engine
def test_passing_on_asks_the_same_however_many_wait_in_vain(now):
    counted = []
    for waiting in (2, 12):
        run = make_full_run(now=now)
        for _ in range(waiting):
            make_waiting(now=now, run=run)
        with CaptureQueriesContext(connection) as queries:
            assert places.pass_on(run_id=run.pk, now=now) == []
        counted.append(len(queries))
    assert counted[0] == counted[1]
