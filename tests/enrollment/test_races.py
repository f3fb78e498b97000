"""Real processes, each with its own connection, at one run in the same moment."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from courses.models import Course
from enrollment import drafts, places
from enrollment.models import Booking, Enrollment, Place, WaitingEntry
from enrollment.models.door import opened
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.factories import make_full_run, make_open_run, make_waiting
from tests.enrollment.racers import race
from tests.home.factories import make_municipality, make_promoter, make_region

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


# The longest decide even on a machine that has other things to do.
LEADS_MS = [0, 0, 1, -1, 2, -2, 4, -4, 8, -8, 16, -16, 64, -64]


def test_accepting_while_the_offer_expires_is_one_or_the_other(now):
    """Two hundred times, two processes that accept and two that expire, now these, now those some
    milliseconds ahead: whoever comes first decides, and everybody knows."""
    times = 200
    run = make_open_run(now=now, places_count=0)
    entries = [make_waiting(now=now, run=run) for _ in range(times)]
    places.open_places(run=run, count=times, now=now)
    rounds, end = [], None
    for number, entry in enumerate(entries):
        entry.refresh_from_db()
        offered = entry.booking.enrollments.get()
        end = offered.hold_until + timedelta(seconds=number)
        with opened():
            Enrollment.objects.filter(pk=offered.pk).update(hold_until=end)
        before, after = str(end - timedelta(milliseconds=1)), str(end)
        lead = LEADS_MS[number % len(LEADS_MS)]
        accepting = {"job": "accept", "entry": entry.pk, "at": before, "later_ms": max(0, -lead)}
        expiring = {"job": "expire", "run": run.pk, "at": after, "later_ms": max(0, lead)}
        rounds.append([accepting, expiring, accepting, expiring])
    answers = race("rounds", [{"jobs": list(jobs)} for jobs in zip(*rounds, strict=True)])
    assert [answer["error"] for answer in answers if answer["error"]] == []
    seen = Counter()
    for number, entry in enumerate(entries):
        said = Counter(answer["result"][number] for answer in answers)
        entry.refresh_from_db()
        seen[entry.status] += 1
        if entry.status == "accepted":
            assert said == {"accepted": 2, "expired 0": 2}
        else:
            assert said == {"ended": 2, "expired 1": 1, "expired 0": 1}
    assert seen.keys() == {"accepted", "expired"}


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


def form(number: int, people: int, **fields) -> dict:
    """A form of one of many companies, for so many people, two of them with names that follow."""
    return {
        "booker": f"booker{number}@example.org",
        "number": NUMBERS[number % len(NUMBERS)],
        "county": make_municipality("21").pk,
        "people": [None if seat > 1 else f"c{number}p{seat}@example.org" for seat in range(people)],
        **fields,
    }


NUMBERS = ["492900-4119", "492900-4127", "492900-4135", "492900-4143"]


def test_two_companies_want_two_each_of_three_one_gets_all_and_one_gets_none(now):
    run = make_open_run(now=now, places_count=3)
    answers = race("send", [{"run": run.pk, "form": form(n, 2)} for n in range(2)])
    assert sorted(answer["result"] or answer["error"] for answer in answers)[1:] == ["full 1"]
    assert outcomes(answers) == {"booked": 1, "full": 1}
    assert Place.objects.free().filter(run=run).count() == 1
    assert Booking.objects.get().enrollments.placed().count() == 2


def test_groups_of_any_size_are_whole_or_nothing_and_none_that_fits_is_refused(now):
    """Nobody gives a place back here, so what is free in the end was free all the time."""
    run = make_open_run(now=now, places_count=20)
    sizes = [4, 3, 2, 1] * 4
    jobs = [{"run": run.pk, "form": form(n, size)} for n, size in enumerate(sizes)]
    answers = race("send", jobs)
    assert outcomes(answers).keys() == {"booked", "full"}
    left = Place.objects.free().filter(run=run).count()
    for answer, size in zip(answers, sizes, strict=True):
        if answer["result"].startswith("booked"):
            made = Booking.objects.get(pk=answer["result"].split()[1])
            assert made.enrollments.placed().count() == size
        else:
            assert left < size, f"{size} were refused and {left} are free"
    assert Enrollment.objects.placed().filter(run=run).count() == 20 - left


def test_the_same_companys_form_sent_many_times_at_once_is_one_booking(now):
    run = make_open_run(now=now, places_count=4)
    same = {"run": run.pk, "form": form(0, 2, token=str(uuid4()))}
    answers = race("send", [same] * 8)
    assert outcomes(answers) == {"booked": 8}
    assert len({answer["result"] for answer in answers}) == 1
    assert Enrollment.objects.placed().filter(run=run).count() == 2
    assert Place.objects.free().filter(run=run).count() == 2


def test_a_check_screen_opened_many_times_at_once_holds_its_places_once(now):
    run = make_open_run(now=now, places_count=8)
    same = {"run": run.pk, "token": str(uuid4()), "people": 2, "county": make_region("21").pk}
    answers = race("hold", [same] * 8)
    assert outcomes(answers) == {"held": 8}
    assert Enrollment.objects.held().filter(run=run).count() == 2
    assert Place.objects.free().filter(run=run).count() == 6


def test_sending_beside_another_number_of_people_never_adds_a_seat_to_what_was_sent(now):
    """Two windows with the same form, several times: one sends two people while the other asks for three."""
    county, held, rounds = make_region("21"), [], []
    for _ in range(5):
        run = make_open_run(now=now, places_count=8, price_ore=80000)
        draft = drafts.hold(run=run, token=uuid4(), people=2, region=county, language="sv", now=now)
        held.append(draft)
        token = str(draft.token)
        sending = {"job": "send", "run": run.pk, "form": form(1, 2, token=token)}
        asking = {"job": "hold", "run": run.pk, "token": token, "people": 3, "county": county.pk}
        rounds.append([sending, asking] * 2)
    answers = race("rounds", [{"jobs": list(jobs)} for jobs in zip(*rounds, strict=True)])
    assert [answer["error"] for answer in answers if answer["error"]] == []
    for number, draft in enumerate(held):
        said = {answer["result"][number].split()[0] for answer in answers}
        assert said <= {"booked", "held", "used", "ended"}
        draft.refresh_from_db()
        seats = list(draft.enrollments.placed())
        assert draft.is_draft == ("booked" not in said)
        assert {seat.person is None for seat in seats} == {draft.is_draft}
        assert draft.is_draft or len(seats) == 2
        assert Place.objects.free().filter(run=draft.run).count() == 8 - len(seats)


def shared_run(now, counts: dict[str, int], places_count: int):
    run, promoter = make_open_run(now=now, places_count=places_count), make_promoter()
    for code, count in counts.items():
        places.set_share(
            run=run,
            region=make_region(code),
            promoter=promoter,
            count=count,
            release_at=now + timedelta(days=5),
            actor=None,
            now=now,
        )
    return run


def test_a_county_never_gets_more_than_its_share_and_the_pool(now):
    """Twenty places: five kept for Värmland, ten for Dalarna, five for Gävleborg, nothing for all."""
    run = shared_run(now, {"17": 5, "20": 10, "21": 5}, 20)
    for code, count in (("17", 5), ("20", 10)):
        county = make_region(code).pk
        jobs = [{**given, "county": county} for given in attempts(run, 20)]
        assert outcomes(race("book", jobs)) == {"booked": count, "full": 20 - count}
    assert Enrollment.objects.placed().filter(run=run).count() == 15


def test_shares_that_change_while_two_counties_book_leave_no_deadlock(now):
    run = shared_run(now, {"17": 4, "20": 4}, 12)
    north, south = make_region("17").pk, make_region("20").pk
    by_county = [
        {"job": "book", **given, "county": county}
        for county in (north, south)
        for given in attempts(run, 8)
    ]
    sharing = [
        {"job": "share", "run": run.pk, "county": county, "count": count}
        for county, count in ((north, 6), (south, 2), (north, 2), (south, 6))
    ]
    sizing = [{"job": "resize", "run": run.pk, "capacity": n} for n in (12, 14, 12, 13)]
    seen = outcomes(race("any_of", [*by_county, *sharing, *sizing]))
    assert sum(seen.values()) == 24
    assert seen.keys() <= {"booked", "full", "set", "refused"}
    assert seen["booked"] == Enrollment.objects.placed().filter(run=run).count()


def test_the_last_place_of_a_team_goes_to_one_company(now):
    course = make_course("TEAM", unit=Course.Unit.TEAM)
    run = make_open_run(now=now, places_count=2, course=course)
    answers = race("send", [{"run": run.pk, "form": form(n, 2 + n % 3)} for n in range(8)])
    assert outcomes(answers) == {"booked": 2, "full": 6}
    assert Place.objects.exclude(team=None).filter(run=run).count() == 2


def test_one_freed_place_and_four_workers_make_one_offer(now):
    run = make_open_run(now=now, places_count=0)
    entries = [make_waiting(now=now, run=run) for _ in range(5)]
    places.open_places(run=run, count=1)
    answers = race("pass_on", [{"run": run.pk}] * 4)
    assert sorted(answer["result"] for answer in answers) == ["offered 0"] * 3 + ["offered 1"]
    statuses = WaitingEntry.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["offered", *["waiting"] * 4]
    assert Enrollment.objects.get(status=Status.OFFERED).person == entries[0].person


def test_processes_killed_while_they_book_leave_nothing_and_who_tries_again_has_a_place(now):
    """At twenty points after an enrolment was written; later than its last statement nobody is killed."""
    run = make_open_run(now=now, places_count=20)
    forms = [{**given, "token": str(uuid4())} for given in attempts(run, 20)]
    answers = race("book_and_die", [{**one, "after": n} for n, one in enumerate(forms, start=1)])
    killed = [answer["error"] for answer in answers if answer["error"]]
    assert len(killed) >= 3
    assert set(killed) == {"died"}
    assert Booking.objects.count() == Enrollment.objects.count() == 20 - len(killed)
    assert Place.objects.free().filter(run=run).count() == len(killed)
    assert outcomes(race("book", forms)) == {"booked": 20}
    assert Place.objects.free().filter(run=run).count() == 0
    assert Booking.objects.count() == OutgoingMail.objects.count() == 20
