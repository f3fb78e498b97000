"""An offer is answered: whole, in part, too late, by the pages of line and offer; reminders until then."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from courses.models import Run
from enrollment import booking, group_booking, mails, offers, places, waiting
from enrollment.eligibility import NotEligible
from enrollment.group_booking import Named
from enrollment.models import Place, RunRules, WaitingEntry
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import make_company
from tests.enrollment.company_screens import url
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.enrollment.line_factories import Entry, free, offered_group, states
from tests.home.factories import make_municipality

pytestmark = pytest.mark.django_db


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
