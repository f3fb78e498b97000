"""Who stands in line and may not have places now by the run's rules: passed by, told why, served afterwards."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from courses.models import Run, Session
from enrollment import booking, changes, group_booking, moving, places, ruling, tasks, waiting
from enrollment.eligibility import NotEligible
from enrollment.models import Company, Place, RunRules, WaitingEntry
from enrollment.status import Reason
from enrollment.why import why
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.company_factories import ANNA, MATS, OTHER, make_company
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.home.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db
Entry = WaitingEntry.Status
ORDERS = RunRules.Order.values


def ruled(run: Run, **rules) -> Run:
    RunRules.objects.update_or_create(run=run, defaults=rules)
    return Run.objects.select_related("rules", "course", "host").get(pk=run.pk)


def free(run: Run, count: int, now) -> None:
    """Strangers give so many places back at once."""
    rows = run.enrollments.confirmed().filter(booking__company=None).select_related("run")
    places.release_all(enrollments=list(rows[:count]), reason=Reason.BY_PERSON, now=now)


def states(*entries) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.status for entry in entries]


def said(entry: WaitingEntry, now, language: str = "en") -> dict[str, str]:
    with override(language):
        return {answer.code: answer.text for answer in why(entry, now=now)}


def offered(entry: WaitingEntry) -> int:
    entry.refresh_from_db()
    return entry.booking.enrollments.filter(status="offered").count()


def company_with_a_place(now, *, most: int, order: str = RunRules.Order.FILL_NEXT, **wanted):
    """A full run of four where a company has one place, waits for more, and somebody waits behind it."""
    run = ruled(make_open_run(now=now, places_count=4), most_per_company=most, waiting_order=order)
    group_booking.send(**group_form(run=run, now=now, people=[ANNA]))
    for _ in range(3):
        make_booking(now=now, run=run)
    rules = run.rules
    # It joined when it might still have had so many.
    RunRules.objects.filter(pk=rules.pk).update(most_per_company=None)
    run = ruled(run)
    group = make_waiting(now=now, run=run, company=make_company(now), **wanted)
    behind = make_waiting(now=now, run=run)
    return ruled(run, most_per_company=most), group, behind


@pytest.mark.parametrize("order", ORDERS)
def test_a_company_at_its_limit_is_passed_by_and_told_why(now, order):
    run, group, behind = company_with_a_place(now, most=1, order=order, takes_part=False)
    free(run, 1, now)
    assert states(group, behind) == [Entry.WAITING, Entry.OFFERED]
    assert waiting.position(group) == 1
    told = said(group, now)
    assert list(told) == ["line", "eligibility: most per company", "passed by"]
    assert "Exempel Ventil & Hydraulik AB has 1 already" in told["eligibility: most per company"]
    assert said(group, now, "sv")["passed by"].startswith("Platsen i kön är kvar.")


@pytest.mark.parametrize("order", ORDERS)
def test_it_is_served_in_its_turn_as_soon_as_the_rules_allow_it(now, order):
    run, group, behind = company_with_a_place(now, most=1, order=order, takes_part=False)
    own = run.enrollments.get(booking__company=group.company)
    booking.cancel(enrollment=own, reason=Reason.BY_PERSON, actor=None, now=now)
    assert states(group, behind) == [Entry.OFFERED, Entry.WAITING]


def test_a_strict_line_of_which_nobody_may_have_places_keeps_nobody_out(now):
    run, group, behind = company_with_a_place(
        now, most=1, order=RunRules.Order.STRICT, takes_part=False
    )
    waiting.leave(entry=behind, actor=None, now=now)
    free(run, 1, now)
    assert why(run, now=now) == []
    make_booking(now=now, run=run)
    assert states(group) == [Entry.WAITING]


def test_a_strict_line_still_waits_for_who_only_does_not_fit(now):
    run, group, behind = company_with_a_place(
        now, most=3, order=RunRules.Order.STRICT, takes_part=False, wanted=3, at_least=2
    )
    free(run, 1, now)
    assert states(group, behind) == [Entry.WAITING, Entry.WAITING]
    free(run, 1, now)
    assert states(group) == [Entry.OFFERED]


def test_a_group_gets_as_many_as_its_company_may_have_and_the_rest_goes_on(now):
    run, group, behind = company_with_a_place(now, most=3, takes_part=False, wanted=3, at_least=2)
    free(run, 3, now)
    assert states(group, behind) == [Entry.OFFERED, Entry.OFFERED]
    assert offered(group) == 2


def test_a_group_never_gets_fewer_than_it_asked_for_at_least(now):
    run, group, behind = company_with_a_place(now, most=2, takes_part=False, wanted=3, at_least=2)
    free(run, 3, now)
    assert states(group, behind) == [Entry.WAITING, Entry.OFFERED]
    ruling.set_rules(run=run, changes={"most_per_company": 3}, actor=make_user(), now=now)
    assert offered(group) == 2


def test_what_is_offered_to_a_company_counts_for_its_next_in_line(now):
    run = ruled(make_full_run(now=now, places_count=4), most_per_company=3)
    company, other = make_company(now), make_company(now, *OTHER)
    first, second = (
        make_waiting(now=now, run=run, company=company, wanted=2, at_least=n) for n in (2, 1)
    )
    third, fourth = (make_waiting(now=now, run=run, company=c) for c in (company, other))
    free(run, 4, now)
    assert [offered(entry) for entry in (first, second, fourth)] == [2, 1, 1]
    assert states(third) == [Entry.WAITING]


def test_of_teams_a_company_has_so_many_and_is_passed_by_with_one_more(now):
    course = make_course("TEAM", unit="team")
    run = ruled(make_open_run(now=now, places_count=1, course=course))
    form = group_form(run=run, now=now, people=[ANNA, MATS])
    group_booking.send(**form)
    again = make_waiting(now=now, run=run, company=make_company(now), wanted=2, takes_part=False)
    other = make_waiting(now=now, run=run, company=make_company(now, *OTHER), wanted=3)
    run = ruled(run, most_per_company=1)
    places.resize(run=run, capacity=2, actor=None, now=now)
    assert states(again, other) == [Entry.WAITING, Entry.OFFERED]
    assert offered(other) == 3
    assert Place.objects.taken().filter(run=run).count() == 2


def test_who_has_another_course_at_the_same_time_waits_until_it_is_given_back(now):
    run = ruled(make_full_run(now=now), no_overlap=True)
    busy, behind = make_waiting(now=now, run=run), make_waiting(now=now, run=run)
    meeting = run.sessions.order_by("starts_at").first()
    elsewhere = make_open_run(now=now, course=make_course("ANNAN"))
    other = elsewhere.sessions.order_by("starts_at").first()
    Session.objects.filter(pk=other.pk).update(starts_at=meeting.starts_at, ends_at=meeting.ends_at)
    seat = make_enrollment(now=now, run=elsewhere, person=busy.person)
    free(run, 1, now)
    assert states(busy, behind) == [Entry.WAITING, Entry.OFFERED]
    assert (
        "collides with a course" in said(busy, now)["eligibility: another course at the same time"]
    )
    waiting.decline(entry=behind, actor=None, now=now)
    assert states(busy) == [Entry.WAITING]
    booking.cancel(enrollment=seat, reason=Reason.BY_PERSON, actor=None, now=now)
    tasks.expire_overdue(now)
    assert states(busy) == [Entry.OFFERED]


def test_rules_that_staff_have_set_since_hold_for_who_waits(now):
    run = make_full_run(now=now, places_count=2, open_to=[make_region("20")])
    large = make_company(now)
    Company.objects.filter(pk=large.pk).update(size=Company.Size.LARGE)
    small, county = make_company(now, *OTHER), make_region("20")
    refused = make_waiting(now=now, run=run, company=large, region=county)
    elsewhere = make_waiting(now=now, run=run, company=small, region=make_municipality("21").region)
    served = make_waiting(now=now, run=run, company=small, region=county)
    ruled(run, sme_only=True, regions_only=True)
    free(run, 2, now)
    assert states(refused, elsewhere, served) == [Entry.WAITING, Entry.WAITING, Entry.OFFERED]
    assert "eligibility: small companies only" in said(refused, now)
    assert "eligibility: counties" in said(elsewhere, now)


@pytest.mark.any_engine
@pytest.mark.parametrize("order", ORDERS)
def test_asking_the_rules_costs_the_same_for_one_and_thirty_who_wait(now, order):
    counted = []
    for n, waits in enumerate((1, 3, 30)):
        run = make_open_run(now=now, places_count=2, open_to=[make_region("20")])
        make_booking(now=now, run=run), make_booking(now=now, run=run)
        for m in range(waits):
            company = Company.objects.create(name=f"Exempel {m} AB", registration_number=f"{n}-{m}")
            make_waiting(now=now, run=run, company=company, region=make_region("20"))
        run = ruled(
            run,
            waiting_order=order,
            prerequisite=make_course(f"FÖRE{n}"),
            no_overlap=True,
            regions_only=True,
            most_per_company=1,
            sme_only=True,
        )
        free(run, 1, now)
        with CaptureQueriesContext(connection) as passing:
            assert places.pass_on(run_id=run.pk, now=now) == []
        with CaptureQueriesContext(connection) as looking:
            assert not any(turn.can_be_served for turn in places.turns(run, now=now))
        counted.append((len(passing), len(looking)))
    assert counted[0][0] <= counted[1][0] == counted[2][0] <= 14
    assert counted[0][1] <= counted[1][1] == counted[2][1]


# Whoever is named later, and whoever moves


def test_what_staff_have_set_since_does_not_hinder_a_name_that_follows(now):
    run = make_open_run(now=now)
    made = group_booking.send(**group_form(run=run, now=now, people=[ANNA, None, None]))
    run = ruled(run, most_per_company=1, most_per_booking=1)
    seat = made.enrollments.unnamed().first()
    named = group_booking.name_seat(enrollment=seat, named=MATS, actor=made.booked_by, now=now)
    assert named.status == "confirmed"


def test_a_colleague_takes_a_place_that_only_small_companies_may_have(now):
    company = make_company(now)
    Company.objects.filter(pk=company.pk).update(size=Company.Size.SMALL)
    run = ruled(make_open_run(now=now), sme_only=True)
    made = group_booking.send(**group_form(run=run, now=now, people=[ANNA]))
    successor = changes.substitute(
        enrollment=made.enrollments.get(), named=MATS, actor=made.booked_by, now=now
    )
    assert successor.status == "confirmed"


def test_the_run_that_is_left_is_no_other_course_at_the_same_time(now):
    seat = make_enrollment(now=now)
    same_days = ruled(make_open_run(now=now, course=seat.run.course), no_overlap=True)
    (moved,) = moving.move(enrollment=seat, to_run=same_days, actor=seat.person, now=now)
    assert moved.status == "confirmed"
    third = ruled(make_open_run(now=now, course=seat.run.course), no_overlap=True)
    with override("en"), pytest.raises(NotEligible, match="collides"):
        make_booking(now=now, run=third, person=seat.person)
