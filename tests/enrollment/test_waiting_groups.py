"""Groups in line: "3, at least 2", strict or fill-next, shares, offers in part, reminders."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from courses.models import Course, Run
from enrollment import booking, closing, group_booking, mails, offers, places, waiting
from enrollment.eligibility import NotEligible
from enrollment.group_booking import Named
from enrollment.models import Enrollment, Place, RunPartner, RunRules, WaitingEntry
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.company_factories import make_company
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.home.factories import make_municipality, make_promoter, make_region

pytestmark = pytest.mark.django_db
Entry = WaitingEntry.Status


def url(name: str, *args, language: str = "sv") -> str:
    with override(language):
        return reverse(name, args=args)


def free(run: Run, count: int, now) -> None:
    """Give `count` confirmed places back at once."""
    rows = list(run.enrollments.confirmed().select_related("run").order_by("pk")[:count])
    places.release_all(enrollments=rows, reason=Reason.BY_PERSON, now=now)


def states(*entries) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.status for entry in entries]


def offered_group(now, *, offered: int = 2, wanted: int = 3, at_least: int = 2, **fields):
    """A group that was offered `offered` places, and one person behind it."""
    run = make_full_run(now=now, places_count=4, **fields)
    group = make_waiting(now=now, run=run, wanted=wanted, at_least=at_least)
    single = make_waiting(now=now, run=run)
    free(run, offered, now)
    assert states(group, single) == [Entry.OFFERED, Entry.WAITING]
    return run, group, single


def with_share(now, *, kept: int, places_count: int, **rules) -> tuple[Run, RunPartner]:
    """A full run with places that are kept for Dalarna."""
    run = make_open_run(now=now, places_count=places_count)
    RunRules.objects.create(run=run, **rules)
    share = places.set_share(
        run=run,
        region=make_region("20"),
        promoter=make_promoter("kvot", region_code="20"),
        count=kept,
        release_at=now + timedelta(days=10),
        actor=None,
        now=now,
    )
    for _ in range(kept):
        make_booking(now=now, run=run, region=make_region("20"))
    for _ in range(places_count - kept):
        make_booking(now=now, run=run)
    return Run.objects.get(pk=run.pk), share


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


# Answers


def test_a_group_takes_all_that_is_offered(now):
    _run, group, single = offered_group(now)
    made = waiting.accept(entry=group, actor=group.person, now=now)
    assert sorted(made.enrollments.values_list("status", flat=True)) == ["confirmed", "held"]
    assert states(group, single) == [Entry.ACCEPTED, Entry.WAITING]
    assert OutgoingMail.objects.filter(kind="group_booked", recipient=group.person).count() == 1


def test_a_group_takes_two_of_three_and_the_next_gets_the_third_at_once(now):
    run, group, single = offered_group(now, offered=3)
    made = offers.accept(booking=group.booking, count=2, actor=None, now=now)
    assert made.enrollments.placed().count() == 2
    assert states(group, single) == [Entry.ACCEPTED, Entry.OFFERED]
    assert Place.objects.free().filter(run=run).count() == 0


@pytest.mark.parametrize("count", [0, 1, 4])
def test_never_fewer_than_asked_for_at_least_and_never_more_than_offered(now, count):
    _run, group, single = offered_group(now, offered=3)
    with pytest.raises(waiting.NotOffered):
        waiting.accept(entry=group, count=count, actor=None, now=now)
    assert states(group, single) == [Entry.OFFERED, Entry.WAITING]


def test_a_paid_run_holds_what_was_taken_until_it_is_paid(now):
    run = make_open_run(now=now, places_count=1, price_ore=100_00)
    holder = make_booking(now=now, run=run).enrollments.get()
    entry = make_waiting(now=now, run=run, wanted=1)
    places.release(enrollment=holder, reason=Reason.BY_PERSON, now=now)
    entry.refresh_from_db()
    made = waiting.accept(entry=entry, actor=None, now=now)
    held = made.enrollments.get()
    assert (held.status, held.hold_until) == (Status.HELD, now + booking.HOLD_TIME)


def test_an_answer_at_the_second_of_the_end_is_too_late(now):
    _run, group, single = offered_group(now)
    end = offers.look(group.booking, now=now).until
    with pytest.raises(offers.OfferEnded):
        offers.accept(booking=group.booking, actor=None, now=end)
    with pytest.raises(offers.OfferEnded):
        offers.decline(booking=group.booking, actor=None, now=end)
    # Whoever comes first then passes it on; a clock that steps back does not bring it again.
    places.expire(run=group.run, now=end)
    assert states(group, single) == [Entry.EXPIRED, Entry.OFFERED]
    with pytest.raises(offers.OfferEnded):
        offers.accept(booking=group.booking, actor=None, now=end - timedelta(minutes=5))
    assert places.expire(run=group.run, now=end - timedelta(minutes=5)) == 0


def test_leaving_with_an_offer_that_ran_out_passes_it_on(now):
    _run, group, single = offered_group(now)
    end = offers.look(group.booking, now=now).until
    for _ in range(2):
        waiting.leave(entry=group, actor=group.person, now=end)
    assert states(group, single) == [Entry.EXPIRED, Entry.OFFERED]


def test_a_lower_limit_for_companies_meanwhile_is_told_when_accepting(now):
    run = make_full_run(now=now, places_count=3)
    entry = make_waiting(now=now, run=run, company=make_company(now), wanted=2, at_least=1)
    free(run, 2, now)
    assert states(entry) == [Entry.OFFERED]
    RunRules.objects.create(run=run, most_per_company=1)
    with override("en"), pytest.raises(NotEligible, match="1 place at most"):
        offers.accept(booking=entry.booking, actor=None, now=now)
    assert states(entry) == [Entry.OFFERED]
    offers.accept(booking=entry.booking, count=1, actor=None, now=now)
    assert entry.booking.enrollments.placed().count() == 1


# The pages


def test_a_company_waits_on_one_page_with_at_most_nine_fields(client, now):
    run = make_full_run(now=now)
    page = client.get(url("wait", run.code) + "?group=1")
    form = page.context["form"]
    asked = [f.name for f in form.visible_fields() if f.name != "website"]
    assert len(asked) == 9, asked
    answer = client.post(
        url("wait", run.code), group_words(token=form["token"].value()), follow=True
    )
    entry = WaitingEntry.objects.get()
    assert (entry.wanted, entry.at_least, entry.takes_part) == (3, 2, True)
    assert (entry.company.registration_number, entry.region.code) == ("4929004119", "21")
    words = answer.content.decode()
    assert "Du väntar på 3 platser, minst 2." in words
    assert "Ingen står före dig" in words


def group_words(**fields) -> dict:
    return {
        "group": "1",
        "n": "3",
        "at_least": "2",
        "number": "492900-4119",
        "company_name": "Exempel Ventil AB",
        "municipality": str(make_municipality("21").pk),
        "name": "Elin Exempelsson",
        "email": "elin@ventil.example.org",
        "takes_part": "on",
        "terms": "on",
        "token": str(uuid4()),
        **fields,
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("n", "x", "Skriv med siffror hur många ni är"),
        ("n", "9", "En bokning på det här kurstillfället har 1–4 personer"),
        ("at_least", "4", "inte är större än hur många ni är"),
        ("number", "123", "organisationsnumret"),
        ("terms", "", "Godkänn villkoren för att ställa dig i kö"),
    ],
)
def test_a_mistake_in_the_form_is_told_and_nothing_is_stored(client, now, field, value, words):
    run = make_full_run(now=now)
    page = client.post(url("wait", run.code), group_words(**{field: value}))
    text = page.content.decode()
    assert words in text
    assert 'value="Elin Exempelsson"' in text
    assert not WaitingEntry.objects.exists()


def test_what_the_booking_form_knew_is_kept(client, now):
    run = make_open_run(now=now, places_count=3)
    known = group_words()
    names = ("n", "number", "company_name", "municipality", "name", "email")
    page = client.post(
        url("wait", run.code), {"prefill": "1", **{name: known[name] for name in names}}
    )
    assert page.status_code == 200
    form = page.context["form"]
    assert not form.is_bound
    for name in names:
        assert str(form[name].value()) == known[name], name
    assert str(form["at_least"].value()) == "3"
    assert not WaitingEntry.objects.exists()


def test_a_stranger_neither_changes_nor_sees_somebody_elses_place(client, now):
    run = make_full_run(now=now)
    person = make_user(email="elin@ventil.example.org")
    entry = make_waiting(now=now, run=run, person=person)
    page = client.post(url("wait", run.code), group_words())
    assert "Titta i din mejl" in page.content.decode()
    entry.refresh_from_db()
    assert entry.wanted == 1
    assert OutgoingMail.objects.filter(recipient=person, kind="waiting_joined").count() == 2
    client.force_login(person)
    client.post(url("wait", run.code), group_words())
    entry.refresh_from_db()
    assert entry.wanted == 3


def test_a_run_by_application_has_no_line(client, now):
    run = make_open_run(now=now, places_count=1, selection=Run.Selection.APPLICATION)
    address = url("wait", run.code)
    assert client.get(address).url == url("book", run.code)
    assert client.post(address, group_words()).url == url("book", run.code)
    assert not WaitingEntry.objects.exists()


def test_leaving_by_the_link_of_the_mail(client, now):
    run = make_full_run(now=now)
    entry = make_waiting(now=now, run=run)
    address = url("waiting", mails.waiting_token(entry))
    assert address in OutgoingMail.objects.get(kind="waiting_joined").text
    assert "1</b> är din plats i kön" in client.get(address).content.decode()
    assert "lämnat kön" in client.post(address).content.decode()
    assert states(entry) == [Entry.LEFT]
    assert client.get(address).status_code == 200
    assert client.get(url("waiting", "x:y")).status_code == 404


def test_the_page_of_an_offer_has_one_button_for_every_answer(client, now):
    run, group, single = offered_group(timezone.now(), offered=3)
    mail = OutgoingMail.objects.get(kind="waiting_offer", recipient=group.person)
    address = url("offer", mails.offer_token(group))
    assert address in mail.text
    assert f"{address}#decline" in mail.text
    before = list(run.enrollments.order_by("pk").values_list("status", flat=True))
    page = client.get(address).content.decode()
    for words in ("Ta alla 3 platserna", "Ta 2 platser", "Tacka nej", "svensk tid"):
        assert words in page
    assert "Ta 1 plats" not in page
    assert list(run.enrollments.order_by("pk").values_list("status", flat=True)) == before
    taken = client.post(address, {"answer": "2"})
    assert taken.status_code == 302
    assert client.get(taken.url).status_code == 200
    assert states(group, single) == [Entry.ACCEPTED, Entry.OFFERED]
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("answer", ["1", "99", "-1", "x", "0", "9" * 50])
def test_an_answer_that_was_not_offered_is_refused(client, answer):
    now = timezone.now()
    _run, group, single = offered_group(now)
    page = client.post(url("offer", mails.offer_token(group)), {"answer": answer})
    assert page.status_code in (200, 409)
    assert "Ta alla 2 platserna" in page.content.decode()
    assert states(group, single) == [Entry.OFFERED, Entry.WAITING]


def test_the_loser_of_a_race_gets_a_clear_page(client):
    now = timezone.now()
    _run, group, _single = offered_group(now)
    waiting.decline(entry=group, actor=None, now=now)
    page = client.post(url("offer", mails.offer_token(group)), {"answer": "accept"})
    assert page.status_code == 409
    assert "Du har tackat nej" in page.content.decode()


def test_a_selected_application_is_answered_on_the_same_page(client):
    now = timezone.now()
    run = make_open_run(now=now, selection=Run.Selection.APPLICATION)
    made = group_booking.send(
        **group_form(
            run=run, now=now, people=[Named("a@ventil.example.org", "Anna", "Exempel"), None]
        )
    )

    def attempt(place_ids):
        return places.offer(booking=made, place_ids=place_ids, actor=None, now=now)

    places.patiently(attempt, run=run, count=2, region_id=made.region_id, now=now)
    until = offers.look(made, now=now).until
    with transaction.atomic():
        mails.application_offer(made, until=until, now=now)
    text = OutgoingMail.objects.get(kind="application_offer").text
    address = re.search(r"/sv/offers/[^\s?#]+", text)[0]
    page = client.get(address).content.decode()
    assert "2 platser för dig" in page
    assert client.post(address, {"answer": "1"}).status_code == 409
    assert client.post(address, {"answer": "accept"}).status_code == 302
    assert made.enrollments.confirmed().count() == 1
    assert made.enrollments.held().get().hold_until == places.names_due(run, now=now)


# Reminders


def test_half_of_the_time_without_an_answer_brings_one_reminder(now):
    _run, group, _single = offered_group(now)
    offer = offers.look(group.booking, now=now)
    due = places.reminder_due(run=group.run, since=now, until=offer.until)
    assert now < due < offer.until
    assert offers.remind(now=due - timedelta(seconds=1)) == 0
    assert not OutgoingMail.objects.filter(kind="offer_reminder").exists()
    for _ in range(2):
        offers.remind(now=due)
    mail = OutgoingMail.objects.get(kind="offer_reminder")
    assert mail.recipient == group.person
    assert url("offer", mails.offer_token(group)) in mail.text


def test_an_answered_offer_is_not_reminded_of(now):
    _run, group, _single = offered_group(now)
    end = offers.look(group.booking, now=now).until
    waiting.accept(entry=group, actor=None, now=now)
    assert offers.remind(now=end - timedelta(minutes=1)) == 0
