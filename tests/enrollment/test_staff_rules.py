"""Rules, shares, cancellation terms and calling a run off, by staff."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from wagtail.models import ModelLogEntry

from accounts.registries import invariants
from config.baseline import ensure_roles
from courses.models import Run
from enrollment import companies, ruling
from enrollment.models import Booking, CancellationPolicy, RunPartner, RunRules, WaitingEntry
from enrollment.models.rules import rules_of
from enrollment.status import Status
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import make_group
from tests.enrollment.factories import make_booking, make_full_run, make_open_run, make_waiting
from tests.home.factories import make_promoter, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    ensure_roles()
    user = make_user(role="coordinator")
    client.force_login(user)
    return user


def broken_invariants(now) -> list[str]:
    return [message for check in invariants.values() for message in check(now)]


def address(name: str, run: Run) -> str:
    return reverse(f"enrolments:{name}", args=[run.code])


def rules_post(**fields):
    return {
        "most_per_booking": "4",
        "team_min": "2",
        "team_max": "4",
        "waiting_order": "fill_next",
        "offer_hours": "30",
        "names_days": "1",
        **fields,
    }


def test_rules_are_saved_and_audited_with_before_and_after(client, coordinator, now):
    run = make_open_run(now=now)
    for _twice in range(2):
        answer = client.post(address("rules", run), rules_post(sme_only="on", most_per_booking="6"))
        assert answer.status_code == 302
    run = Run.objects.get(pk=run.pk)
    assert rules_of(run).sme_only and rules_of(run).most_per_booking == 6
    entry = ModelLogEntry.objects.get(action="enrollment.rules")
    assert entry.data["before"]["most_per_booking"] == 4 and entry.user == coordinator
    assert 'value="6"' in client.get(address("rules", run)).text


def test_what_is_confirmed_stays_when_the_rules_or_the_company_change(coordinator, now):
    run = make_open_run(now=now)
    booking = make_group(now, run=run)
    company = booking.company
    ruling.set_rules(run=run, changes={"sme_only": True}, actor=coordinator, now=now)
    assert broken_invariants(now) == []
    companies.describe(
        company=company, email_domain="", size=company.Size.LARGE, actor=coordinator, now=now
    )
    assert broken_invariants(now) == []
    assert booking.enrollments.confirmed().count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"team_min": "5"}, "lag"),
        ({"offer_hours": "0"}, "1 eller fler"),
        ({"most_per_booking": "-1"}, "större än eller lika med 0"),
        ({"min_participants": "5"}, "vilken dag"),
        ({"decide_on": "igår"}, "giltigt datum"),
        # A form of so many people would not be read to its end.
        ({"most_per_booking": "101"}, "mindre än eller lika med 100"),
        ({"team_max": "9999"}, "mindre än eller lika med 100"),
        ({"names_days": "30000"}, "mindre än eller lika med 90"),
        ({"offer_hours": "30000"}, "mindre än eller lika med 450"),
        ({"waiting_order": "lottery"}, "lottery"),
        ({"cancellation": "77777"}, "giltigt alternativ"),
    ],
)
def test_rules_that_cannot_be_are_refused_at_the_field(client, coordinator, now, fields, words):
    run = make_open_run(now=now)
    answer = client.post(address("rules", run), rules_post(**fields))
    assert answer.status_code == 200 and words in answer.text and "Fel:" in answer.text
    assert not RunRules.objects.exists()


def test_a_laxer_order_serves_those_who_can_be_served(client, coordinator, now):
    run = make_full_run(now=now, places_count=2)
    RunRules.objects.create(run=run, waiting_order="strict")
    make_waiting(now=now, run=run, wanted=2, at_least=2)
    alone = make_waiting(now=now, run=run)
    from enrollment import booking

    seat = run.enrollments.first()
    booking.cancel(enrollment=seat, reason="by_staff", actor=None, now=now)
    alone.refresh_from_db()
    assert alone.status == WaitingEntry.Status.WAITING
    client.post(address("rules", run), rules_post())
    alone.refresh_from_db()
    assert alone.status == WaitingEntry.Status.OFFERED


def share_post(now, **fields):
    day = localdate(now) + timedelta(days=10)
    promoter = make_promoter("medvard", region_code="21")
    return {
        "region": make_region("21").pk,
        "promoter": promoter.pk,
        "count": "2",
        "released": day.isoformat(),
        **fields,
    }


def test_places_are_kept_for_a_county_until_midnight_of_a_day(client, coordinator, now):
    run = make_open_run(now=now, places_count=3)
    assert client.post(address("share", run), share_post(now)).status_code == 302
    share = RunPartner.objects.get()
    assert share.places.count() == 2 and share.release_at.astimezone().tzinfo
    text = client.get(address("rules", run), {"region": "21"}).text
    assert "Gävleborg" in text and 'value="2"' in text and "kl.\xa000.00" in text


def test_a_share_beyond_the_free_places_is_refused_at_the_field(client, coordinator, now):
    run = make_open_run(now=now, places_count=3)
    make_booking(now=now, run=run)
    answer = client.post(address("share", run), share_post(now, count="3"))
    assert answer.status_code == 409 and "Bara 2 till" in answer.text
    assert not RunPartner.objects.exists()
    client.post(address("share", run), share_post(now, count="2"))
    make_booking(now=now, run=run, region=make_region("21"))
    answer = client.post(address("share", run), share_post(now, count="0"))
    assert answer.status_code == 409 and "1 plats är tagen" in answer.text
    assert RunPartner.objects.get().places.count() == 2


@pytest.mark.parametrize(
    "fields", [{"count": "-1"}, {"count": ""}, {"region": "99999"}, {"released": "31/31"}]
)
def test_a_share_that_cannot_be_read_is_told_and_kept(client, coordinator, now, fields):
    run = make_open_run(now=now)
    answer = client.post(address("share", run), share_post(now, **fields))
    assert answer.status_code == 200 and "Fel:" in answer.text
    assert not RunPartner.objects.exists()


def terms_post(**fields):
    return {
        "name_sv": "Standard",
        "name_en": "Standard",
        "substitutes": "on",
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "0",
        "steps-0-days": "14",
        "steps-0-percent": "50",
        "steps-1-days": "2",
        "steps-1-percent": "100",
        "steps-1-fee": "250",
        **fields,
    }


def test_terms_are_written_in_steps_and_changed_while_nobody_has_booked(client, coordinator):
    assert client.post(reverse("cancellation_terms:new"), terms_post()).status_code == 302
    policy = CancellationPolicy.objects.get()
    steps = policy.steps.order_by("days").values_list("days", "percent", "fee_ore")
    assert list(steps) == [(2, 100, 25_000), (14, 50, 0)]
    client.post(
        reverse("cancellation_terms:write", args=[policy.pk]), terms_post(name_sv="Annat namn")
    )
    assert CancellationPolicy.objects.get().name_sv == "Annat namn"
    assert "Annat namn" in client.get(reverse("cancellation_terms:index")).text


def test_terms_that_were_booked_under_are_copied_instead(client, coordinator, now):
    policy = CancellationPolicy.objects.create(name_sv="Gamla", name_en="Old")
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, cancellation=policy)
    make_booking(now=now, run=Run.objects.get(pk=run.pk))
    assert Booking.objects.get().cancellation == policy
    page = reverse("cancellation_terms:write", args=[policy.pk])
    assert "blir en kopia" in client.get(page).text
    client.post(page, terms_post(name_sv="Nya"))
    policy.refresh_from_db()
    assert policy.name_sv == "Gamla" and not policy.steps.exists()
    assert CancellationPolicy.objects.filter(name_sv="Nya").exists()
    with pytest.raises(ruling.InUse):
        ruling.write_terms(
            policy=policy, name_sv="x", name_en="x", substitutes=True, steps=[], actor=coordinator
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"name_sv": ""},
        {"steps-1-days": "14"},
        {"steps-0-percent": "101"},
        {"steps-0-days": ""},
        {"steps-TOTAL_FORMS": "x"},
        {"steps-TOTAL_FORMS": "5000"},
    ],
)
def test_terms_that_cannot_be_are_refused(client, coordinator, fields):
    answer = client.post(reverse("cancellation_terms:new"), terms_post(**fields))
    assert answer.status_code == 200 and "Fel:" in answer.text
    assert not CancellationPolicy.objects.exists()


def test_terms_are_written_by_coordinators(client, now):
    ensure_roles()
    client.force_login(make_user(role="promoter"))
    assert client.get(reverse("cancellation_terms:index")).status_code == 200
    answer = client.post(reverse("cancellation_terms:new"), terms_post())
    assert answer.status_code in (302, 403) and not CancellationPolicy.objects.exists()


def test_a_run_is_called_off_with_a_reason_after_what_it_means_was_shown(client, coordinator, now):
    run = make_open_run(now=now)
    make_booking(now=now, run=run)
    shown = client.get(address("cancel_run", run)).text
    assert "1 person förlorar platsen" in shown
    refused = client.post(address("cancel_run", run), {"reason": "", "sure": ""})
    assert refused.status_code == 200 and "Säg varför" in refused.text
    run.refresh_from_db()
    assert not run.is_cancelled
    done = client.post(address("cancel_run", run), {"reason": "För få.", "sure": "on"})
    assert done.status_code == 302
    run.refresh_from_db()
    assert run.is_cancelled and run.enrollments.get().status == Status.CANCELLED


@pytest.mark.parametrize("name", ["rules", "share", "cancel_run", "import", "applications"])
def test_another_promoters_run_is_not_there(client, now, name):
    ensure_roles()
    run = make_open_run(now=now)
    client.force_login(make_user(role="promoter"))
    assert client.post(address(name, run)).status_code == 404
