from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from wagtail.models import ModelLogEntry

from accounts.policy import can, visible
from accounts.registries import worklist
from accounts.roles import Role
from enrollment import group_booking, memberships
from enrollment.group_booking import Named
from enrollment.models import Booking, Company, CompanyMembership, Enrollment, WaitingEntry
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import ANNA, OTHER, make_booker, make_company
from tests.enrollment.factories import group_form, make_open_run
from tests.home.factories import make_promoter

pytestmark = pytest.mark.django_db


def kinds() -> list[tuple[str, str]]:
    rows = OutgoingMail.objects.filter(kind__startswith="membership").order_by("pk")
    return list(rows.values_list("kind", "to_address"))


def changes(membership) -> list[str]:
    rows = ModelLogEntry.objects.filter(action="enrollment.membership", object_id=membership.pk)
    return [row.data["to"] for row in rows.order_by("pk")]


def test_booking_for_a_company_gives_no_right_to_it(now):
    booking = group_booking.send(**group_form(run=make_open_run(now=now), now=now, people=[ANNA]))
    membership = CompanyMembership.objects.get()
    assert (membership.user, membership.verified_at) == (booking.booked_by, None)
    assert not memberships.acts_for(booking.booked_by, booking.company, today=localdate(now))
    stranger = group_form(run=make_open_run(now=now), now=now, people=[None])
    stranger["booker"] = Named("stranger@elsewhere.example.org", "Främmande", "Exempelman")
    other = group_booking.send(**stranger)
    assert other.company == booking.company
    assert list(visible(other.booked_by, Booking)) == [other]
    assert not visible(other.booked_by, Enrollment).filter(booking=booking).exists()
    assert not visible(other.booked_by, Company).exists()
    assert list(visible(other.booked_by, CompanyMembership).values_list("user", flat=True)) == [
        other.booked_by.pk
    ]


def test_staff_approve_once_and_the_company_learns_its_domain(now):
    company, staff = make_company(now), make_user(role=Role.COORDINATOR)
    person = make_user(email="orjan@ventil.example.org")
    membership = memberships.ask_to_book(company=company, person=person, now=now)
    assert memberships.verify(membership=membership, by=staff, now=now)
    assert not memberships.verify(membership=membership, by=staff, now=now)
    assert memberships.acts_for(person, company, today=localdate(now))
    company.refresh_from_db()
    assert company.email_domain == "ventil.example.org"
    assert kinds() == [("membership_verified", person.email)]
    assert changes(membership) == ["verified"]


def test_a_public_mail_providers_domain_is_not_learnt_and_a_known_one_stays(now):
    company = make_company(now)
    make_booker(company, now, email="somebody@gmail.com")
    company.refresh_from_db()
    assert company.email_domain == ""
    make_booker(company, now, email="a@ventil.example.org")
    make_booker(company, now, email="b@konsult.example.org")
    company.refresh_from_db()
    assert company.email_domain == "ventil.example.org"


def test_nobody_vouches_for_themselves(now):
    company, staff = make_company(now), make_user(role=Role.COORDINATOR)
    membership = memberships.ask_to_book(company=company, person=staff, now=now)
    assert not can(staff, "enrollment.verify", membership)
    with pytest.raises(memberships.NotYours):
        memberships.verify(membership=membership, by=staff, now=now)


def test_who_signs_for_a_company_is_verified_by_staff_alone(now):
    company = make_company(now)
    booker, staff = make_booker(company, now), make_user(role=Role.COORDINATOR)
    signatory = CompanyMembership.objects.create(
        company=company, user=make_user(), role=CompanyMembership.Role.SIGNATORY, asked_at=now
    )
    assert not can(booker, "enrollment.verify", signatory)
    with pytest.raises(memberships.NotYours):
        memberships.verify(membership=signatory, by=booker, now=now)
    assert memberships.verify(membership=signatory, by=staff, now=now)


def test_who_was_refused_stays_refused_by_booking_again(now):
    company, person = make_company(now), make_user()
    membership = memberships.ask_to_book(company=company, person=person, now=now)
    staff = make_user(role=Role.COORDINATOR)
    assert memberships.refuse(membership=membership, by=staff, now=now)
    assert not memberships.refuse(membership=membership, by=staff, now=now)
    memberships.ask_to_book(company=company, person=person, now=now + timedelta(days=3))
    assert not memberships.waiting().exists()
    assert kinds() == [("membership_refused", person.email)]


def test_who_left_and_books_again_is_asked_for_anew(now):
    company = make_company(now)
    person = make_booker(company, now)
    membership = CompanyMembership.objects.get(user=person)
    memberships.end(membership=membership, by=person, now=now)
    assert not memberships.acts_for(person, company, today=localdate(now))
    assert not visible(person, Company).exists()
    memberships.ask_to_book(company=company, person=person, now=now)
    assert list(memberships.waiting()) == [membership]
    assert not memberships.acts_for(person, company, today=localdate(now))


def test_an_invitation_counts_when_the_invited_has_accepted(now):
    company = make_company(now)
    booker = make_booker(company, now)
    membership = memberships.invite(
        company=company, email="Ny@Konsult.example.org", by=booker, now=now, first_name="Ny"
    )
    invited, today = membership.user, localdate(now)
    assert not memberships.acts_for(invited, company, today=today)
    assert not memberships.waiting().exists()
    with pytest.raises(memberships.NotYours):
        memberships.accept(membership=membership, by=booker, now=now)
    assert memberships.accept(membership=membership, by=invited, now=now)
    assert not memberships.accept(membership=membership, by=invited, now=now)
    assert memberships.acts_for(invited, company, today=today)
    membership.refresh_from_db()
    assert membership.verified_by == booker
    assert kinds()[1:] == [
        ("membership_invited", "ny@konsult.example.org"),
        ("membership_accepted", booker.email),
    ]
    assert changes(membership) == ["invited", "accepted"]


def test_the_same_invitation_again_is_one_mail_a_day(now):
    company = make_company(now)
    booker = make_booker(company, now)
    for _ in range(3):
        memberships.invite(company=company, email="ny@ventil.example.org", by=booker, now=now)
    assert [kind for kind, _to in kinds()].count("membership_invited") == 1


def test_only_who_acts_for_the_company_invites_and_never_a_signatory(now):
    company, other = make_company(now), make_company(now, *OTHER)
    stranger = make_booker(other, now)
    asking = make_user()
    memberships.ask_to_book(company=company, person=asking, now=now)
    for by in (stranger, asking, make_user(role=Role.COORDINATOR)):
        with pytest.raises(memberships.NotYours):
            memberships.invite(company=company, email="ny@ventil.example.org", by=by, now=now)
    with pytest.raises(memberships.NotYours):
        memberships.invite(
            company=company,
            email="ny@ventil.example.org",
            role=CompanyMembership.Role.SIGNATORY,
            by=make_booker(company, now),
            now=now,
        )
    assert not any(kind == "membership_invited" for kind, _to in kinds())


def test_an_invitation_ends_with_its_inviters_membership(now):
    company = make_company(now)
    booker = make_booker(company, now)
    membership = memberships.invite(
        company=company, email="ny@ventil.example.org", by=booker, now=now
    )
    memberships.end(membership=CompanyMembership.objects.get(user=booker), by=booker, now=now)
    with pytest.raises(memberships.InvitationEnded):
        memberships.accept(membership=membership, by=membership.user, now=now)


def test_an_invitation_that_was_taken_back_is_not_accepted(now):
    company = make_company(now)
    booker = make_booker(company, now)
    membership = memberships.invite(
        company=company, email="ny@ventil.example.org", by=booker, now=now
    )
    memberships.end(membership=membership, by=booker, now=now)
    with pytest.raises(memberships.InvitationEnded):
        memberships.accept(membership=membership, by=membership.user, now=now)


def test_a_membership_counts_through_its_last_day(now):
    company = make_company(now)
    person = make_booker(company, now)
    row, today = CompanyMembership.objects.filter(user=person), localdate(now)
    row.update(valid_to=today)
    assert memberships.acts_for(person, company, today=today)
    assert visible(person, Company).exists()
    row.update(valid_to=today - timedelta(days=1))
    assert not memberships.acts_for(person, company, today=today)
    assert not visible(person, Company).exists()


def test_an_employee_is_no_booker(now):
    company, person = make_company(now), make_user()
    CompanyMembership.objects.create(
        company=company, user=person, role=CompanyMembership.Role.EMPLOYEE, verified_at=now
    )
    group_booking.send(**group_form(run=make_open_run(now=now), now=now, people=[ANNA]))
    for model in (Company, Booking, Enrollment, WaitingEntry):
        assert not visible(person, model).exists()
    assert not can(person, "enrollment.verify")


def test_a_verified_booker_sees_the_companys_bookings_and_another_companys_none(now):
    booking = group_booking.send(**group_form(run=make_open_run(now=now), now=now, people=[ANNA]))
    colleague = make_booker(booking.company, now)
    other = make_booker(make_company(now, *OTHER), now)
    assert list(visible(colleague, Booking)) == [booking]
    assert list(visible(colleague, Enrollment)) == list(booking.enrollments.all())
    for model in (Booking, Enrollment, WaitingEntry):
        assert not visible(other, model).exists()


def test_a_promoters_staff_see_the_companies_that_booked_on_their_runs(now):
    home, away = make_promoter("hemma", region_code="20"), make_promoter("borta", region_code="21")
    booking = group_booking.send(
        **group_form(run=make_open_run(now=now, host=home), now=now, people=[ANNA])
    )
    ours, theirs = make_user(role=Role.PROMOTER), make_user(role=Role.PROMOTER)
    home.staff.add(ours)
    away.staff.add(theirs)
    membership = CompanyMembership.objects.get()
    assert list(visible(ours, Company)) == [booking.company]
    assert can(ours, "enrollment.verify", membership)
    assert not visible(theirs, Company).exists()
    assert not can(theirs, "enrollment.verify", membership)
    (line,) = worklist["bookers to verify"](ours, now)
    assert "Exempel Exempelsson" in line.title
    assert "4929004119" not in line.title + line.url
    assert list(worklist["bookers to verify"](theirs, now)) == []


def test_the_work_list_says_whether_the_address_is_the_companys(now):
    company = make_company(now)
    make_booker(company, now, email="a@ventil.example.org")
    for address in ("b@ventil.example.org", "c@konsult.example.org"):
        memberships.ask_to_book(company=company, person=make_user(email=address), now=now)
    lines = [i.title for i in worklist["bookers to verify"](make_user(role=Role.COORDINATOR), now)]
    assert "adressen är företagets" in lines[0]
    assert "adressen är inte företagets" in lines[1]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_mail_about_a_company_names_it_and_never_its_number(now, language):
    company = make_company(now)
    booker = make_booker(company, now, language=language)
    invited = memberships.invite(
        company=company, email="ny@ventil.example.org", by=booker, now=now, first_name="Ny"
    )
    memberships.accept(membership=invited, by=invited.user, now=now)
    memberships.end(membership=invited, by=booker, now=now)
    asking = memberships.ask_to_book(company=company, person=make_user(language=language), now=now)
    memberships.refuse(membership=asking, by=booker, now=now)
    mails = OutgoingMail.objects.filter(kind__startswith="membership")
    assert {mail.kind.removeprefix("membership_") for mail in mails} == {
        "verified",
        "invited",
        "accepted",
        "ended",
        "refused",
    }
    for mail in mails:
        assert company.name in mail.subject
        assert "\n" not in mail.subject
        assert "4929004119" not in mail.text + mail.html
        assert "492900-4119" not in mail.text + mail.html
        assert ("Hej" in mail.text) is (language == "sv")
    assert f"/{language}/company/" in mails.get(kind="membership_invited").text
