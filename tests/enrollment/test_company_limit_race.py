"""Most places per company, while the company books from many desks at once and waits in line as well."""

import pytest

from enrollment import places, tasks
from enrollment.models import Enrollment, RunRules, WaitingEntry
from tests.enrollment.company_factories import make_company
from tests.enrollment.factories import make_full_run, make_open_run, make_waiting
from tests.enrollment.racers import race

from .test_races import form, outcomes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MOST = 3


def of_company(run) -> int:
    return Enrollment.objects.live().filter(run=run).exclude(booking__company=None).count()


def test_bookings_of_one_company_sent_at_once_never_exceed_its_places(now):
    run = make_open_run(now=now, places_count=20)
    RunRules.objects.create(run=run, most_per_company=MOST)
    sizes = [2, 1, 2, 1, 2, 1, 2, 1]
    same = [{**form(n, size), "number": "492900-4119"} for n, size in enumerate(sizes)]
    told = outcomes(race("send", [{"run": run.pk, "form": each} for each in same]))
    assert told.keys() == {"booked", "refused"}
    assert of_company(run) == MOST
    assert run.places.free().count() == 20 - MOST


def test_nor_does_what_is_offered_to_it_in_the_same_moment(now):
    run = make_full_run(now=now, places_count=6)
    leaving = list(run.enrollments.values_list("pk", flat=True))
    company = make_company(now)
    make_waiting(now=now, run=run, company=company, wanted=2, takes_part=False)
    others = [make_waiting(now=now, run=run) for _ in range(2)]
    RunRules.objects.create(run=run, most_per_company=MOST)
    places.open_places(run=run, count=4, share=None)
    jobs = [{"job": "give_up", "enrollment": pk} for pk in leaving[:4]]
    jobs += [
        {"job": "send", "run": run.pk, "form": {**form(n, 2), "number": "492900-4119"}}
        for n in range(4)
    ]
    outcomes(race("any_of", jobs))
    assert 2 <= of_company(run) <= MOST
    # Whom passing on left standing because the company was booking, the duty of the next minute serves.
    tasks.expire_overdue(now)
    assert of_company(run) <= MOST
    states = WaitingEntry.objects.filter(pk__in=[e.pk for e in others])
    assert set(states.values_list("status", flat=True)) == {WaitingEntry.Status.OFFERED}
