"""Why not: the same words for the person and for staff, in both languages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from courses.models import Run
from enrollment import group_booking, mails, places, waiting
from enrollment.eligibility import Candidate
from enrollment.models import Enrollment, RunRules, WaitingEntry
from enrollment.status import Reason
from enrollment.why import of_line, why
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


def said(subject, now, language: str = "en") -> dict[str, str]:
    with override(language):
        return {answer.code: answer.text for answer in why(subject, now=now)}


def free(run: Run, count: int, now) -> None:
    rows = list(run.enrollments.confirmed().select_related("run").order_by("pk")[:count])
    places.release_all(enrollments=rows, reason=Reason.BY_PERSON, now=now)


def again(thing):
    """As it stands in the database, with nothing remembered."""
    return type(thing).objects.get(pk=thing.pk)


def shared(now, *, kept: int, places_count: int) -> Run:
    run = make_open_run(now=now, places_count=places_count)
    places.set_share(
        run=run,
        region=make_region("20"),
        promoter=make_promoter("kvot", region_code="20"),
        count=kept,
        release_at=now + timedelta(days=10),
        actor=None,
        now=now,
    )
    return run


# Why can I not book


def test_nothing_stands_in_the_way_of_an_open_run(now):
    assert why(make_open_run(now=now), now=now) == []


def test_the_state_of_a_run_is_the_whole_answer(now):
    run = make_open_run(now=now)
    hour = timedelta(hours=1)
    for change, code, words in (
        ({"status": Run.Status.CANCELLED}, "cancelled", "This course run is cancelled."),
        ({"opens_at": now + hour}, "not_open", "Booking opens "),
        ({"closes_at": now - hour}, "closed", "Booking closed "),
    ):
        Run.objects.filter(pk=run.pk).update(**change)
        answers = said(again(run), now)
        assert list(answers) == [code]
        assert answers[code].startswith(words)
        Run.objects.filter(pk=run.pk).update(
            status=Run.Status.PUBLISHED, opens_at=run.opens_at, closes_at=run.closes_at
        )
    assert list(said(again(run), now + timedelta(days=31))) == ["under_way"]


def test_a_run_without_places_is_not_planned_yet(now):
    assert list(said(make_open_run(now=now, places_count=0), now)) == ["planned"]


def test_a_full_run_says_how_many_and_shows_the_way_to_the_line(now):
    run = make_full_run(now=now, places_count=2)
    make_waiting(now=now, run=run)
    with override("sv"):
        answers = why(again(run), now=now)
        assert [a.text for a in answers] == [
            "Alla 2 platser är tagna.",
            "1 står i kö och går före.",
        ]
        assert answers[0].url == f"/sv/runs/{run.code}/wait/"
    assert said(again(run), now)["full"] == "All 2 places are taken."


def test_places_kept_for_a_county_are_told_with_the_day_to_others_alone(now):
    run = shared(now, kept=1, places_count=2)
    make_booking(now=now, run=run)
    text = said(Candidate(again(run), region=make_region("21")), now)["kept"]
    assert text.startswith("1 free place is kept for companies in Dalarna until ")
    assert said(Candidate(again(run), region=make_region("20")), now) == {}
    assert said(again(run), now + timedelta(days=11)) == {}


def test_a_group_is_told_how_many_places_are_free(now):
    run = make_open_run(now=now, places_count=1)
    answers = said(Candidate(run, people=3), now, "sv")
    assert answers == {"too few": "Bara 1 plats är ledig, och det behövs 3."}


def test_rules_of_the_run_are_among_the_reasons(now):
    run = make_open_run(now=now, open_to=[make_region("20")])
    RunRules.objects.create(run=run, regions_only=True)
    answers = said(Candidate(again(run), region=make_region("17")), now)
    assert list(answers) == ["eligibility: counties"]


def test_a_strict_line_comes_before_a_newcomer(now):
    run = make_full_run(now=now, places_count=2)
    RunRules.objects.create(run=run, waiting_order=RunRules.Order.STRICT)
    make_waiting(now=now, run=again(run), wanted=2, at_least=2)
    free(run, 1, now)
    answers = said(again(run), now)
    assert answers["line"] == "2 wait in line, and come first."


# Why is it not confirmed


def test_a_confirmed_place_has_no_open_question(now):
    assert why(make_enrollment(now=now), now=now) == []


def test_a_held_place_says_what_it_lacks_and_where_to_mend_it(now):
    run = make_open_run(now=now, price_ore=100_00)
    seat = make_enrollment(now=now, run=run)
    with override("sv"):
        answers = why(again(seat), now=now)
        assert [a.code for a in answers] == ["paid", "until"]
        assert answers[0].url.endswith(f"/{seat.booking.public_id}/pay/")
        assert answers[1].text.startswith("Platsen hålls till ")


def test_a_seat_without_a_name_says_so(now):
    made = group_booking.send(**group_form(run=make_open_run(now=now), now=now, people=[None]))
    answers = said(made.enrollments.get(), now)
    assert answers["name"] == "The participant's name is missing."


def test_an_application_says_that_it_is_not_decided(now):
    run = make_open_run(now=now, selection=Run.Selection.APPLICATION)
    seat = make_booking(now=now, run=run).enrollments.get()
    assert list(said(seat, now)) == ["approved"]


def test_a_cancelled_place_says_why_it_ended(now):
    seat = make_enrollment(now=now)
    places.release(enrollment=seat, reason=Reason.BY_PERSON, now=now)
    assert said(again(seat), now) == {"cancelled": "It has ended: cancelled by the participant."}


# Why is there no offer


def test_one_who_waits_is_told_place_and_people_before(now):
    run = make_full_run(now=now, places_count=3)
    make_waiting(now=now, run=run, wanted=3, at_least=3)
    entry = make_waiting(now=now, run=run)
    assert said(entry, now) == {
        "line": "Place 2 in line, 3 people before.",
        "full": "No place is free.",
    }
    assert said(entry, now, "sv") == {
        "line": "Plats 2 i kön, 3 personer före.",
        "full": "Ingen plats är ledig.",
    }


def test_a_group_that_is_passed_by_is_told_what_is_free(now):
    run = make_full_run(now=now, places_count=3)
    group = make_waiting(now=now, run=run, wanted=3, at_least=2)
    free(run, 1, now)
    answers = said(again(group), now)
    assert answers["too few"] == "Only 1 place is free, and 2 are needed."


def test_a_strict_line_says_that_those_before_are_waited_for(now):
    run = make_full_run(now=now, places_count=3)
    RunRules.objects.create(run=run, waiting_order=RunRules.Order.STRICT)
    run = again(run)
    make_waiting(now=now, run=run, wanted=2, at_least=2)
    single = make_waiting(now=now, run=run)
    free(run, 1, now)
    assert list(said(again(single), now)) == ["line", "strict"]


def test_a_place_kept_for_another_county_is_told_with_its_day(now):
    run = shared(now, kept=1, places_count=2)
    make_booking(now=now, run=run)
    entry = make_waiting(now=now, run=run, region=make_region("21"))
    answers = said(entry, now, "sv")
    assert answers["kept"].startswith("1 ledig plats hålls åt företag i Dalarna till ")
    assert list(answers) == ["line", "kept"]


def test_an_offer_says_until_when_and_leads_to_the_answer(now):
    run = make_full_run(now=now)
    entry = make_waiting(now=now, run=run)
    free(run, 1, now)
    with override("en"):
        (answer,) = why(again(entry), now=now)
        assert answer.text.startswith("The offer has not been answered yet. It is kept until ")
        assert "/offers/" in answer.url
    seat = Enrollment.objects.get(booking=again(entry).booking)
    assert said(seat, now)["offered"] == answer.text


def test_after_booking_has_closed_nothing_is_offered(now):
    run = make_full_run(now=now, closes_at=now + timedelta(hours=1))
    entry = make_waiting(now=now, run=run)
    assert list(said(entry, now + timedelta(hours=2))) == ["closed"]
    waiting.leave(entry=entry, actor=None, now=now)
    assert list(said(again(entry), now)) == [WaitingEntry.Status.LEFT]


def test_something_else_has_no_answer(now):
    with pytest.raises(TypeError):
        why("a word", now=now)


# The same words everywhere


def test_the_person_and_staff_read_the_same_words(client, now):
    run = make_full_run(now=now, places_count=2)
    make_waiting(now=now, run=run)
    entry = make_waiting(now=now, run=run, wanted=2, at_least=2)
    source = (
        "{% load enrollment_tags %}{% why entry as answers %}{% include 'enrollment/why.html' %}"
    )
    for language, words in (
        ("sv", "Plats 2 i kön, 1 person före."),
        ("en", "Place 2 in line, 1 person before."),
    ):
        with override(language):
            staff = Template(source).render(Context({"entry": entry}))
        page = client.get(f"/{language}/waiting/{mails.waiting_token(entry)}/").content.decode()
        assert words in staff
        assert words in page


def test_a_long_line_costs_no_more_queries(now):
    run = make_full_run(now=now)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            entry = make_waiting(now=now, run=run)
        entry = WaitingEntry.objects.select_related("run__rules", "run__course").get(pk=entry.pk)
        with CaptureQueriesContext(connection) as queries:
            why(entry, now=now)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_staff_read_the_reasons_of_the_whole_line_in_as_many_queries(now):
    run = make_full_run(now=now, places_count=3)
    for n in range(2):
        make_waiting(now=now, run=run, wanted=3, at_least=2 + n)
    free(run, 1, now)
    run = Run.objects.select_related("rules", "course").get(pk=run.pk)
    counts = []
    for _ in range(2):
        line = places.turns(run, now=now)
        with CaptureQueriesContext(connection) as queries, override("en"):
            found = of_line(run, line, now=now)
        counts.append(len(queries))
        for turn in line:
            assert {a.code: a.text for a in found[turn.entry.pk]} == said(again(turn.entry), now)
        make_waiting(now=now, run=run, wanted=2, at_least=2)
    assert counts[0] == counts[1]
