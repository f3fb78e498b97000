"""Enrolments as the site makes them: through the real functions."""

from datetime import timedelta
from uuid import uuid4

from courses.models import Run
from enrollment import booking, places, waiting
from enrollment.group_booking import Named
from enrollment.models import Booking, Enrollment, WaitingEntry
from enrollment.status import Status
from tests.accounts.factories import make_user
from tests.courses.factories import make_run
from tests.home.factories import make_municipality


def make_open_run(*, now, places_count: int = 10, **fields) -> Run:
    """A published run with places."""
    run = make_run(now=now, **fields)
    places.open_places(run=run, count=places_count)
    return run


def make_booking(*, now, run: Run | None = None, person=None, **fields) -> Booking:
    """A booking by the person for themselves; free runs are confirmed by it, paid runs held."""
    person = person or make_user()
    return booking.book(
        run=run or make_open_run(now=now),
        person=person,
        booked_by=fields.pop("booked_by", None) or person,
        token=fields.pop("token", None) or uuid4(),
        language=fields.pop("language", "sv"),
        terms_accepted=True,
        now=now,
        **fields,
    )


def make_enrollment(*, now, run: Run | None = None, person=None, **fields) -> Enrollment:
    """An enrolment: confirmed on a free run, held on a paid one.

    `now` may lie after the run's booking window (to test what happens later): then it is booked when
    booking opened.
    """
    run = run or make_open_run(now=now)
    if not run.places.filter(enrollment=None).exists():
        places.open_places(run=run, count=1)
    booked = now
    if not run.accepts_bookings(now) and run.opens_at:
        booked = run.opens_at + timedelta(minutes=1)
    return make_booking(now=booked, run=run, person=person, **fields).enrollments.get()


def make_full_run(*, now, places_count: int = 1, **fields) -> Run:
    run = make_open_run(now=now, places_count=places_count, **fields)
    for _ in range(places_count):
        make_booking(now=now, run=run)
    assert run.enrollments.filter(status__in=Status.PLACED).count() == places_count
    return run


def make_waiting(*, now, run: Run, person=None, **fields) -> WaitingEntry:
    return waiting.join(
        run=run,
        person=person or make_user(),
        language=fields.pop("language", "sv"),
        terms_accepted=True,
        now=now,
        **fields,
    )


def group_form(*, run: Run, now, people, **fields) -> dict:
    """What a company's form says: a booker of a fictional company in Sandviken."""
    return {
        "run": run,
        "token": uuid4(),
        "booker": Named("booker@ventil.example.org", "Exempel", "Exempelsson"),
        "number": "492900-4119",
        "company_name": "Exempel Ventil & Hydraulik AB",
        "municipality": make_municipality("21"),
        "people": people,
        "language": "sv",
        "terms_accepted": True,
        "now": now,
        **fields,
    }
