"""Adding and changing colleagues in Wagtail's own pages; their second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role, has_role
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def form(**fields):
    return {"email": "ny@example.org", "first_name": "Ny", "last_name": "Kollega", **fields}


def test_an_administrator_adds_a_colleague_who_needs_no_password(client):
    client.force_login(make_user(role=Role.ADMIN))
    group = Group.objects.get_or_create(name=str(Role.COMMUNICATOR))[0]
    assert 'name="language"' in client.get("/admin/users/new/").text
    response = client.post("/admin/users/new/", form(groups=[group.pk], language="sv"))
    assert response.status_code == 302, response.context["form"].errors
    made = User.objects.get(email="ny@example.org")
    assert has_role(made, Role.COMMUNICATOR)
    assert not made.has_usable_password()


def test_an_address_is_taken_whatever_the_letter_case(client):
    client.force_login(make_user(role=Role.ADMIN))
    make_user(email="ny@example.org")
    response = client.post("/admin/users/new/", form(email="NY@Example.org", language="sv"))
    assert response.status_code == 200
    assert User.objects.filter(email__iexact="ny@example.org").count() == 1


def test_an_administrator_deactivates_a_colleague(client):
    client.force_login(make_user(role=Role.ADMIN))
    colleague = make_user(role=Role.COMMUNICATOR)
    page = f"/admin/users/edit/{colleague.pk}/"
    assert 'name="language"' in client.get(page).text
    fields = form(email="Annan@example.org", language="sv")
    response = client.post(page, fields)
    assert response.status_code == 302, response.context["form"].errors
    colleague.refresh_from_db()
    assert (colleague.email, colleague.is_active) == ("annan@example.org", False)


@pytest.mark.parametrize(
    ("role", "leads_to"), [(Role.COORDINATOR, "/admin/"), (Role.LEADER, "/sv/lead/")]
)
def test_staff_without_a_second_factor_are_told_what_to_do(client, settings, role, leads_to):
    settings.STAFF_MFA_REQUIRED = True
    colleague = make_user(role=role)
    client.force_login(colleague)
    response = client.get(leads_to, follow=True)
    assert response.redirect_chain[0][0] == "/sv/accounts/safe-log-in/"
    assert response.status_code == 403
    assert "/sv/accounts/2fa/webauthn/add/" in response.text
    assert client.get("/sv/accounts/2fa/").status_code == 200
    Authenticator.objects.create(user=colleague, type=Authenticator.Type.TOTP, data={})
    response = client.get(leads_to)
    assert response.status_code == 200 or "safe-log-in" not in response["Location"]


def test_participants_need_no_second_factor(client, settings):
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(make_user())
    assert client.get("/sv/my/").status_code == 200


def test_a_role_taken_away_counts_from_the_next_request(client):
    from accounts.roles import revoke_role

    colleague = make_user(role=Role.LEADER)
    client.force_login(colleague)
    assert client.get("/sv/lead/").status_code == 200
    revoke_role(user=colleague, role=Role.LEADER)
    assert client.get("/sv/lead/").status_code == 403
