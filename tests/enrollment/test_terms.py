"""What cancelling costs, and diaries over the change of summer time."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.models import Session
from enrollment import booking as bookings
from enrollment import terms
from enrollment.status import Reason, Status
from enrollment.terms import consequence, terms_in_words
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.enrollment.change_factories import (
    first_at,
    make_policy,
    make_run_with,
)
from tests.enrollment.factories import (
    make_enrollment,
    make_open_run,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(now):
    """A diary knows whole seconds."""
    return now.replace(microsecond=0)


def test_sundays_at_nine_stay_at_nine_over_the_change_of_summer_time(now):
    """28 March 2027 begins at UTC+1 and ends at UTC+2: 23 hours, which nobody may notice in a diary."""
    run = make_open_run(now=now, sessions=3)
    for number, (day, hour) in enumerate(((21, 8), (28, 7), (4, 7)), 1):
        starts = datetime(2027, 4 if number == 3 else 3, day, hour, tzinfo=UTC)
        Session.objects.filter(run=run, number=number).update(
            starts_at=starts, ends_at=starts + timedelta(hours=3)
        )
    make_enrollment(now=now, run=run)
    mail = fill(OutgoingMail.objects.get(kind="place_confirmed"))
    lines = mail.calendar.replace("\r\n ", "").splitlines()
    starts = [line for line in lines if line.startswith("DTSTART;TZID")]
    assert starts == [
        "DTSTART;TZID=Europe/Stockholm:20270321T090000",
        "DTSTART;TZID=Europe/Stockholm:20270328T090000",
        "DTSTART;TZID=Europe/Stockholm:20270404T090000",
    ]
    assert mail.text.replace("\xa0", " ").count("kl. 09.00–12.00") >= 3
    first, second = run.sessions.order_by("number")[:2]
    assert (second.starts_at - first.starts_at) == timedelta(days=7) - timedelta(hours=1)


# What cancelling costs


@pytest.mark.parametrize(
    ("days", "fee"), [(15, 0), (14, 0), (13, 50_000), (7, 50_000), (6, 100_000), (0, 100_000)]
)
def test_the_smallest_step_that_the_days_left_lie_under_counts(now, days, fee):
    run = make_run_with(make_policy((14, 50, 0), (7, 100, 0)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    enrollment.booking.price_ore = 100_000
    first_at(run, datetime(2027, 3, 16, 8, tzinfo=UTC))
    asked = datetime(2027, 3, 16, 9, tzinfo=UTC) - timedelta(days=days)
    step = terms.applying(terms.steps_of(run.rules.cancellation, price_ore=100_000), days_left=days)
    assert (terms.cost(step, price_ore=100_000) if step else 0) == fee
    assert consequence(enrollment, now=asked).days_left == days


def test_days_are_days_of_the_swedish_calendar_over_the_change_of_summer_time(now):
    run = make_run_with(make_policy((1, 0, 150_000)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    # Sunday 28 March 2027 has 23 hours in Sweden.
    first_at(run, datetime(2027, 3, 29, 6, tzinfo=UTC))
    evening = datetime(2027, 3, 28, 21, 30, tzinfo=UTC)
    assert consequence(enrollment, now=evening).days_left == 1
    assert consequence(enrollment, now=evening).fee_ore == 0
    midnight = datetime(2027, 3, 28, 22, 0, tzinfo=UTC)
    assert consequence(enrollment, now=midnight).days_left == 0
    assert consequence(enrollment, now=midnight).fee_ore == 150_000


def test_what_was_never_paid_costs_nothing(now):
    run = make_run_with(make_policy((60, 100, 0)), now=now, price_ore=100_000)
    enrollment = make_enrollment(now=now, run=run)
    assert enrollment.status == Status.HELD
    assert consequence(enrollment, now=now).fee_ore == 0
    assert bookings.cancel(enrollment=enrollment, reason=Reason.BY_PERSON, actor=None, now=now)
    enrollment.refresh_from_db()
    assert enrollment.fee_ore == 0


def test_cancelling_stores_the_fee_once_and_tells_it(now):
    run = make_run_with(make_policy((60, 0, 150_000)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    for _ in range(2):
        bookings.cancel(enrollment=enrollment, reason="by_person", actor=enrollment.person, now=now)
    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.fee_ore) == (Status.CANCELLED, 150_000)
    mail = OutgoingMail.objects.get(kind="place_cancelled")
    assert "1 500 kr" in mail.text.replace("\xa0", " ")


def test_the_organiser_takes_no_fee(now):
    run = make_run_with(make_policy((60, 0, 150_000)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    bookings.cancel(enrollment=enrollment, reason=Reason.BY_STAFF, actor=None, now=now)
    enrollment.refresh_from_db()
    assert enrollment.fee_ore == 0


def test_terms_are_told_with_the_runs_own_dates(now):
    policy = make_policy((14, 50, 0), (7, 100, 0))
    run = make_run_with(policy, now=now, price_ore=1_250_000)
    first_at(run, datetime(2027, 3, 16, 8, tzinfo=UTC))
    words = [w.replace("\xa0", " ") for w in terms_in_words(run, language="en")]
    assert words == [
        "Cancelling is free up to and including Tue 2 March 2027.",
        "From Wed 3 March 2027 it costs 50% of the price (SEK 6,250 excl. VAT).",
        "From Wed 10 March 2027 it costs 100% of the price (SEK 12,500 excl. VAT).",
        "A colleague can take the place at no cost until the last meeting is over.",
    ]
    assert terms_in_words(run, language="sv")[0].startswith("Avbokning är fri till och med tis 2")


def test_a_share_of_a_price_of_nothing_is_no_step(now):
    run = make_run_with(make_policy((14, 50, 0)), now=now)
    assert terms_in_words(run, language="en")[0] == "Cancelling costs nothing."


# A colleague instead
