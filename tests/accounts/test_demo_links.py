from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.demo_links import LIFETIME, make_link
from accounts.roles import Role
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "leads_to"),
    [
        (None, "/sv/my/"),
        (Role.LEADER, "/sv/lead/"),
        (Role.PROMOTER, "/admin/"),
        (Role.COORDINATOR, "/admin/"),
        (Role.COMMUNICATOR, "/admin/"),
        (Role.ADMIN, "/admin/"),
    ],
)
def test_link_signs_in_and_leads_to_the_first_page(client, now, role, leads_to):
    person = make_user(role=role)
    response = client.get(make_link(person, now))
    assert (response.status_code, response["Location"]) == (302, leads_to)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert response.cookies["language"].value == "sv"
    person.refresh_from_db()
    assert person.claimed_at


def test_link_works_once(client, now):
    link = make_link(make_user(), now)
    client.get(link)
    client.logout()
    assert "/accounts/login/" in client.get(link)["Location"]
    assert "_auth_user_id" not in client.session


def test_two_links_of_one_person_do_not_disturb_each_other(client, now):
    person = make_user()
    links = [make_link(person, now), make_link(person, now)]
    for link in links:
        assert client.get(link)["Location"] == "/sv/my/"


def test_link_ends_after_a_day(client, now):
    link = make_link(make_user(), now - LIFETIME - timedelta(seconds=1))
    assert "/accounts/login/" in client.get(link)["Location"]


def test_link_of_a_deactivated_person_is_refused(client, now):
    link = make_link(make_user(is_active=False), now)
    client.get(link)
    assert "_auth_user_id" not in client.session


def test_links_are_refused_outside_the_demo(client, now, settings):
    person = make_user()
    link = make_link(person, now)
    settings.DEMO = False
    assert client.get(link, follow=True).status_code == 404
    with pytest.raises(PermissionDenied):
        make_link(person, now)
