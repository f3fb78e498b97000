"""The organiser cancels a run; before that, the day of the decision."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.timezone import localdate

from accounts.registries import invariants, worklist
from courses.models import Run, Session
from enrollment import booking as bookings
from enrollment import closing, group_booking
from enrollment.group_booking import Named
from enrollment.models import Enrollment, RunRules, WaitingEntry
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.accounts.factories import make_user
from tests.enrollment.change_factories import events
from tests.enrollment.factories import (
    group_form,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)

pytestmark = pytest.mark.django_db
KINDS = ("run_cancelled", "waiting_closed")


def told() -> dict[str, int]:
    """Address -> how many mails about the cancelled run."""
    found: dict[str, int] = {}
    for mail in OutgoingMail.objects.filter(kind__in=KINDS):
        found[mail.to_address] = found.get(mail.to_address, 0) + 1
    return found


def test_everybody_concerned_is_told_once_and_nothing_is_passed_on(now):
    run = make_open_run(now=now, places_count=4)
    first = make_enrollment(now=now, run=run)
    names = [Named("ett@ventil.example.org", "Ett", "Namn"), None]
    group_booking.send(**group_form(run=run, now=now, people=names))
    make_enrollment(now=now, run=run)
    entry = make_waiting(now=now, run=run)
    for expected in (True, False):
        assert (
            closing.cancel_run(run=run, reason_text="För få anmälda.", actor=None, now=now)
            is expected
        )
    run.refresh_from_db()
    entry.refresh_from_db()
    assert run.status == Run.Status.CANCELLED
    assert not run.sessions.standing().exists()
    assert not run.places.taken().exists()
    assert not Enrollment.objects.live().exists()
    assert set(Enrollment.objects.values_list("reason", flat=True)) == {Reason.RUN_CANCELLED}
    assert entry.status == WaitingEntry.Status.CLOSED
    assert len(told()) == 5
    assert set(told().values()) == {1}
    assert {"booker@ventil.example.org", entry.person.email, first.person.email} < told().keys()
    assert [message for check in invariants.values() for message in check(now)] == []


def test_diaries_lose_the_meetings(now):
    enrollment = make_enrollment(now=now)
    invited = events(OutgoingMail.objects.get(kind="place_confirmed"))["REQUEST"]
    closing.cancel_run(run=enrollment.run, reason_text="Lokalen brann.", actor=None, now=now)
    mail = OutgoingMail.objects.get(kind="run_cancelled")
    cancelled = events(mail)["CANCEL"]
    assert cancelled.keys() == invited.keys()
    assert all(cancelled[uid][0] > invited[uid][0] for uid in invited)
    text = fill(OutgoingMail.objects.get(pk=mail.pk)).text
    assert "Lokalen brann." in text
    assert "kortet" not in text


def test_a_run_that_has_begun_is_cancelled_meeting_by_meeting(now):
    enrollment = make_enrollment(now=now)
    end = enrollment.run.sessions.get(number=1).ends_at
    with pytest.raises(closing.HasBegun):
        closing.cancel_run(run=enrollment.run, actor=None, now=end + timedelta(minutes=1))
    enrollment.refresh_from_db()
    assert enrollment.status == Status.CONFIRMED
    assert Session.objects.filter(status=Session.Status.CANCELLED).count() == 0


def test_nobody_owes_a_fee_for_a_run_that_is_cancelled(now):
    enrollment = make_enrollment(now=now)
    closing.cancel_run(run=enrollment.run, actor=None, now=now)
    enrollment.refresh_from_db()
    assert enrollment.fee_ore == 0


def test_too_few_are_a_line_on_the_work_list_a_week_before_the_decision(now):
    run = make_open_run(now=now)
    day = localdate(now) + timedelta(days=8)
    RunRules.objects.create(run=run, min_participants=2, decide_on=day)
    run.refresh_from_db()
    make_enrollment(now=now, run=run)
    staff = make_user(role="coordinator")
    items = worklist["runs to decide"]
    assert list(items(staff, now)) == []
    later = now + timedelta(days=1)
    with translation.override("en"):
        (item,) = items(staff, later)
    assert "1 of 2, decide by" in item.title
    stranger = make_user(role="promoter")
    assert list(items(stranger, later)) == []
    run.host.staff.add(stranger)
    assert len(list(items(stranger, later))) == 1
    make_enrollment(now=now, run=run)
    assert list(items(staff, later)) == []


def test_the_demo_like_order_of_cancelling_twice_by_two_ways_is_once(now):
    run = make_full_run(now=now)
    enrollment = run.enrollments.get()
    bookings.cancel(enrollment=enrollment, reason=Reason.BY_PERSON, actor=None, now=now)
    closing.cancel_run(run=run, actor=None, now=now)
    assert told() == {}


def test_the_runs_page_tells_the_day_of_the_decision(client, now):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, min_participants=8, decide_on=localdate(now))
    html = client.get(f"/sv/runs/{run.code}/").content.decode()
    assert "Det behövs 8 deltagare; 0 har plats nu." in html
