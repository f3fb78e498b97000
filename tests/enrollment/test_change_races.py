"""Changes by real processes in the same moment: whole or not at all, each place with one person."""

from collections import Counter

import pytest

from accounts.registries import invariants
from enrollment.models import Enrollment
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.enrollment.change_factories import make_policy, make_team
from tests.enrollment.factories import make_enrollment, make_open_run
from tests.enrollment.racers import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def results(answers: list[dict]) -> list[str]:
    assert [answer["error"] for answer in answers if answer["error"]] == []
    return [answer["result"] for answer in answers]


def holds(now) -> list[str]:
    return [message for check in invariants.values() for message in check(now)]


def test_the_same_colleague_named_many_times_at_once_is_one_enrolment(now):
    old = make_enrollment(now=now)
    one = {"enrollment": old.pk, "email": "kim@example.org"}
    assert len(set(results(race("substitute", [one] * 6)))) == 1
    assert Enrollment.objects.confirmed().count() == 1
    assert OutgoingMail.objects.filter(kind="substituted_out").count() == 1
    assert holds(now) == []


def test_of_two_colleagues_named_at_once_one_has_the_place(now):
    old = make_enrollment(now=now)
    both = [{"enrollment": old.pk, "email": f"kim{n}@example.org"} for n in range(4)]
    told = Counter(answer.split()[0] for answer in results(race("substitute", both)))
    assert told == {"done": 1, "Ended": 3}
    assert Enrollment.objects.count() == 2
    assert holds(now) == []


def test_two_who_change_places_do_not_wait_for_one_another(now):
    """Each run has one place beside the taken one, so that both can move at once."""
    first = make_open_run(now=now, places_count=2)
    second = make_open_run(now=now, places_count=2, course=first.course)
    here, there = make_enrollment(now=now, run=first), make_enrollment(now=now, run=second)
    answers = results(
        race(
            "move",
            [
                {"enrollment": here.pk, "run": second.pk},
                {"enrollment": there.pk, "run": first.pk},
            ],
        )
    )
    assert [answer.split()[0] for answer in answers] == ["done", "done"]
    assert first.places.taken().count() == second.places.taken().count() == 1
    assert holds(now) == []


def test_five_want_to_move_to_the_last_place_and_four_stay_where_they_are(now):
    first = make_open_run(now=now, places_count=5)
    last = make_open_run(now=now, places_count=1, course=first.course)
    movers = [make_enrollment(now=now, run=first) for _ in range(5)]
    told = results(race("move", [{"enrollment": m.pk, "run": last.pk} for m in movers]))
    assert Counter(answer.split()[0] for answer in told)["done"] == 1
    assert Enrollment.objects.filter(run=first, status=Status.CONFIRMED).count() == 4
    assert Enrollment.objects.filter(reason=Reason.MOVED).count() == 1
    assert holds(now) == []


def test_moved_to_two_runs_at_once_is_moved_to_one(now):
    first = make_open_run(now=now)
    others = [make_open_run(now=now, course=first.course) for _ in range(2)]
    mover = make_enrollment(now=now, run=first)
    told = results(race("move", [{"enrollment": mover.pk, "run": run.pk} for run in others] * 2))
    assert Enrollment.objects.live().count() == 1
    assert {answer.split()[0] for answer in told} <= {"done", "Ended"}
    assert holds(now) == []


def test_of_a_team_that_leaves_at_once_exactly_one_owes_the_fee(now):
    run, members = make_team(now, people=3)
    members[0].booking.cancellation = make_policy((60, 0, 150_000))
    members[0].booking.save()
    told = results(race("leave_team", [{"enrollment": member.pk} for member in members]))
    assert sorted(told) == ["owes 0", "owes 0", "owes 150000"]
    assert run.places.taken().count() == 0
