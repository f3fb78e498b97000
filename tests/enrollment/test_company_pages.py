import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from accounts.policy import visible
from accounts.roles import Role
from config.baseline import ensure_baseline
from enrollment import memberships, waiting
from enrollment.learning.models import ModuleProgress
from enrollment.models import CompanyMembership
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import (
    ANNA,
    MATS,
    OTHER,
    make_booker,
    make_company,
    make_group,
)
from tests.enrollment.factories import make_full_run, make_open_run
from tests.home.factories import make_municipality

pytestmark = pytest.mark.django_db

PAGE = "/sv/company/"


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_is_for_signed_in_people(client):
    assert "/sv/accounts/login/" in client.get(PAGE).url


def test_a_booker_sees_first_how_many_names_are_missing(client, now):
    booking = make_group(now, [ANNA, None, None])
    client.force_login(make_booker(booking.company, now))
    page = client.get(PAGE)
    said = words(page)
    assert "2 platser saknar namn" in said
    assert said.index("2 platser saknar namn") < said.index("Vem som går vad")
    assert "Anna Exempelsson" in said
    assert "Platserna hålls till" in said
    assert page.content.decode().count("<h1") == 1


def test_the_page_says_why_a_place_is_not_confirmed(client, now):
    booking = make_group(now, [ANNA], run=make_open_run(now=now, price_ore=100_000))
    client.force_login(make_booker(booking.company, now))
    assert "Betalningen saknas" in words(client.get(PAGE))


def test_an_unverified_booker_sees_own_bookings_and_no_colleague(client, now):
    theirs = make_group(now, [MATS])
    own = make_group(
        now, [ANNA], booker=type(ANNA)("ny@elsewhere.example.org", "Ny", "Exempelgren")
    )
    client.force_login(own.booked_by)
    said = words(client.get(PAGE))
    assert "inte godkänd som bokare än" in said
    assert "Anna Exempelsson" in said
    for hidden in ("Mats", theirs.booked_by.email, "492900-4119", "Arbetsställen"):
        assert hidden not in said


def test_what_a_booker_sees_has_no_needs_and_no_attendance(client, now):
    from enrollment import needs

    booking = make_group(now, [ANNA])
    needs.give(
        enrollment=booking.enrollments.get(), diet=["vegan"], access=[], consent=True, now=now
    )
    client.force_login(make_booker(booking.company, now))
    said = words(client.get(PAGE)).lower()
    assert "vegan" not in said


def test_a_company_of_another_is_nowhere(client, now):
    """D35: every address of company B's booking is a 404 for A's booker, and no mail leaves."""
    booking = make_group(now, [ANNA, None], company=OTHER)
    seat = booking.enrollments.exclude(person=None).get()
    run = make_full_run(now=now)
    entry = waiting.join(
        run=run,
        person=booking.booked_by,
        company=booking.company,
        language="sv",
        terms_accepted=True,
        now=now,
    )
    stranger = make_booker(make_company(now), now)
    membership = CompanyMembership.objects.get(company=booking.company)
    client.force_login(stranger)
    mails = OutgoingMail.objects.count()
    for address in (
        f"/sv/my/bookings/{booking.public_id}/",
        f"/sv/my/bookings/{booking.public_id}/people/",
        f"/sv/my/bookings/{booking.public_id}/pay/",
        f"/sv/my/bookings/{booking.public_id}/receipt/",
        f"/sv/my/enrolments/{seat.public_id}/cancel/",
        f"/sv/my/enrolments/{seat.public_id}/substitute/",
        f"/sv/my/enrolments/{seat.public_id}/move/",
        f"/sv/my/enrolments/{seat.public_id}/meetings.ics",
        f"/sv/my/waiting/{entry.public_id}/leave/",
        f"/sv/company/{booking.company_id}/invite/",
        f"/sv/company/{booking.company_id}/workplaces/",
        f"/sv/company/memberships/{membership.pk}/",
    ):
        for method in (client.get, client.post):
            assert method(address).status_code in (404, 405), address
    assert OutgoingMail.objects.count() == mails
    membership.refresh_from_db()
    assert membership.verified_at is None
    assert "Norrälvens" not in words(client.get(PAGE))


def test_what_was_valid_yesterday_is_a_404_today(client, now):
    booking = make_group(now, [ANNA])
    person = make_booker(booking.company, now)
    client.force_login(person)
    address = f"/sv/my/bookings/{booking.public_id}/"
    assert client.get(address).status_code == 200
    yesterday = localdate(now) - timedelta(days=1)
    CompanyMembership.objects.filter(user=person).update(valid_to=yesterday)
    assert client.get(address).status_code == 404
    assert client.get(f"/sv/company/{booking.company_id}/invite/").status_code == 404
    assert "Anna" not in words(client.get(PAGE))


def test_inviting_and_accepting_by_the_pages(client, now):
    company = make_company(now)
    client.force_login(make_booker(company, now))
    given = {"first_name": "Ny", "last_name": "Exempelgren", "email": "ny@ventil.example.org"}
    answer = client.post(f"/sv/company/{company.pk}/invite/", given, follow=True)
    assert "Inbjudan skickad till ny@ventil.example.org" in words(answer)
    membership = CompanyMembership.objects.get(user__email="ny@ventil.example.org")
    client.force_login(membership.user)
    assert "Du är inbjuden att boka för Exempel Ventil" in words(client.get(PAGE))
    client.post(f"/sv/company/memberships/{membership.pk}/", {"act": "accept"})
    assert memberships.acts_for(membership.user, company, today=localdate(now))
    assert "De som bokar för företaget" in words(client.get(PAGE))


def test_a_wrong_invitation_keeps_what_was_typed_and_sends_nothing(client, now):
    company = make_company(now)
    client.force_login(make_booker(company, now))
    mails = OutgoingMail.objects.count()
    page = client.post(
        f"/sv/company/{company.pk}/invite/", {"first_name": "Ny", "last_name": "", "email": "ny@"}
    )
    assert "<title>Fel:" in page.content.decode()
    assert 'value="Ny"' in page.content.decode()
    assert OutgoingMail.objects.count() == mails


def test_inviting_who_acts_for_the_company_already_is_told(client, now):
    company = make_company(now)
    booker = make_booker(company, now)
    client.force_login(booker)
    given = {"first_name": "Ny", "last_name": "Exempelgren", "email": booker.email}
    page = client.post(f"/sv/company/{company.pk}/invite/", given)
    assert page.status_code == 409
    assert "Personen bokar redan för företaget" in words(page)


def test_a_booker_approves_a_colleague_who_booked(client, now):
    booking = make_group(now, [ANNA])
    asking = CompanyMembership.objects.get()
    client.force_login(make_booker(booking.company, now))
    assert "Örjan Exempelkvist har bokat för företaget" in words(client.get(PAGE))
    client.post(f"/sv/company/memberships/{asking.pk}/", {"act": "verify"})
    assert memberships.acts_for(booking.booked_by, booking.company, today=localdate(now))


def test_who_is_not_verified_verifies_nobody(client, now):
    booking = make_group(now, [ANNA])
    membership = CompanyMembership.objects.get()
    client.force_login(booking.booked_by)
    for act in ("verify", "accept", "refuse", "nonsense", ""):
        answer = client.post(f"/sv/company/memberships/{membership.pk}/", {"act": act})
        assert answer.status_code == (302 if act == "accept" else 404), act
    membership.refresh_from_db()
    assert (membership.verified_at, membership.valid_to) == (None, None)


def test_a_workplace_is_added_once(client, now):
    company = make_company(now)
    client.force_login(make_booker(company, now))
    given = {"name": "Verkstaden", "municipality": make_municipality("21").pk}
    for _ in range(2):
        client.post(f"/sv/company/{company.pk}/workplaces/", given)
    workplace = company.workplaces.get()
    assert workplace.municipality.region.code == "21"
    assert "Verkstaden, Sandviken" in words(client.get(PAGE))


def test_the_page_costs_the_same_for_one_booking_and_for_many(client, now):
    first = make_group(now, [ANNA, None], run=make_open_run(now=now, price_ore=10_000))
    client.force_login(make_booker(first.company, now))

    def cost() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    one = cost()
    for number in range(3):
        named = type(ANNA)(f"p{number}@ventil.example.org", "Per", "Exempelås")
        make_group(now, [named, None], run=make_open_run(now=now, price_ore=10_000))
        memberships.ask_to_book(company=first.company, person=make_user(), now=now)
    assert cost() == one


def test_the_link_stands_in_the_frame_for_those_with_a_company_only(client, now):
    client.force_login(make_user())
    assert PAGE not in client.get("/sv/my/").content.decode()
    client.force_login(make_booker(make_company(now), now))
    assert f'href="{PAGE}"' in client.get("/sv/my/").content.decode()


def test_a_sole_traders_number_is_on_no_page_and_in_no_mail(client, now):
    ensure_baseline()
    booking = make_group(now, [ANNA], company=("Exempelsvets", "850709-9805"))
    booker = make_booker(booking.company, now)
    pages = []
    for person in (booker, make_user(role=Role.PROMOTER)):
        if person is not booker:
            booking.run.host.staff.add(person)
        client.force_login(person)
        addresses = (
            PAGE,
            f"/sv/my/bookings/{booking.public_id}/",
            "/admin/companies/",
            f"/admin/companies/inspect/{booking.company_id}/",
            "/admin/bookings/",
            f"/admin/bookings/inspect/{booking.pk}/",
        )
        pages += [client.get(address).content.decode() for address in addresses]
    pages += list(OutgoingMail.objects.values_list("text", flat=True))
    for text in pages:
        assert "8507099805" not in text
        assert "850709-9805" not in text
    client.force_login(make_user(role=Role.COORDINATOR))
    page = client.get(f"/admin/companies/inspect/{booking.company_id}/").content.decode()
    assert "850709-9805" in page


def test_staff_approve_and_describe_in_the_admin(client, now):
    ensure_baseline()
    booking = make_group(now, [ANNA])
    membership = CompanyMembership.objects.get()
    client.force_login(make_user(role=Role.COORDINATOR))
    company = booking.company
    assert company.name in client.get("/admin/companies/").content.decode().replace("&amp;", "&")
    page = client.get(f"/admin/companies/inspect/{company.pk}/")
    assert 'value="verify"' in page.content.decode()
    client.post(f"/admin/companies/memberships/{membership.pk}/", {"act": "verify"})
    given = {"email_domain": "ventil.example.org", "size": "small"}
    client.post(f"/admin/companies/{company.pk}/describe/", given)
    company.refresh_from_db()
    assert memberships.acts_for(booking.booked_by, company, today=localdate(now))
    assert (company.email_domain, company.size) == ("ventil.example.org", "small")
    for wrong in ({"email_domain": "gmail.com", "size": ""}, {"email_domain": "", "size": "huge"}):
        refused = client.post(f"/admin/companies/{company.pk}/describe/", wrong)
        assert "problem" in refused.text and refused.text.count("_error") >= 1
        assert wrong["email_domain"] in refused.text, "what was typed is kept"
    company.refresh_from_db()
    assert (company.email_domain, company.size) == ("ventil.example.org", "small")


def test_another_promoters_staff_decide_nothing(client, now):
    ensure_baseline()
    booking = make_group(now, [ANNA])
    membership = CompanyMembership.objects.get()
    client.force_login(make_user(role=Role.PROMOTER))
    for address in (
        f"/admin/companies/memberships/{membership.pk}/",
        f"/admin/companies/{booking.company_id}/describe/",
    ):
        assert client.post(address, {"act": "verify"}).status_code == 404
    page = client.get(f"/admin/companies/inspect/{booking.company_id}/")
    assert page.status_code in (302, 403, 404)
    membership.refresh_from_db()
    assert membership.verified_at is None


def test_a_sole_traders_number_is_not_in_a_colleagues_form(client, now):
    booking = make_group(now, [ANNA], company=("Exempelsvets", "850709-9805"))
    client.force_login(make_booker(booking.company, now))
    page = client.get(f"/sv/runs/{make_open_run(now=now).code}/book/company/")
    assert page.status_code == 200
    assert "850709" not in page.content.decode()


def test_a_booker_sees_no_colleagues_progress(now):
    booking = make_group(now, [ANNA])
    seat = booking.enrollments.get()
    module = seat.run.course.modules.first()
    row = ModuleProgress.objects.create(enrollment=seat, module=module, opened_at=now)
    assert list(visible(seat.person, ModuleProgress)) == [row]
    for person in (booking.booked_by, make_booker(booking.company, now)):
        assert not visible(person, ModuleProgress).exists()


def test_a_verified_booker_names_hands_over_and_cancels_what_a_colleague_booked(client, now):
    booking = make_group(now, [ANNA, None])
    seat = booking.enrollments.exclude(person=None).get()
    addresses = [
        f"/sv/my/bookings/{booking.public_id}/",
        f"/sv/my/bookings/{booking.public_id}/people/",
        f"/sv/my/enrolments/{seat.public_id}/substitute/",
        f"/sv/my/enrolments/{seat.public_id}/move/",
        f"/sv/my/enrolments/{seat.public_id}/cancel/",
    ]
    employee = make_user()
    CompanyMembership.objects.create(
        company=booking.company,
        user=employee,
        role=CompanyMembership.Role.EMPLOYEE,
        verified_at=now,
    )
    client.force_login(employee)
    assert {client.get(address).status_code for address in addresses} == {404}
    client.force_login(make_booker(booking.company, now))
    assert {client.get(address).status_code for address in addresses} == {200}


def test_an_unverified_booker_who_was_named_does_not_see_the_colleagues_booking(client, now):
    own = make_group(now, [None], booker=type(ANNA)("ny@elsewhere.example.org", "Ny", "Exempelås"))
    named = type(ANNA)(own.booked_by.email, "Ny", "Exempelås")
    theirs = make_group(now, [named, MATS])
    client.force_login(own.booked_by)
    (page,) = client.get(PAGE).context["pages"]
    assert page.bookings == [own]
    assert page.coming[0].named == []
    assert str(theirs.booked_by) not in words(client.get(PAGE))
