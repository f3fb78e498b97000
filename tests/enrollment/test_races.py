"""Real processes, each with its own connection, at one run in the same moment."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from enrollment import booking
from enrollment.models import Booking, Enrollment, Place, WaitingEntry
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.factories import make_full_run, make_open_run, make_waiting
from tests.enrollment.racers import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def outcomes(answers: list[dict]) -> Counter:
    assert [answer["error"] for answer in answers if answer["error"]] == []
    return Counter(answer["result"].split()[0] for answer in answers)


def attempts(run, count: int) -> list[dict]:
    return [{"run": run.pk, "person": make_user().pk} for _ in range(count)]


def test_forty_processes_at_ten_places_sell_exactly_ten(now):
    run = make_open_run(now=now, places_count=10)
    assert outcomes(race("book", attempts(run, 40))) == {"booked": 10, "full": 30}
    assert Enrollment.objects.placed().filter(run=run).count() == 10
    assert Place.objects.free().filter(run=run).count() == 0
    assert Booking.objects.count() == 10


@pytest.mark.breaks_invariants
def test_without_the_protection_the_same_race_oversells(now):
    run = make_open_run(now=now, places_count=10)
    outcomes(race("book_unprotected", attempts(run, 40)))
    assert Enrollment.objects.placed().filter(run=run).count() > 10


def test_the_same_form_sent_many_times_at_once_is_one_booking(now):
    run, person, token = make_open_run(now=now), make_user(), str(uuid4())
    answers = race("book", [{"run": run.pk, "person": person.pk, "token": token}] * 8)
    assert outcomes(answers) == {"booked": 8}
    assert len({answer["result"] for answer in answers}) == 1
    assert Enrollment.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_one_person_in_many_browsers_has_one_place(now):
    run, person = make_open_run(now=now), make_user()
    answers = race("book", [{"run": run.pk, "person": person.pk}] * 8)
    assert outcomes(answers) == {"booked": 1, "enrolled": 7}
    assert Place.objects.free().filter(run=run).count() == 9


def test_a_freed_place_is_offered_once_to_the_first(now):
    run = make_full_run(now=now, places_count=2)
    entries = [make_waiting(now=now, run=run) for _ in range(5)]
    given_up = run.enrollments.first()
    answers = race("give_up", [{"enrollment": given_up.pk}] * 4)
    assert outcomes(answers) == {"cancelled": 1, "again": 3}
    statuses = WaitingEntry.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["offered", *["waiting"] * 4]
    assert Enrollment.objects.get(status=Status.OFFERED).person == entries[0].person


def test_accepting_while_the_offer_expires_is_one_or_the_other(now):
    """Two processes that accept and two that expire: whoever comes first decides, and everybody knows."""
    for _ in range(2):
        run = make_full_run(now=now)
        entry = make_waiting(now=now, run=run)
        gone = run.enrollments.confirmed().get()
        booking.cancel(enrollment=gone, reason=Reason.BY_PERSON, actor=None, now=now)
        entry.refresh_from_db()
        end = entry.booking.enrollments.get().hold_until
        before, after = str(end - timedelta(seconds=1)), str(end)
        answers = race(
            "any_of",
            [
                {"job": "accept", "entry": entry.pk, "at": before},
                {"job": "expire", "run": run.pk, "at": after},
                {"job": "accept", "entry": entry.pk, "at": before},
                {"job": "expire", "run": run.pk, "at": after},
            ],
        )
        outcomes(answers)
        entry.refresh_from_db()
        accepted = any(answer["result"] == "accepted" for answer in answers)
        expired = any(answer["result"] == "expired 1" for answer in answers)
        assert accepted != expired
        assert entry.status == ("accepted" if accepted else "expired")


def test_booking_waiting_and_giving_up_at_once_leave_nobody_beside_a_free_place(now):
    run = make_full_run(now=now, places_count=6)
    leaving = [{"job": "give_up", "enrollment": e.pk} for e in run.enrollments.all()[:4]]
    joining = [{"job": "join", **given} for given in attempts(run, 8)]
    booking_too = [{"job": "book", **given} for given in attempts(run, 8)]
    outcomes(
        race(
            "any_of",
            [job for trio in zip(leaving * 2, joining, booking_too, strict=False) for job in trio],
        )
    )
    placed = Enrollment.objects.placed().filter(run=run).count()
    free = Place.objects.free().filter(run=run).count()
    assert placed + free == 6
    assert not (free and WaitingEntry.objects.in_line().exists())
