"""Until when: the closing second, nights that do not count, half of the time to answer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.translation import override

from enrollment import booking, places
from enrollment.models import RunRules
from enrollment.places import timing
from tests.enrollment.factories import make_booking, make_open_run

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02T09:00", 3, "2026-03-02T12:00"),
        ("2026-03-02T20:00", 3, "2026-03-03T08:00"),
        ("2026-03-02T23:30", 1, "2026-03-03T08:00"),
        ("2026-03-02T05:00", 1, "2026-03-02T08:00"),
        ("2026-03-02T09:00", 30, "2026-03-04T09:00"),
        # The clocks go forward in the night to Sunday 29 March.
        ("2026-03-28T21:00", 2, "2026-03-29T08:00"),
        ("2026-10-24T21:00", 2, "2026-10-25T08:00"),
    ],
)
def test_nights_do_not_count(start, hours, end):
    assert timing.after_waking_hours(at(start), hours) == at(end)
    assert timing.waking_time(at(start), at(end)) == timedelta(hours=hours)


def test_no_time_passes_backwards():
    assert timing.waking_time(at("2026-03-03T12:00"), at("2026-03-03T09:00")) == timedelta()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("2026-03-02T09:00", "2026-03-04T09:00", "2026-03-03T09:00"),
        ("2026-03-02T20:00", "2026-03-03T08:00", "2026-03-02T21:30"),
        # An application that is a week older than its offer of thirty hours.
        ("2026-02-23T09:00", "2026-03-04T09:00", "2026-03-03T09:00"),
    ],
)
def test_the_reminder_comes_at_half_of_the_time_to_answer(now, since, until, due):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, offer_hours=30)
    got = timing.reminder_due(run=run, since=at(since), until=at(until))
    assert got == at(due)


@pytest.mark.django_db
def test_the_last_second_belongs_to_the_window_and_the_next_does_not(now):
    closes = (now + timedelta(days=5)).replace(hour=21, minute=59, second=59, microsecond=0)
    run = make_open_run(now=now, closes_at=closes)
    make_booking(now=closes, run=run)
    with pytest.raises(booking.NotOpen):
        make_booking(now=closes + timedelta(seconds=1), run=run)


@pytest.mark.django_db
def test_without_a_last_day_booking_ends_when_the_first_meeting_begins(now):
    run = make_open_run(now=now, closes_at=None)
    begins = places.first_meeting(run)
    assert places.takes_bookings(run, now=begins)
    assert not places.takes_bookings(run, now=begins + timedelta(seconds=1))


@pytest.mark.django_db
def test_the_page_says_the_time_zone(client, now):
    run = make_open_run(now=now)
    with override("sv"):
        page = client.get(reverse("book", args=[run.code])).content.decode()
    assert "Svensk tid" in page or "svensk tid" in page
