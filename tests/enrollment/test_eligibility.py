"""Rules of a run: who may have a place, and that every refusal explains itself in both languages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from courses.models import Run, Session
from enrollment import companies, drafts, group_booking, requirements
from enrollment.completion.evidence import sha256_of
from enrollment.completion.models import Completion
from enrollment.eligibility import Candidate, NotEligible, reasons_against
from enrollment.group_booking import Named
from enrollment.models import Company, Enrollment, RunRules
from enrollment.status import Status
from home import formats
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.factories import group_form, make_booking, make_enrollment, make_open_run
from tests.home.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db
INPUTS: dict = {}


def ruled(now, *, run: Run | None = None, places_count: int = 10, **rules) -> Run:
    run = run or make_open_run(now=now, places_count=places_count)
    RunRules.objects.create(run=run, **rules)
    return Run.objects.select_related("rules", "course", "host").get(pk=run.pk)


def make_company(now, size: str = "") -> Company:
    company = companies.known_or_new(
        number="492900-4119", name="Exempel Ventil & Hydraulik AB", actor=None, now=now
    )
    company.size = size
    company.save(update_fields=["size"])
    return company


def reason(candidate: Candidate, now, language: str = "en") -> str:
    with override(language):
        return " ".join(reasons_against(candidate, now=now).values())


def person(address: str) -> Named:
    return Named(address, "Anna", "Exempelsson")


# Small and medium-sized companies


@pytest.mark.parametrize("size", ["", "micro", "small", "medium"])
def test_a_company_that_is_not_large_may_book(now, size):
    run = ruled(now, sme_only=True)
    assert not reason(Candidate(run, company=make_company(now, size), for_company=True), now)


def test_a_large_company_is_told_why_not(now):
    run = ruled(now, sme_only=True)
    company = make_company(now, Company.Size.LARGE)
    assert "fewer than 250 people" in reason(Candidate(run, company=company), now)
    assert "Exempel Ventil & Hydraulik AB har uppgett" in reason(
        Candidate(run, company=company), now, "sv"
    )
    with pytest.raises(NotEligible):
        group_booking.send(**group_form(run=run, now=now, people=[None]))


def test_who_books_without_a_company_is_sent_to_the_company_form(now):
    run = ruled(now, sme_only=True)
    with override("en"), pytest.raises(NotEligible, match="registration number"):
        make_booking(now=now, run=run)


def test_an_unknown_size_keeps_the_place_unconfirmed_until_it_is_declared(now):
    run = ruled(now, sme_only=True)
    made = group_booking.send(
        **group_form(run=run, now=now, people=[person("a@ventil.example.org")])
    )
    seat = made.enrollments.get()
    assert seat.status == Status.HELD
    with override("sv"):
        assert requirements.missing(seat) == {
            "size": "Företaget har inte uppgett hur många som är anställda."
        }
    assert seat.hold_until - now > timedelta(days=20)
    companies.describe(
        company=made.company, email_domain="", size="small", actor=made.booked_by, now=now
    )
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


# Counties


def test_other_counties_are_told_which_may_book(now):
    run = make_open_run(now=now, open_to=[make_region("20"), make_region("21")])
    run = ruled(now, run=run, regions_only=True)
    assert not reason(Candidate(run, region=make_region("20")), now)
    no = reason(Candidate(run, region=make_region("17")), now, "sv")
    assert (
        no == "Kurstillfället är bara öppet för företag i Dalarna och Gävleborg, inte i Värmland."
    )
    assert "Choose the municipality" in reason(Candidate(run), now)
    with pytest.raises(NotEligible):
        make_booking(now=now, run=run, region=make_region("17"))
    make_booking(now=now, run=run, region=make_region("21"))


def test_the_form_asks_for_the_municipality_of_a_run_for_some_counties(client, now):
    run = make_open_run(now=now, open_to=[make_region("20")])
    run = ruled(now, run=run, regions_only=True)
    page = client.get(f"/sv/runs/{run.code}/book/")
    assert 'name="municipality"' in page.content.decode()


# A course that comes first


def test_the_course_before_must_have_been_completed(now):
    before = make_course("ETT", name_en="Sensors", name_sv="Givare")
    run = ruled(now, prerequisite=before)
    done = make_enrollment(now=now, run=make_open_run(now=now, course=before))
    addresses = (done.person.email.upper(), "ny@ventil.example.org")
    completion = Completion.objects.create(
        enrollment=done,
        result=Completion.Result.COMPLETED,
        status=Completion.Status.PROPOSED,
        policy_version="2026-1",
        inputs=INPUTS,
        inputs_sha256=sha256_of(INPUTS),
        proposed_at=now,
    )
    assert done.person.email in reason(Candidate(run, addresses=addresses[:1]), now)
    completion.status, completion.decided_at = Completion.Status.DECIDED, now
    completion.completed_on = now.date()
    completion.save()
    assert not reason(Candidate(run, addresses=addresses[:1]), now)
    no = reason(Candidate(run, addresses=addresses), now)
    assert "“Sensors”" in no
    assert no.endswith("It is not noted for ny@ventil.example.org.")
    # Names that follow are asked about when they come.
    assert not reason(Candidate(run, people=2), now)
    completion.delete()


# So many per company


def test_a_company_gets_so_many_places_and_no_more(now):
    run = ruled(now, most_per_company=2)
    group_booking.send(
        **group_form(run=run, now=now, people=[person("a@ventil.example.org"), None])
    )
    with override("en"), pytest.raises(NotEligible) as no:
        group_booking.send(**group_form(run=run, now=now, people=[None]))
    (told,) = no.value.reasons
    assert told.startswith("A company can have 2 places on this course run.")
    assert told.endswith("Exempel Ventil & Hydraulik AB has 2 already.")
    other = group_form(run=run, now=now, people=[None], number="556012-3456")
    group_booking.send(**other)


def test_naming_a_seat_does_not_count_the_booking_twice(now):
    run = ruled(now, most_per_company=1)
    made = group_booking.send(**group_form(run=run, now=now, people=[None]))
    seat = made.enrollments.select_related("run", "booking").get()
    named = group_booking.name_seat(
        enrollment=seat, named=person("a@ventil.example.org"), actor=made.booked_by, now=now
    )
    assert named.status == Status.CONFIRMED


def test_a_second_form_that_was_on_its_way_is_counted_again_under_the_lock(now):
    run = ruled(now, most_per_company=2)
    forms = [group_form(run=run, now=now, people=[None, None]) for _ in range(2)]
    for form in forms:
        drafts.hold(
            run=run,
            token=form["token"],
            people=2,
            region=form["municipality"].region,
            language="sv",
            now=now,
        )
    group_booking.send(**forms[0])
    with pytest.raises(NotEligible):
        group_booking.send(**forms[1])
    assert Enrollment.objects.filter(run=run, booking__company__isnull=False).count() == 2


# At the same time


def test_another_course_at_the_same_time_is_named_by_the_meeting(now):
    someone = make_user()
    other = make_enrollment(now=now, person=someone)
    run = ruled(now, no_overlap=True)
    first = run.sessions.order_by("starts_at").first()
    with override("en"):
        when = formats.time_span(first.starts_at, first.ends_at)
    no = reason(Candidate(run, addresses=(someone.email,)), now)
    assert when in no
    assert other.run.course.name_en not in no
    with pytest.raises(NotEligible):
        make_booking(now=now, run=run, person=someone)
    make_booking(now=now, run=run)


def test_a_meeting_that_only_touches_or_is_cancelled_does_not_collide(now):
    someone = make_user()
    other = make_enrollment(now=now, person=someone)
    run = ruled(now, no_overlap=True)
    for meeting in other.run.sessions.all():
        meeting.starts_at += timedelta(minutes=120)
        meeting.ends_at += timedelta(minutes=120)
        meeting.save()
    assert not reason(Candidate(run, addresses=(someone.email,)), now)
    other.run.sessions.update(status=Session.Status.CANCELLED)
    assert not reason(Candidate(run, addresses=(someone.email,)), now)


# All of them


def test_rules_that_are_not_used_cost_no_query(now):
    run = ruled(now)
    candidate = Candidate(
        run, people=2, region=make_region("20"), addresses=("a@ventil.example.org",)
    )
    with CaptureQueriesContext(connection) as queries:
        assert reasons_against(candidate, now=now) == {}
    assert len(queries) == 0


def test_every_reason_is_told_at_once(now):
    run = make_open_run(now=now, open_to=[make_region("20")])
    run = ruled(now, run=run, regions_only=True, most_per_company=1, sme_only=True)
    candidate = Candidate(
        run,
        people=2,
        region=make_municipality("21").region,
        company=make_company(now, Company.Size.LARGE),
    )
    assert list(reasons_against(candidate, now=now)) == [
        "small companies only",
        "counties",
        "most per company",
    ]
