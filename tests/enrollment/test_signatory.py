"""Who signs for a company: staff note it, until a day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.roles import Role
from config.baseline import ensure_baseline
from enrollment import group_booking, memberships
from enrollment.models import CompanyMembership
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import ANNA, make_company, make_group
from tests.enrollment.factories import group_form, make_open_run

pytestmark = pytest.mark.django_db


def record(company, by, now, **fields) -> CompanyMembership:
    given = {
        "email": "vd@ventil.example.org",
        "first_name": "Vera",
        "last_name": "Exempelvd",
        "until": None,
    }
    return memberships.record_signatory(company=company, by=by, now=now, **(given | fields))


def test_a_signatory_acts_for_the_company_until_the_day(now):
    company, staff = make_company(now), make_user(role=Role.COORDINATOR)
    until = localdate(now) + timedelta(days=30)
    for _twice in range(2):
        membership = record(company, staff, now, until=until)
    assert (membership.role, membership.verified_by) == ("signatory", staff)
    for day, acts in ((until, True), (until + timedelta(days=1), False)):
        assert memberships.acts_for(membership.user, company, today=day) is acts
    mail = OutgoingMail.objects.get(kind="membership_verified")
    assert mail.to_address == "vd@ventil.example.org" and "firmatecknare" in mail.text
    longer = record(company, staff, now, until=None)
    assert longer.pk == membership.pk and longer.valid_to is None


def test_nobody_records_themselves_or_the_past(now):
    company, staff = make_company(now), make_user(role=Role.COORDINATOR)
    with pytest.raises(memberships.NotYours):
        record(company, staff, now, email=staff.email)
    with pytest.raises(memberships.InThePast):
        record(company, staff, now, until=localdate(now) - timedelta(days=1))
    assert not CompanyMembership.objects.exists()


def test_staff_add_and_end_a_signatory(client, now):
    ensure_baseline()
    company = make_group(now, [ANNA]).company
    client.force_login(make_user(role=Role.COORDINATOR))
    address = reverse("companies:signatory", args=[company.pk])
    shown = reverse("companies:inspect", args=[company.pk])
    assert address in client.get(shown).text
    given = {"first_name": "Vera", "last_name": "www.example.org", "email": "vd", "until": "igår"}
    refused = client.post(address, given)
    assert 'value="Vera"' in refused.text and refused.text.count('href="#signatory-') == 3
    past = given | {"last_name": "Exempelvd", "email": "vd@ventil.example.org"}
    assert "inte har varit" in client.post(address, past | {"until": "2020-01-01"}).text
    until = localdate(now) + timedelta(days=9)
    assert client.post(address, past | {"until": until.isoformat()}).status_code == 302
    membership = CompanyMembership.objects.get(role="signatory")
    page = client.get(shown).text
    assert 'value="end"' in page and "Avsluta för Vera Exempelvd" in page
    client.post(reverse("companies:decide", args=[membership.pk]), {"act": "end"})
    membership.refresh_from_db()
    assert membership.valid_to < localdate(now)
    assert "Godkänn Vera" not in client.get(shown).text, "a new signatory is recorded instead"


def test_staff_of_others_add_no_signatory(client, now):
    ensure_baseline()
    run = make_open_run(now=now)
    company = group_booking.send(**group_form(run=run, now=now, people=[ANNA])).company
    address = reverse("companies:signatory", args=[company.pk])
    # Wagtail sends those who may be in the admin to its first page.
    for role, status in ((Role.PROMOTER, 404), (Role.LEADER, 403), (Role.COMMUNICATOR, 302)):
        client.force_login(make_user(role=role))
        assert client.get(address).status_code == client.post(address).status_code == status
