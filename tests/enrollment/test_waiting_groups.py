"""Groups in line: "3, at least 2", strict or fill-next, and shares."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from courses.models import Course, Run
from enrollment import booking, closing, group_booking, offers, places, waiting
from enrollment.eligibility import NotEligible
from enrollment.models import Enrollment, Place, RunRules, WaitingEntry
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.enrollment.line_factories import Entry, free, states, with_share
from tests.home.factories import make_region

pytestmark = pytest.mark.django_db


# Standing in line


def test_joining_again_changes_the_numbers_and_keeps_the_place_in_line(now):
    run, person = make_full_run(now=now, places_count=4), make_user()
    first = make_waiting(now=now, run=run, person=person, wanted=3, at_least=2)
    second = make_waiting(now=now, run=run)
    for wanted, at_least in ((1, 1), (4, 3)):
        again = make_waiting(now=now, run=run, person=person, wanted=wanted, at_least=at_least)
        assert (again.pk, again.wanted, again.at_least) == (first.pk, wanted, at_least)
        assert [waiting.position(e) for e in (again, second)] == [1, 2]
    assert waiting.standing(second, now=now).before == 4
    assert OutgoingMail.objects.filter(kind="waiting_joined", recipient=person).count() == 3


def test_asking_for_fewer_may_be_served_at_once(now):
    run, person = make_full_run(now=now, places_count=3), make_user()
    RunRules.objects.create(run=run, waiting_order=RunRules.Order.STRICT)
    run = Run.objects.get(pk=run.pk)
    group = make_waiting(now=now, run=run, person=person, wanted=2, at_least=2)
    free(run, 1, now)
    assert states(group) == [Entry.WAITING]
    assert make_waiting(now=now, run=run, person=person).status == Entry.OFFERED


def test_a_group_too_large_for_the_run_is_refused_with_the_reason(now):
    run = make_full_run(now=now)
    with override("en"), pytest.raises(NotEligible, match="4 people at most"):
        make_waiting(now=now, run=run, wanted=5)
    assert not WaitingEntry.objects.exists()


def test_a_group_that_could_book_is_told_how_many_places_are_free(now):
    run = make_open_run(now=now, places_count=2)
    with override("en"), pytest.raises(waiting.PlacesFree) as refused:
        make_waiting(now=now, run=run, wanted=3, at_least=2)
    assert "2 free places" in str(refused.value.message)


def test_a_group_waits_for_more_than_is_free(now):
    run = make_open_run(now=now, places_count=2)
    entry = make_waiting(now=now, run=run, wanted=3, at_least=3)
    assert entry.status == Entry.WAITING


def test_a_booker_who_does_not_take_part_may_have_a_place_already(now):
    run = make_full_run(now=now)
    person = run.enrollments.get().person
    entry = make_waiting(now=now, run=run, person=person, takes_part=False)
    free(run, 1, now)
    assert states(entry) == [Entry.OFFERED]
    assert entry.booking.enrollments.get().person is None


def test_a_team_waits_for_one_place(now):
    run = make_open_run(now=now, places_count=1, course=make_course("TDA", unit=Course.Unit.TEAM))
    group_booking.send(**group_form(run=run, now=now, people=[None, None]))
    entry = make_waiting(now=now, run=run, wanted=3, at_least=1)
    assert (entry.wanted, entry.at_least) == (3, 3)
    rows = list(run.enrollments.live().select_related("run"))
    places.release_all(enrollments=rows, reason=Reason.BY_PERSON, now=now)
    assert states(entry) == [Entry.OFFERED]
    assert offers.look(entry.booking, now=now).counts == [3]
    offers.accept(booking=entry.booking, actor=None, now=now)
    assert entry.booking.enrollments.placed().count() == 3
    assert Place.objects.taken().filter(run=run).count() == 1


def test_who_got_a_place_in_another_way_is_not_offered_a_second_one(now):
    run = make_full_run(now=now, places_count=3)
    single = make_waiting(now=now, run=run)
    group = make_waiting(now=now, run=run, wanted=2, at_least=2)
    for entry in (single, group):
        seat = Enrollment.objects.confirmed().filter(run=run).order_by("pk").first()
        places.hand_over(
            enrollment=seat,
            person=entry.person,
            hold_until=now + booking.HOLD_TIME,
            actor=None,
            now=now,
        )
    free(run, 1, now)
    assert states(single, group) == [Entry.LEFT, Entry.OFFERED]
    assert group.booking.enrollments.get().person is None


def test_the_line_is_read_in_as_many_queries_however_long(now):
    run = make_full_run(now=now)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            make_waiting(now=now, run=run)
        with CaptureQueriesContext(connection) as queries:
            places.turns(Run.objects.select_related("rules", "course").get(pk=run.pk), now=now)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Who is offered what


def test_fill_next_passes_a_group_by_and_it_never_gets_less_than_its_least(now):
    run = make_full_run(now=now, places_count=4)
    group = make_waiting(now=now, run=run, wanted=3, at_least=3)
    behind = [make_waiting(now=now, run=run) for _ in range(2)]
    free(run, 2, now)
    assert states(group, *behind) == [Entry.WAITING, Entry.OFFERED, Entry.OFFERED]


def test_strict_order_waits_for_the_first_and_sells_nothing_past_it(now):
    run = make_full_run(now=now, places_count=3)
    RunRules.objects.create(run=run, waiting_order=RunRules.Order.STRICT)
    run = Run.objects.get(pk=run.pk)
    group = make_waiting(now=now, run=run, wanted=3, at_least=2)
    single = make_waiting(now=now, run=run)
    free(run, 1, now)
    assert states(group, single) == [Entry.WAITING, Entry.WAITING]
    with pytest.raises(places.RunFull):
        make_booking(now=now, run=run)
    # There is a free place that nobody may book: whoever comes now can stand in line.
    assert make_waiting(now=now, run=run).status == Entry.WAITING
    free(run, 1, now)
    assert states(group, single) == [Entry.OFFERED, Entry.WAITING]
    assert group.booking.enrollments.count() == 2


def test_fill_next_sells_only_what_nobody_in_line_can_use(now):
    run = make_full_run(now=now, places_count=3)
    group = make_waiting(now=now, run=run, wanted=3, at_least=2)
    free(run, 1, now)
    assert states(group) == [Entry.WAITING]
    made = make_booking(now=now, run=run)
    assert made.enrollments.get().status == Status.CONFIRMED


def test_what_is_kept_for_a_county_passes_those_of_others(now):
    run, share = with_share(now, kept=1, places_count=2)
    stranger = make_waiting(now=now, run=run, region=make_region("21"))
    local = make_waiting(now=now, run=run, region=make_region("20"))
    kept = Place.objects.get(share=share).enrollment
    booking.cancel(enrollment=kept, reason=Reason.BY_PERSON, actor=None, now=now)
    assert states(stranger, local) == [Entry.WAITING, Entry.OFFERED]


def test_strict_order_gives_a_kept_place_past_a_stranger_but_not_past_a_neighbour(now):
    run, share = with_share(now, kept=1, places_count=3, waiting_order=RunRules.Order.STRICT)
    stranger = make_waiting(now=now, run=run, region=make_region("21"), wanted=2, at_least=2)
    neighbour = make_waiting(now=now, run=run, region=make_region("20"), wanted=2, at_least=2)
    local = make_waiting(now=now, run=run, region=make_region("20"))
    kept = Place.objects.get(share=share).enrollment
    booking.cancel(enrollment=kept, reason=Reason.BY_PERSON, actor=None, now=now)
    assert states(stranger, neighbour, local) == [Entry.WAITING] * 3
    waiting.leave(entry=neighbour, actor=None, now=now)
    assert states(stranger, local) == [Entry.WAITING, Entry.OFFERED]


def test_after_the_release_a_kept_place_goes_to_the_first_whoever_it_is(now):
    run, share = with_share(now, kept=1, places_count=1)
    stranger = make_waiting(now=now, run=run, region=make_region("21"))
    free(run, 1, now)
    assert states(stranger) == [Entry.WAITING]
    places.pass_on(run_id=run.pk, now=share.release_at)
    assert states(stranger) == [Entry.OFFERED]


def test_a_cancelled_or_started_run_offers_nothing(now):
    run = make_full_run(now=now, closes_at=None, starts_in_days=1)
    entry = make_waiting(now=now, run=run)
    free(run, 1, now + timedelta(days=1, hours=1))
    assert states(entry) == [Entry.WAITING]
    closing.cancel_run(run=run, actor=None, now=now)
    assert places.pass_on(run_id=run.pk, now=now) == []
    assert states(entry) == [Entry.CLOSED]
