from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from accounts.roles import Role
from courses.models import Session
from courses.models.run import STOCKHOLM
from enrollment import booking
from enrollment.attendance import close
from enrollment.attendance.minutes import choice_of, credited, of_choice
from enrollment.attendance.models import AppendOnly, Attendance
from enrollment.attendance.record import (
    ImpossibleMinutes,
    Mark,
    NotOnList,
    SessionCancelled,
    SessionClosed,
    TooEarly,
    record_marks,
    row_nonce,
    undo_last,
)
from tests.accounts.factories import make_user

from .factories import make_led_run, mark_all

pytestmark = pytest.mark.django_db


def audit(action: str) -> int:
    return ModelLogEntry.objects.filter(action=action).count()


def test_marks_become_minutes_and_one_audit_entry(now):
    run, leader, (a, b, c) = make_led_run(now=now)
    session = run.sessions.first()
    mark_all(run, {a: "present", b: "late15", c: "absent"}, session=session, by=leader, now=now)
    assert credited([a, b, c]) == {
        (a.pk, session.pk): 120,
        (b.pk, session.pk): 105,
        (c.pk, session.pk): 0,
    }
    assert audit("attendance.save") == 1


@pytest.mark.parametrize(
    ("choice", "after_start", "minutes"),
    [
        ("present", 10, 120),
        ("late15", 20, 105),
        ("late30", 35, 90),
        ("left", 45, 45),
        ("left", 200, 60),
        ("absent", 10, 0),
    ],
)
def test_choice_is_worth_its_minutes(now, choice, after_start, minutes):
    session = Session(starts_at=now, ends_at=now + timedelta(minutes=120))
    at = now + timedelta(minutes=after_start)
    status, got = of_choice(choice, session=session, at=at)
    assert got == minutes
    assert choice_of(Attendance(status=status, minutes=got), session=session) == choice


def test_short_meeting_never_gives_negative_minutes(now):
    session = Session(starts_at=now, ends_at=now + timedelta(minutes=20))
    assert of_choice("late30", session=session, at=now)[1] == 0


def test_correction_is_a_new_row(now):
    run, leader, (a, *_) = make_led_run(now=now)
    session = run.sessions.first()
    mark_all(run, {a: "present"}, session=session, by=leader, now=now)
    mark_all(run, {a: "absent"}, session=session, by=leader, now=now)
    first, second = Attendance.objects.filter(enrollment=a)
    assert (first.minutes, second.minutes, second.supersedes) == (120, 0, first)
    assert credited([a])[a.pk, session.pk] == 0


def test_unchanged_mark_adds_nothing(now):
    run, leader, (a, *_) = make_led_run(now=now)
    session = run.sessions.first()
    for _time in range(2):
        mark_all(run, {a: "present"}, session=session, by=leader, now=now)
    assert Attendance.objects.count() == 1
    assert audit("attendance.save") == 1


def test_rows_cannot_be_changed_or_deleted(now):
    run, leader, (a, *_) = make_led_run(now=now)
    mark_all(run, {a: "present"}, session=run.sessions.first(), by=leader, now=now)
    row = Attendance.objects.get()
    row.minutes = 1
    for attempt in (
        row.save,
        row.delete,
        Attendance.objects.all().delete,
        lambda: Attendance.objects.update(minutes=1),
        lambda: Attendance.objects.bulk_update([row], ["minutes"]),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert Attendance.objects.get().minutes == 120


def test_database_refuses_a_second_chain(now):
    run, leader, (a, *_) = make_led_run(now=now)
    session = run.sessions.first()
    mark_all(run, {a: "present"}, session=session, by=leader, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            session=session,
            enrollment=a,
            minutes=1,
            status="present",
            source="leader",
            recorded_at=now,
            nonce=uuid4(),
            batch=uuid4(),
        )


def test_repeated_upload_is_one_row(now):
    run, leader, (a, *_) = make_led_run(now=now)
    session = run.sessions.first()
    batch = uuid4()

    def upload(choice):
        status, minutes = of_choice(choice, session=session, at=now)
        return record_marks(
            session=session,
            marks=[Mark(a.public_id, status, minutes, row_nonce(batch, a.public_id))],
            recorded_by=leader,
            source="leader",
            now=now,
            batch=batch,
        )

    assert len(upload("present")) == 1
    mark_all(run, {a: "absent"}, session=session, by=leader, now=now)
    assert upload("present") == []
    assert credited([a])[a.pk, session.pk] == 0


def test_foreign_enrollment_refuses_everything(now):
    """D36: valid and foreign ids mixed, nothing is written."""
    run, leader, (a, *_) = make_led_run(now=now)
    _other, _leader, (foreign, *_) = make_led_run(now=now)
    with pytest.raises(NotOnList):
        mark_all(
            run,
            {a: "present", foreign: "present"},
            session=run.sessions.first(),
            by=leader,
            now=now,
        )
    assert not Attendance.objects.exists()


def test_cancelled_person_is_not_on_the_list(now):
    run, leader, (a, *_) = make_led_run(now=now)
    booking.cancel(enrollment=a, reason="by_person", actor=a.person, now=now)
    with pytest.raises(NotOnList):
        mark_all(run, {a: "present"}, session=run.sessions.first(), by=leader, now=now)


def test_attendance_begins_on_the_day_of_the_meeting(now):
    run, leader, (a, *_) = make_led_run(now=now)
    second = run.sessions.get(number=2)
    day = second.starts_at.astimezone(STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)
    with pytest.raises(TooEarly):
        early = day - timedelta(seconds=1)
        mark_all(run, {a: "present"}, session=second, by=leader, now=early)
    mark_all(run, {a: "present"}, session=second, by=leader, now=day)


def test_cancelled_meeting_takes_no_attendance(now):
    run, leader, (a, *_) = make_led_run(now=now)
    session = run.sessions.first()
    Session.objects.filter(pk=session.pk).update(status="cancelled")
    with pytest.raises(SessionCancelled):
        mark_all(run, {a: "present"}, session=session, by=leader, now=now)


def test_more_minutes_than_the_meeting_is_long_are_refused(now):
    run, leader, (a, *_) = make_led_run(now=now)
    with pytest.raises(ImpossibleMinutes):
        record_marks(
            session=run.sessions.first(),
            marks=[Mark(a.public_id, "present", 121)],
            recorded_by=leader,
            source="log",
            now=now,
        )


def test_cancelled_meeting_is_not_credited(now):
    run, leader, (a, *_) = make_led_run(now=now)
    session = run.sessions.first()
    mark_all(run, {a: "present"}, session=session, by=leader, now=now)
    Session.objects.filter(pk=session.pk).update(status="cancelled")
    assert credited([a]) == {}


def test_undo_brings_back_what_stood(now):
    run, leader, (a, b, _c) = make_led_run(now=now)
    session = run.sessions.first()
    mark_all(run, {a: "late15"}, session=session, by=leader, now=now)
    mark_all(run, {a: "present", b: "present"}, session=session, by=leader, now=now)
    undo_last(session=session, actor=leader, now=now)
    assert credited([a, b]) == {(a.pk, session.pk): 105}
    assert Attendance.objects.count() == 5
    undo_last(session=session, actor=leader, now=now)
    assert credited([a, b]) == {(a.pk, session.pk): 120, (b.pk, session.pk): 120}


def test_undo_of_nothing_does_nothing(now):
    run, leader, _people = make_led_run(now=now)
    assert undo_last(session=run.sessions.first(), actor=leader, now=now) == []


def test_closing_needs_everybody_and_freezes_the_rows(now):
    run, leader, (a, b, c) = make_led_run(now=now)
    session = run.sessions.first()
    mark_all(run, {a: "present", b: "absent"}, session=session, by=leader, now=now)
    with pytest.raises(close.NotAllMarked):
        close.close_session(session=session, head_count=1, actor=leader, now=now)
    mark_all(run, {c: "present"}, session=session, by=leader, now=now)
    closure = close.close_session(session=session, head_count=2, actor=leader, now=now)
    again = close.close_session(session=session, head_count=9, actor=leader, now=now)
    session.refresh_from_db()
    assert closure == again
    assert (again.head_count, session.status) == (2, "held")
    assert closure.rows_sha256 == close.rows_sha256(session.pk)
    with pytest.raises(SessionClosed):
        mark_all(run, {a: "absent"}, session=session, by=leader, now=now)
    assert audit("attendance.close") == 1


def test_meeting_not_begun_cannot_be_closed(now):
    run, leader, _people = make_led_run(now=now)
    session = run.sessions.get(number=2)
    with pytest.raises(close.NotBegun):
        close.close_session(session=session, head_count=1, actor=leader, now=now)


def test_reopening_needs_a_reason_which_later_rows_carry(now):
    run, leader, (a,) = make_led_run(now=now, people=1)
    coordinator = make_user(role=Role.COORDINATOR)
    session = run.sessions.first()
    mark_all(run, {a: "absent"}, session=session, by=leader, now=now)
    close.close_session(session=session, head_count=0, actor=leader, now=now)
    with pytest.raises(close.NoReason):
        close.reopen_session(session=session, reason="  ", actor=coordinator, now=now)
    close.reopen_session(
        session=session, reason="Signed the paper list", actor=coordinator, now=now
    )
    mark_all(run, {a: "present"}, session=session, by=leader, now=now)
    assert Attendance.objects.current().get().reason == "Signed the paper list"
    close.close_session(session=session, head_count=1, actor=leader, now=now)


@pytest.mark.breaks_invariants
def test_invariant_finds_rows_slipped_under_a_closed_list(now):
    from accounts.registries import invariants

    run, leader, (a,) = make_led_run(now=now, people=1)
    session = run.sessions.first()
    mark_all(run, {a: "absent"}, session=session, by=leader, now=now)
    close.close_session(session=session, head_count=0, actor=leader, now=now)
    row = Attendance.objects.get()
    Attendance(
        session=session,
        enrollment=a,
        minutes=500,
        status="present",
        source="leader",
        recorded_at=now,
        nonce=uuid4(),
        batch=uuid4(),
        supersedes=row,
    ).save()
    found = [
        line for name, check in invariants.items() if "attendance" in name for line in check(now)
    ]
    assert len(found) == 2


def test_substitutes_minutes_do_not_help_the_absent(now):
    run, leader, (absent, substitute, _c) = make_led_run(now=now)
    session = run.sessions.first()
    choices = {absent: "absent", substitute: "present"}
    mark_all(run, choices, session=session, by=leader, now=now)
    assert credited([absent]) == {(absent.pk, session.pk): 0}
