"""Signing in through an OpenID Connect provider that answers over real HTTP."""

from urllib.parse import urlsplit

import pytest
import requests
from oidc_provider_mock import User as ProviderUser
from oidc_provider_mock import run_server_in_thread

from accounts.models import User
from tests.accounts.factories import make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
LOGIN = "/sv/accounts/oidc/exempel/login/"


@pytest.fixture
def provider(settings, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    claims = {
        "known": {"email": "elin@example.org", "email_verified": True},
        "unverified": {"email": "elin@example.org", "email_verified": False},
        "stranger": {"email": "ingen@example.org", "email_verified": True},
    }
    users = [ProviderUser(sub=sub, claims=values) for sub, values in claims.items()]
    with run_server_in_thread(user_claims=users) as server:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "exempel",
                        "name": "Exempelleverantören",
                        "client_id": "focus",
                        "secret": "hemligt",
                        "settings": {"server_url": f"http://localhost:{server.server_port}"},
                    }
                ]
            }
        }
        yield server


def sign_in(client, sub: str):
    """Our button, the provider's page, and back; returns the answer of our callback."""
    there = client.post(LOGIN)
    assert there.status_code == 302
    back = requests.post(there["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    target = urlsplit(back.headers["Location"])
    return client.get(f"{target.path}?{target.query}")


def test_the_sign_in_page_offers_the_provider(client, provider):
    assert "Exempelleverantören" in client.get("/sv/accounts/login/").text


def test_a_verified_address_opens_its_account(client, provider):
    person = make_user(email="elin@example.org")
    response = sign_in(client, "known")
    assert (response.status_code, response["Location"]) == (302, "/sv/my/")
    assert client.session["_auth_user_id"] == str(person.pk)
    person.refresh_from_db()
    assert person.claimed_at


@pytest.mark.parametrize("sub", ["unverified", "stranger"])
def test_a_provider_makes_no_account_and_opens_none_unproven(client, provider, sub):
    make_user(email="elin@example.org")
    response = sign_in(client, sub)
    assert response.status_code < 500
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1
