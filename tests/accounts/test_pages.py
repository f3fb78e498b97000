"""The pages of allauth in our design: language, title, heading, forms, no password anywhere."""

import re

import pytest

from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db

SIGNED_IN = [
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "3rdparty/",
    "logout/",
]
VISITOR = ["login/", "inactive/", "3rdparty/login/cancelled/"]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", SIGNED_IN + VISITOR)
def test_a_page_is_ours(client, path, language):
    if path in SIGNED_IN:
        client.force_login(make_user(language=language))
    response = client.get(f"/{language}/accounts/{path}")
    assert response.status_code == 200
    page = response.text
    assert f'<html lang="{language}">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>\s*\S", page)
    assert 'class="skip"' in page
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page)
    assert 'type="password"' not in page


def test_a_script_of_the_passkey_button_passes_the_policy(client):
    response = client.get("/sv/accounts/login/")
    sources = response["Content-Security-Policy"]
    assert "script-src 'self'" in sources
    for source in re.findall(r"<script[^>]*src=\"([^\"]+)\"", response.text):
        assert source.startswith("/static/")
