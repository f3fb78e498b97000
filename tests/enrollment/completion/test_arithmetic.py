"""The table of domain rules 4.3, without a database."""

import pytest

from enrollment.completion.arithmetic import Meeting, Policy, assess

MODULE = 7


def result(*meetings: Meeting, mandatory=(), **kwargs):
    return assess(policy=Policy(), meetings=meetings, mandatory=mandatory, **kwargs)


@pytest.mark.parametrize(
    ("credited", "scheduled", "passes"),
    [
        (1200, 1500, True),
        (1199, 1500, False),
        (80, 100, True),
        (79, 100, False),
        (0, 100, False),
        (2, 3, False),
    ],
)
def test_attendance_limit_is_exact(credited, scheduled, passes):
    assert result(Meeting(scheduled, credited)).attendance_ok is passes


def test_share_rises_when_a_meeting_is_cancelled_afterwards():
    missed, held = Meeting(300, 0), Meeting(300, 300)
    assert not result(held, held, missed).attendance_ok
    assert result(held, held).attendance_ok


def test_excused_absence_is_no_minutes():
    assert result(Meeting(100, 0), Meeting(100, 100)).attended_min == 100


@pytest.mark.parametrize(("credited", "there"), [(60, True), (59, False)])
def test_mandatory_module_needs_half_of_one_meeting(credited, there):
    outcome = result(Meeting(120, credited, (MODULE,)), Meeting(1200, 1200), mandatory=[MODULE])
    assert outcome.modules_ok is there
    assert outcome.result == ("completed" if there else "attended")


def test_module_never_held_is_not_attended():
    assert result(Meeting(120, 120), mandatory=[MODULE]).result == "attended"


def test_policy_may_leave_modules_out():
    outcome = assess(
        policy=Policy(require_modules=False), meetings=[Meeting(120, 120)], mandatory=[MODULE]
    )
    assert outcome.result == "completed"


def test_make_up_of_an_attended_module_gives_nothing():
    outcome = result(
        Meeting(120, 60, (MODULE,)),
        Meeting(120, 120, (MODULE,), required=False),
        mandatory=[MODULE],
    )
    assert outcome.attended_min == 60


def test_make_up_of_a_missed_module_counts_once():
    make_up = Meeting(120, 120, (MODULE,), required=False)
    outcome = result(
        Meeting(120, 0, (MODULE,)), Meeting(480, 480), make_up, make_up, mandatory=[MODULE]
    )
    assert (outcome.scheduled_min, outcome.attended_min, outcome.modules_ok) == (600, 600, True)


def test_make_up_never_credits_more_than_was_missed():
    outcome = result(
        Meeting(60, 10, (MODULE,)), Meeting(240, 200, (MODULE,), required=False), mandatory=[MODULE]
    )
    assert outcome.attended_min == 60


def test_credit_never_exceeds_the_meeting():
    assert result(Meeting(60, 90)).attended_min == 60


@pytest.mark.parametrize(
    ("credited", "held", "expected"),
    [
        (0, None, "no_show"),
        (50, None, "not_completed"),
        (80, None, "completed"),
        (40, 40, "withdrawn"),
        (0, 49, "withdrawn"),
        (40, 50, "not_completed"),
        (0, 100, "no_show"),
    ],
)
def test_result_of_who_came_left_or_never_showed(credited, held, expected):
    assert result(Meeting(100, credited), held_before_leaving=held).result == expected


def test_nothing_held_is_nothing_to_measure():
    with pytest.raises(ValueError, match="no required meeting"):
        result(Meeting(100, 100, required=False))
