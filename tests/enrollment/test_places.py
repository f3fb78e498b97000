from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry

from accounts.registries import invariants
from courses.models import Course
from enrollment import booking, group_booking, places, reviving
from enrollment.models import Booking, Enrollment, Place, RunPartner, WaitingEntry
from enrollment.models.door import OutsideTheDoor
from enrollment.requirements import _hold_blockers
from enrollment.status import Reason, Status
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.home.factories import make_promoter, make_region

pytestmark = pytest.mark.django_db


def free(run) -> int:
    return Place.objects.free().filter(run=run).count()


def test_take_gives_the_lowest_free_number(now):
    enrollment = make_enrollment(now=now, run=make_open_run(now=now, places_count=3))
    assert enrollment.place.number == 1


def test_full_run_is_refused_and_nothing_is_stored(now):
    run = make_full_run(now=now, places_count=2)
    before = (Booking.objects.count(), Enrollment.objects.count())
    with pytest.raises(places.RunFull) as error:
        make_booking(now=now, run=run)
    assert error.value.free == 0
    assert (Booking.objects.count(), Enrollment.objects.count()) == before


def test_all_or_none_when_several_are_wanted(now):
    run = make_open_run(now=now, places_count=3)
    person = make_user()

    def four(place_ids):
        act = Booking.objects.create(
            token=uuid4(),
            run=run,
            booked_by=person,
            language="sv",
            price_ore=0,
            vat_percent=25,
            created_at=now,
        )
        return places.take(
            booking=act,
            run=run,
            people=[person, None, None, None],
            place_ids=place_ids,
            hold_until=now + timedelta(hours=1),
            actor=person,
            now=now,
        )

    with pytest.raises(places.RunFull) as error:
        places.patiently(four, run=run, count=4, region_id=None, now=now)
    assert error.value.free == 3
    assert free(run) == 3
    assert not Booking.objects.filter(run=run).exists()


@pytest.mark.parametrize(
    "bypass",
    [
        lambda e: Enrollment.objects.create(
            run=e.run, booking=e.booking, status="confirmed", created_at=e.created_at
        ),
        lambda e: Enrollment.objects.bulk_create([Enrollment(run=e.run, booking=e.booking)]),
        lambda e: Enrollment.objects.filter(pk=e.pk).update(status="cancelled"),
        lambda e: Enrollment.objects.get_or_create(
            run=e.run, booking=e.booking, person=None, created_at=e.created_at
        ),
        lambda e: e.save(),
        lambda e: e.save(update_fields=["status"]),
        lambda e: e.delete(),
        lambda e: Enrollment.objects.all().delete(),
        lambda e: Place.objects.create(run=e.run, number=99),
        lambda e: Place.objects.filter(run=e.run).update(enrollment=None),
        lambda e: Place.objects.filter(run=e.run).delete(),
    ],
)
def test_writing_past_the_door_is_refused(now, bypass):
    enrollment = make_enrollment(now=now)
    before = list(Enrollment.objects.values())
    with pytest.raises(OutsideTheDoor):
        bypass(enrollment)
    assert list(Enrollment.objects.values()) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE enrollment_place SET enrollment_id = %(first)s WHERE run_id = %(run)s AND number = 2",
        "UPDATE enrollment_place SET enrollment_id = %(first)s WHERE id = %(elsewhere)s",
        "UPDATE enrollment_enrollment SET person_id = %(person)s WHERE id = %(second)s",
    ],
    ids=["second place", "place of another run", "same person twice"],
)
def test_raw_sql_is_stopped_by_the_tables(now, sql):
    run = make_open_run(now=now, places_count=3)
    first = make_enrollment(now=now, run=run)
    second = make_enrollment(now=now, run=run)
    elsewhere = make_open_run(now=now, places_count=1).places.get()
    values = {
        "first": first.pk,
        "second": second.pk,
        "run": run.pk,
        "elsewhere": elsewhere.pk,
        "person": first.person_id,
    }
    if "number = 2" in sql:
        places.release(enrollment=second, reason=Reason.BY_STAFF, now=now)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE enrollment_place SET team_id = %(first)s WHERE run_id = %(run)s AND number = 3",
        "UPDATE enrollment_place SET team_id = %(first)s WHERE id = %(elsewhere)s",
        "UPDATE enrollment_place SET team_id = %(first)s WHERE id = %(alone)s",
        "UPDATE enrollment_team SET booking_id = %(booking)s WHERE id = %(first)s",
    ],
    ids=["second place", "place of another run", "beside a person", "two teams of one booking"],
)
def test_raw_sql_on_teams_is_stopped_by_the_tables(now, sql):
    course = make_course("TEAM", unit=Course.Unit.TEAM)
    run = make_open_run(now=now, places_count=3, course=course)
    first, second = (
        group_booking.send(**group_form(run=run, now=now, people=[None, None])).teams.get()
        for _ in range(2)
    )
    values = {
        "first": first.pk,
        "run": run.pk,
        "elsewhere": make_open_run(now=now, places_count=1, course=course).places.get().pk,
        "alone": make_enrollment(now=now).place.pk,
        "booking": second.booking_id,
    }
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_cancelled_offer_is_an_answer_and_who_waited_may_stand_in_line_again(now):
    run = make_full_run(now=now)
    entry = make_waiting(now=now, run=run)
    booking.cancel(enrollment=run.enrollments.get(), reason=Reason.BY_PERSON, actor=None, now=now)
    offered = Enrollment.objects.get(status=Status.OFFERED)
    booking.cancel(enrollment=offered, reason=Reason.BY_STAFF, actor=None, now=now)
    entry.refresh_from_db()
    assert entry.status == WaitingEntry.Status.DECLINED
    make_enrollment(now=now, run=run)
    assert make_waiting(now=now, run=run, person=entry.person).pk != entry.pk


@pytest.mark.breaks_invariants
def test_an_entry_left_open_without_an_offer_is_found(now):
    run = make_full_run(now=now)
    entry = make_waiting(now=now, run=run)
    WaitingEntry.objects.filter(pk=entry.pk).update(status=WaitingEntry.Status.OFFERED)
    found = [line for line in invariants["7 waiting list"](now) if f"entry {entry.pk} " in line]
    assert len(found) == 1


def test_release_frees_the_place_once_and_audits(now):
    run = make_open_run(now=now, places_count=1)
    enrollment = make_enrollment(now=now, run=run)
    assert places.release(enrollment=enrollment, reason=Reason.BY_PERSON, now=now)
    assert not places.release(enrollment=enrollment, reason=Reason.BY_PERSON, now=now)
    assert free(run) == 1
    entries = ModelLogEntry.objects.filter(object_id=str(enrollment.pk)).order_by("pk")
    assert [entry.data["to"] for entry in entries] == ["confirmed", "cancelled"]


def test_a_status_that_the_table_does_not_allow_is_refused(now):
    enrollment = make_enrollment(now=now)
    places.release(enrollment=enrollment, reason=Reason.BY_STAFF, now=now)
    enrollment.refresh_from_db()
    with pytest.raises(places.StatusError):
        places.confirm(enrollment=enrollment, now=now)


def test_confirm_is_refused_while_a_requirement_is_not_met(now):
    run = make_open_run(now=now, price_ore=100)
    enrollment = make_enrollment(now=now, run=run, person=make_user(first_name="", last_name=""))
    assert enrollment.status == Status.HELD
    with pytest.raises(places.StatusError, match="name"):
        places.confirm(enrollment=enrollment, now=now)


def test_an_overdue_hold_gives_way_to_the_next_booking(now):
    run = make_open_run(now=now, places_count=1, price_ore=100)
    first = make_enrollment(now=now, run=run)
    later = now + booking.HOLD_TIME + timedelta(seconds=1)
    second = make_booking(now=later, run=run).enrollments.get()
    first.refresh_from_db()
    assert (first.status, first.reason) == (Status.CANCELLED, Reason.EXPIRED)
    assert second.place.number == 1


def test_a_hold_that_something_speaks_for_is_not_released(now, monkeypatch):
    run = make_open_run(now=now, places_count=1, price_ore=100)
    held = make_enrollment(now=now, run=run)
    monkeypatch.setitem(_hold_blockers, "test", lambda enrollment, at: True)
    later = now + booking.HOLD_TIME + timedelta(seconds=1)
    assert places.expire(run=run, now=later) == 0
    with pytest.raises(places.RunFull):
        make_booking(now=later, run=run)
    held.refresh_from_db()
    assert held.status == Status.HELD


def test_a_hold_that_expired_stays_expired_when_the_clock_goes_back(now):
    run = make_open_run(now=now, places_count=1, price_ore=100)
    held = make_enrollment(now=now, run=run)
    assert places.expire(run=run, now=held.hold_until) == 1
    assert places.expire(run=run, now=held.hold_until - timedelta(minutes=5)) == 0
    assert places.hold_longer(booking=held.booking, until=now + timedelta(days=1), now=now) == 0
    assert free(run) == 1


def test_hold_longer_never_goes_backwards(now):
    held = make_enrollment(now=now, run=make_open_run(now=now, price_ore=100))
    assert places.hold_longer(booking=held.booking, until=now + timedelta(hours=2), now=now) == 1
    assert places.hold_longer(booking=held.booking, until=now + timedelta(hours=1), now=now) == 0


def test_shrinking_below_the_taken_places_is_refused(now):
    run = make_open_run(now=now, places_count=5)
    for _ in range(4):
        make_booking(now=now, run=run)
    with pytest.raises(places.TooFewFree) as error:
        places.resize(run=run, capacity=3, actor=None, now=now)
    assert error.value.taken == 4
    assert run.places.count() == 5
    places.resize(run=run, capacity=4, actor=None, now=now)
    assert run.places.count() == 4


def test_growing_serves_the_waiting_list_first(now):
    run = make_full_run(now=now, places_count=1)
    entry = make_waiting(now=now, run=run)
    places.resize(run=run, capacity=2, actor=None, now=now)
    entry.refresh_from_db()
    assert entry.status == WaitingEntry.Status.OFFERED
    assert free(run) == 0


def test_a_share_is_kept_for_its_region_until_its_release(now):
    run = make_open_run(now=now, places_count=0)
    share = RunPartner.objects.create(
        run=run,
        promoter=make_promoter("syd", region_code="17"),
        region=make_region("17"),
        release_at=now + timedelta(days=3),
    )
    places.open_places(run=run, count=2, share=share)
    with pytest.raises(places.RunFull):
        make_booking(now=now, run=run, region=make_region("20"))
    assert make_booking(now=now, run=run, region=make_region("17")).enrollments.count() == 1
    later = now + timedelta(days=3)
    assert make_booking(now=later, run=run, region=make_region("20")).enrollments.count() == 1


def test_a_booking_that_was_lost_twice_is_taken_again_once(now):
    """Time ran out, a late payment took the place again, and time ran out once more."""
    run = make_open_run(now=now, places_count=2, price_ore=100)
    lost = make_enrollment(now=now, run=run)
    for days in (1, 2):
        later = now + timedelta(days=days)
        places.expire(run=run, now=later)
        (again,) = reviving.revive(booking=lost.booking, now=later)
        assert again.person == lost.person
    assert lost.booking.enrollments.held().count() == 1
    assert free(run) == 1
