from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.registries import invariants
from accounts.roles import Role
from courses.models import Session
from enrollment import booking
from enrollment.attendance.close import close_session, reopen_session
from enrollment.completion.decide import (
    EvidenceChanged,
    NeedsReason,
    NeedsSecondPerson,
    UnknownResult,
    decide,
    decide_exception,
    propose,
)
from enrollment.completion.evidence import NotReady, sha256_of
from enrollment.completion.models import Completion
from tests.accounts.factories import make_user
from tests.enrollment.attendance.factories import hold, make_led_run, mark_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(now):
    """A run of two meetings, held and closed: one person was there, one half, one never."""
    run, leader, people = make_led_run(now=now - timedelta(days=30))
    choices = dict(zip(people, ("present", "left", "absent"), strict=True))
    hold(run, choices, by=leader)
    return run, leader, people


@pytest.fixture
def coordinator(db):
    return make_user(role=Role.COORDINATOR)


def results(run) -> dict[int, str]:
    return dict(
        Completion.objects.filter(enrollment__run=run).values_list("enrollment_id", "result")
    )


def test_proposal_has_the_numbers_of_everybody(held, now):
    run, leader, (a, b, c) = held
    propose(run=run, actor=leader, now=now)
    assert results(run) == {a.pk: "completed", b.pk: "not_completed", c.pk: "no_show"}
    row = Completion.objects.get(enrollment=b)
    assert (row.status, row.policy_version, row.proposed_by) == ("proposed", "2026-1", leader)
    assert row.inputs["numbers"]["scheduled_min"] == 240
    assert row.inputs["numbers"]["attended_min"] == 120
    assert sha256_of(row.inputs) == row.inputs_sha256


def test_proposing_twice_is_proposing_once(held, now):
    run, leader, _people = held
    propose(run=run, actor=leader, now=now)
    propose(run=run, actor=make_user(), now=now)
    assert Completion.objects.count() == 3
    assert set(Completion.objects.values_list("proposed_by", flat=True)) == {leader.pk}
    assert ModelLogEntry.objects.filter(action="completion.propose").count() == 3


def test_open_list_is_not_ready(now):
    run, leader, people = make_led_run(now=now - timedelta(days=30))
    session = run.sessions.first()
    mark_all(run, dict.fromkeys(people, "present"), session=session, by=leader, now=session.ends_at)
    close_session(session=session, head_count=3, actor=leader, now=session.ends_at)
    with pytest.raises(NotReady) as refused:
        propose(run=run, actor=leader, now=now)
    assert refused.value.meetings == [2]
    assert not Completion.objects.exists()


def test_cancelled_meeting_never_counts(now):
    run, leader, people = make_led_run(now=now - timedelta(days=30), sessions=3)
    Session.objects.filter(run=run, number=3).update(status="cancelled")
    hold(run, dict.fromkeys(people, "present"), by=leader)
    rows = propose(run=run, actor=leader, now=now)
    assert {row.inputs["numbers"]["scheduled_min"] for row in rows} == {240}


def test_decision_is_stored_with_its_day(held, coordinator, now):
    run, leader, (a, *_) = held
    decide(completions=propose(run=run, actor=leader, now=now), actor=coordinator, now=now)
    row = Completion.objects.get(enrollment=a)
    assert (row.status, row.decided_by, row.decided_at) == ("decided", coordinator, now)
    assert row.completed_on == timezone.localdate(now)
    assert ModelLogEntry.objects.filter(action="completion.decide").count() == 3


def test_decision_day_is_not_before_the_last_meeting(held, coordinator):
    run, leader, (a, *_) = held
    last = run.sessions.get(number=2).ends_at
    early = last - timedelta(days=3)
    decide(completions=propose(run=run, actor=leader, now=early), actor=coordinator, now=early)
    assert Completion.objects.get(enrollment=a).completed_on == timezone.localdate(last)


def test_deciding_twice_changes_nothing(held, coordinator, now):
    run, leader, _people = held
    rows = propose(run=run, actor=leader, now=now)
    decide(completions=rows, actor=coordinator, now=now)
    decide(completions=rows, actor=make_user(), now=now + timedelta(days=1))
    propose(run=run, actor=make_user(), now=now + timedelta(days=1))
    assert set(Completion.objects.values_list("decided_by", "decided_at")) == {
        (coordinator.pk, now)
    }


def test_changed_evidence_must_be_proposed_again(held, coordinator, now):
    run, leader, (a, _b, c) = held
    rows = propose(run=run, actor=leader, now=now)
    session = run.sessions.get(number=1)
    reopen_session(session=session, reason="Late paper list", actor=coordinator, now=now)
    mark_all(run, {c: "present"}, session=session, by=leader, now=now)
    with pytest.raises(NotReady):
        decide(completions=rows, actor=coordinator, now=now)
    close_session(session=session, head_count=3, actor=leader, now=now)
    with pytest.raises(EvidenceChanged) as refused:
        decide(completions=rows, actor=coordinator, now=now)
    assert refused.value.enrollments == [c.pk]
    assert not Completion.objects.decided().exists()
    decide(completions=propose(run=run, actor=leader, now=now), actor=coordinator, now=now)
    assert results(run)[c.pk] == "not_completed"
    assert results(run)[a.pk] == "completed"


def test_exception_needs_reason_and_second_person(held, coordinator, now):
    run, leader, (_a, b, _c) = held
    propose(run=run, actor=leader, now=now)
    row = Completion.objects.get(enrollment=b)

    def except_(**changes):
        given = {
            "result": "completed",
            "reason": "Ill, 78 per cent",
            "actor": coordinator,
        } | changes
        return decide_exception(completion=row, now=now, **given)

    with pytest.raises(NeedsReason):
        except_(reason=" ")
    with pytest.raises(NeedsSecondPerson):
        except_(actor=leader)
    with pytest.raises(UnknownResult):
        except_(result="brilliant")
    assert not Completion.objects.decided().exists()
    decided = except_()
    assert (decided.result, decided.exception_reason) == ("completed", "Ill, 78 per cent")
    assert decided.inputs["numbers"]["result"] == "not_completed"


def test_who_left_before_half_with_notice_has_withdrawn(now):
    run, leader, (a, b, c) = make_led_run(now=now - timedelta(days=30))
    first, second = run.sessions.order_by("number")
    mark_all(
        run, dict.fromkeys((a, b, c), "present"), session=first, by=leader, now=first.starts_at
    )
    gone_at = first.starts_at + timedelta(hours=1)
    booking.cancel(enrollment=c, reason="by_person", actor=c.person, now=gone_at)
    close_session(session=first, head_count=3, actor=leader, now=first.ends_at)
    mark_all(run, {a: "present", b: "present"}, session=second, by=leader, now=second.ends_at)
    close_session(session=second, head_count=2, actor=leader, now=second.ends_at)
    propose(run=run, actor=leader, now=now)
    assert results(run)[c.pk] == "withdrawn"


def test_who_cancelled_before_the_start_has_no_result(now):
    run, leader, (a, b, c) = make_led_run(now=now - timedelta(days=30))
    before = run.sessions.first().starts_at - timedelta(days=1)
    booking.cancel(enrollment=c, reason="by_person", actor=c.person, now=before)
    hold(run, {a: "present", b: "present"}, by=leader)
    propose(run=run, actor=leader, now=now)
    assert set(results(run)) == {a.pk, b.pk}


@pytest.mark.parametrize("people", [1, 3])
def test_proposing_reads_the_same_however_many_people(people, now, django_assert_num_queries):
    from enrollment.completion.evidence import gather
    from enrollment.completion.models import LedRun

    run, leader, enrollments = make_led_run(now=now - timedelta(days=30), people=people)
    hold(run, dict.fromkeys(enrollments, "present"), by=leader)
    run = LedRun.objects.select_related("policy", "course").get(pk=run.pk)
    with django_assert_num_queries(6):
        gather(run)


@pytest.mark.breaks_invariants
@pytest.mark.parametrize(
    "tamper",
    [
        lambda row: row.inputs["numbers"].update(attended_min=9999),
        lambda row: setattr(row, "result", "completed"),
    ],
)
def test_invariant_finds_a_result_without_its_evidence(held, now, tamper):
    run, leader, (_a, b, _c) = held
    propose(run=run, actor=leader, now=now)
    row = Completion.objects.get(enrollment=b)
    tamper(row)
    row.save()
    check = invariants["completion: every result has its evidence"]
    assert len(list(check(now))) == 1
