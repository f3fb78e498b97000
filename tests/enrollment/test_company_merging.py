"""Two companies that are one: under a typed name, or under a number that was replaced."""

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.policy import visible
from accounts.registries import invariants
from accounts.roles import Role
from config.baseline import ensure_baseline
from enrollment import companies, company_merging, group_booking, memberships
from enrollment.models import Booking, Company, CompanyMembership, RunRules, WaitingEntry
from enrollment.status import Status
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import ANNA, OTHER, make_booker, make_company
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.enrollment.test_ending_races import meanwhile
from tests.home.factories import make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db):
    ensure_baseline()
    return make_user(role=Role.COORDINATOR)


def make_foreign(now, number: str = "NO 987 654 321", **fields) -> Company:
    company = companies.known_or_new(
        number=number, name="Exempel Ventil Norge", country="NO", actor=None, now=now
    )
    for name, value in fields.items():
        setattr(company, name, value)
    company.save()
    return company


def broken(now) -> list[str]:
    return [message for check in invariants.values() for message in check(now)]


def test_everything_is_the_kept_companys_and_the_old_number_leads_there(now, staff):
    keep, gone = make_company(now), make_foreign(now, size="small", email_domain="ventil.example")
    booking = make_booking(now=now, run=make_open_run(now=now), company=gone)
    entry = make_waiting(now=now, run=make_full_run(now=now), company=gone)
    town = make_municipality("21")
    for company in (keep, gone):
        companies.workplace_in(company=company, municipality=town)
    own = companies.add_workplace(company=gone, name="Lagret", municipality=town, actor=staff)
    Booking.objects.filter(pk=booking.pk).update(workplace=gone.workplaces.get(name=""))
    booker = make_booker(gone, now)
    for _twice in range(2):
        company_merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    booking.refresh_from_db()
    entry.refresh_from_db()
    keep.refresh_from_db()
    own.refresh_from_db()
    assert (booking.company, entry.company, own.company) == (keep, keep, keep)
    assert booking.workplace.company == keep and keep.workplaces.count() == 2
    assert (keep.size, keep.email_domain) == ("small", "ventil.example")
    assert list(visible(booker, Booking)) == [booking]
    assert companies.find(number="987654321NO", country="NO") is None
    assert companies.find(number="NO987654321", country="NO") == keep
    found = companies.known_or_new(
        number="NO 987 654 321", name="x", country="NO", actor=None, now=now
    )
    assert found == keep
    assert list(visible(staff, Company)) == [keep]
    logged = ModelLogEntry.objects.get(action="enrollment.merge_company")
    assert logged.data["gone"] == gone.pk and logged.user == staff
    assert broken(now) == []


def test_of_two_memberships_of_a_person_the_verified_one_stays(now, staff):
    keep, gone = make_company(now), make_foreign(now)
    both, asks = make_booker(gone, now), make_user()
    memberships.ask_to_book(company=keep, person=both, now=now)
    memberships.ask_to_book(company=gone, person=asks, now=now)
    company_merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    rows = CompanyMembership.objects.filter(company=keep)
    assert dict(rows.values_list("user", "verified_at")) == {both.pk: now, asks.pk: None}
    assert not gone.memberships.exists()


def test_a_chain_of_mergers_leads_to_the_last(now, staff):
    first, second, third = make_foreign(now), make_foreign(now, "NO2"), make_company(now)
    company_merging.merge(keep=second, gone=first, actor=staff, now=now)
    company_merging.merge(keep=third, gone=second, actor=staff, now=now)
    assert companies.find(number="NO987654321", country="NO") == third


def test_two_legal_persons_stay_two(now, staff):
    ours, other, foreign = make_company(now), make_company(now, *OTHER), make_foreign(now)
    for keep, gone, error in (
        (ours, other, company_merging.TwoLegalPersons),
        (foreign, ours, company_merging.WrongWay),
        (ours, ours, company_merging.SameCompany),
    ):
        with pytest.raises(error):
            company_merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    company_merging.merge(keep=ours, gone=foreign, actor=staff, now=now)
    with pytest.raises(company_merging.GoneAlready):
        company_merging.merge(keep=other, gone=foreign, actor=staff, now=now)


def test_typed_names_become_the_companys_and_it_sees_them(now, staff):
    company = make_company(now)
    booker = make_booker(company, now)
    typed = make_booking(now=now, run=make_open_run(now=now), company_name="Exempel ventil")
    entry = make_waiting(now=now, run=make_full_run(now=now), company_name="Exempel ventil")
    make_booking(now=now, run=make_open_run(now=now), company_name="Något annat AB")
    (found,) = company_merging.typed_names(like=" ventil ")
    assert (found.name, found.bookings, found.waiting) == ("Exempel ventil", 1, 1)
    names = ["Exempel ventil", "", "finns inte"]
    given = {"company": company, "names": names, "actor": staff, "now": now}
    assert company_merging.adopt(**given) == 2 and company_merging.adopt(**given) == 0
    assert list(visible(booker, Booking)) == [typed]
    assert WaitingEntry.objects.get(pk=entry.pk).company == company
    assert Booking.objects.filter(company=None).exists()
    assert broken(now) == []


def test_a_size_that_comes_along_confirms_what_waited_for_it(now, staff):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, sme_only=True)
    booking = group_booking.send(**group_form(run=run, now=now, people=[ANNA]))
    assert booking.enrollments.get().status == Status.HELD
    gone = make_foreign(now, size="medium")
    company_merging.merge(keep=booking.company, gone=gone, actor=staff, now=now)
    assert booking.enrollments.get().status == Status.CONFIRMED
    assert broken(now) == []


def test_staff_search_see_and_merge(client, now, staff):
    keep, gone, other = make_company(now), make_foreign(now), make_company(now, *OTHER)
    make_booking(now=now, run=make_open_run(now=now), company=gone)
    make_booking(now=now, run=make_open_run(now=now), company_name="exempel ventil")
    client.force_login(staff)
    address = reverse("companies:merge", args=[keep.pk])
    assert address in client.get(reverse("companies:inspect", args=[keep.pk])).text
    page = client.get(address, {"q": "exempel"}).text
    assert "exempel ventil" in page and "två juridiska personer" in page
    assert f"?gone={gone.pk}" in page and f"?gone={other.pk}" not in page
    assert "1 bokning flyttas" in client.get(address, {"gone": gone.pk}).text
    assert client.post(address, {"gone": other.pk}).status_code == 409
    assert client.post(address, {"gone": "x"}).status_code == 404
    assert client.post(address, {"name": "exempel ventil"}).status_code == 302
    assert client.post(address, {}).status_code == 302
    assert client.post(address, {"gone": gone.pk}).status_code == 302
    assert keep.bookings.count() == 2
    assert client.get(reverse("companies:inspect", args=[gone.pk])).status_code == 404


def test_only_coordinators_merge_companies(client, now, staff):
    run = make_open_run(now=now)
    booking = group_booking.send(**group_form(run=run, now=now, people=[ANNA]))
    promoter = make_user(role=Role.PROMOTER)
    run.host.staff.add(promoter)
    client.force_login(promoter)
    assert client.get(reverse("companies:inspect", args=[booking.company_id])).status_code == 200
    address = reverse("companies:merge", args=[booking.company_id])
    # Wagtail sends those who may be in the admin to its first page.
    assert client.get(address).url == client.post(address).url == "/admin/"


def test_a_company_is_found_by_its_number_a_sole_trader_is_not(client, now, staff):
    company = make_company(now)
    make_company(now, "Exempel Enskild", "811228-9874")
    client.force_login(staff)

    def found(words: str) -> list[Company]:
        return list(client.get(reverse("companies:index"), {"q": words}).context["object_list"])

    assert found("492900-4119") == found("4929004119") == found("hydraulik") == [company]
    assert found("811228-9874") == []


def test_a_sole_traders_number_is_not_searched(now, staff):
    company, trader = make_company(now), make_company(now, "Exempel Enskild", "811228-9874")
    assert trader.is_personal_identity
    assert not company_merging.others(company=company, like="811228").exists()
    assert list(company_merging.others(company=company, like="enskild")) == [trader]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_what_is_booked_while_companies_are_merged_is_the_kept_ones(now):
    keep, gone = make_company(now), make_foreign(now)
    form = {
        "booker": "kari@ventil.example.org",
        "number": gone.registration_number,
        "country": "NO",
        "county": make_municipality("21").pk,
        "people": [None],
    }
    run, actor = make_open_run(now=now), make_user(role=Role.COORDINATOR)
    said = meanwhile(
        {"job": "send", "after": 'UPDATE "enrollment_booking"', "run": run.pk, "form": form},
        {"job": "merge_companies", "keep": keep.pk, "gone": gone.pk, "actor": actor.pk},
    )
    assert said == ["booked", "merged"]
    assert Booking.objects.get().company == keep


def test_who_may_act_today_still_may_though_the_kept_company_has_an_ended_right(now, staff):
    keep, gone = make_company(now), make_foreign(now)
    booker = make_booker(gone, now)
    valid = CompanyMembership.objects.get(user=booker)
    CompanyMembership.objects.create(
        user=booker,
        company=keep,
        role=valid.role,
        verified_at=now,
        valid_to=now.date() - timedelta(days=2),
    )
    company_merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    assert memberships.acts_for(booker, keep, today=now.date())
