from datetime import UTC, date, datetime, timedelta

import pytest
from wagtail.models import ModelLogEntry

from courses.dates import DatesError, spans
from courses.models import Run
from courses.scheduling import (
    NotReady,
    ScheduleError,
    change_meeting,
    copy_run,
    create_run,
    gaps,
    publish,
    set_meetings,
)
from tests.accounts.factories import make_user
from tests.courses.factories import make_course, make_course_page, make_run
from tests.home.factories import make_municipality, make_promoter, make_region

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def clocks(text: str) -> list[str]:
    return [
        f"{span.starts_at:%Y-%m-%d %H.%M}-{span.ends_at:%H.%M}" for span in spans(text, today=TODAY)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tis 3 mars 2027 kl. 09.00–12.00", ["2027-03-03 09.00-12.00"]),
        ("2027-03-03 9:00-12:30", ["2027-03-03 09.00-12.30"]),
        ("3/3 9-12", ["2027-03-03 09.00-12.00"]),
        ("Wed 3 March 2027, 13:00 to 16:00", ["2027-03-03 13.00-16.00"]),
        ("24 dec kl 9–12", ["2026-12-24 09.00-12.00"]),
        ("2 jan 9-12\n\n 1 jan 9-12", ["2027-01-01 09.00-12.00", "2027-01-02 09.00-12.00"]),
        (
            "4 tisdagar från 2 mars kl 9–12",
            [f"2027-03-{d:02} 09.00-12.00" for d in (2, 9, 16, 23)],
        ),
        (
            "3 every other Tuesday from 2 March 2027 at 9:00-12:00",
            [f"2027-03-{d:02} 09.00-12.00" for d in (2, 16, 30)],
        ),
    ],
)
def test_dates_are_read_as_people_write_them(text, expected):
    assert clocks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "i morgon",
        "31 feb 2027 9-12",
        "3 mars 12-9",
        "3 mars 9-25",
        "99 tisdagar från 3 mars 9-12",
    ]
    + [
        "3 mars 9-12\n3 mars 10-11",
        "9-12",
        "3 mars",
        "0 tisdagar från 3 mars 9-12",
        "3/3 9-12\n" * 70,
    ],
)
def test_dates_that_are_not_understood_are_named(text):
    with pytest.raises(DatesError) as problem:
        spans(text, today=TODAY)
    assert problem.value.problems


def test_weekly_pattern_keeps_its_clock_time_over_summer_time():
    found = spans("3 söndagar från 21 mars 2027 kl 9–12", today=TODAY)
    assert [f"{s.starts_at:%d %H.%M}" for s in found] == ["21 09.00", "28 09.00", "04 09.00"]
    in_utc = [s.starts_at.astimezone(UTC) for s in found]
    assert in_utc[1] - in_utc[0] == timedelta(days=7, hours=-1)


@pytest.fixture
def actor(db):
    return make_user(role="coordinator")


@pytest.fixture
def draft(actor):
    make_course_page()
    run = create_run(
        course=make_course(),
        host=make_promoter(),
        code="NY-1",
        actor=actor,
        now=NOW,
        municipality=make_municipality(),
        open_to=[make_region()],
        format=Run.Format.HYBRID,
    )
    set_meetings(
        run=run,
        spans=spans("2 tisdagar från 2 mars 2027 kl 9–12", today=TODAY),
        venue=None,
        actor=actor,
        now=NOW,
    )
    run.sessions.update(link="https://meet.example.org/x")
    run.refresh_from_db()
    return run


def actions(thing) -> list[str]:
    return list(
        ModelLogEntry.objects.for_instance(thing)
        .order_by("timestamp", "pk")
        .values_list("action", flat=True)
    )


def test_draft_gets_meetings_modules_and_a_last_day(draft):
    first, second = draft.sessions.order_by("number")
    assert [m.order for m in first.modules.all()] == [1]
    assert [m.order for m in second.modules.all()] == [2]
    assert f"{draft.closes_at:%Y-%m-%d %H:%M}" == "2027-03-01 08:00"
    assert actions(draft) == ["courses.create_run", "courses.set_meetings"]


def test_publish_names_all_gaps_and_changes_nothing(draft, actor):
    draft.open_to.clear()
    draft.sessions.update(link="")
    with pytest.raises(NotReady) as problem:
        publish(run=draft, actor=actor, now=NOW)
    assert len(problem.value.gaps) == 2
    draft.refresh_from_db()
    assert draft.status == Run.Status.DRAFT


@pytest.mark.parametrize(
    "broken",
    [
        {"municipality": None},
        {"closes_at": None},
        {"closes_at": datetime(2028, 1, 1, tzinfo=UTC)},
        {"opens_at": datetime(2027, 3, 1, 12, tzinfo=UTC)},
    ],
)
def test_each_gap_is_found(draft, broken):
    Run.objects.filter(pk=draft.pk).update(**broken)
    draft.refresh_from_db()
    assert len(gaps(draft, now=NOW)) == 1


def test_publish_twice_is_once(draft, actor):
    publish(run=draft, actor=actor, now=NOW)
    publish(run=draft, actor=actor, now=NOW)
    assert actions(draft).count("courses.publish") == 1
    draft.refresh_from_db()
    assert draft.status == Run.Status.PUBLISHED
    with pytest.raises(ScheduleError):
        set_meetings(run=draft, spans=[], venue=None, actor=actor, now=NOW)
    assert draft.sessions.count() == 2


def test_cancelled_run_is_not_published_again(draft, actor):
    Run.objects.filter(pk=draft.pk).update(status=Run.Status.CANCELLED)
    with pytest.raises(ScheduleError):
        publish(run=draft, actor=actor, now=NOW)


def test_copy_keeps_clock_times_over_summer_time(draft, actor):
    made = copy_run(run=draft, code="NY-2", first_day=date(2027, 4, 6), actor=actor, now=NOW)
    assert made.status == Run.Status.DRAFT and made.open_to.count() == 1
    starts = [f"{s.starts_at:%m-%d %H:%M}" for s in made.sessions.order_by("number")]
    made.refresh_from_db()
    in_utc = [
        f"{s.starts_at:%m-%d %H:%M}"
        for s in Run.objects.get(pk=made.pk).sessions.order_by("number")
    ]
    assert in_utc == ["04-06 07:00", "04-13 07:00"]
    assert len(starts) == 2


def test_changed_meeting_tells_calendars_once(draft, actor):
    session = draft.sessions.first()
    later = session.starts_at + timedelta(minutes=30)
    changed = change_meeting(session=session, starts_at=later, actor=actor, now=NOW)
    assert changed.sequence == 1
    again = change_meeting(session=session, starts_at=later, actor=actor, now=NOW)
    assert again.sequence == 1


@pytest.mark.django_db
def test_copy_of_a_run_without_meetings_is_refused(now):
    run = make_run(now=now, sessions=0)
    with pytest.raises(ScheduleError):
        copy_run(run=run, code="X", first_day=TODAY, actor=None, now=now)
