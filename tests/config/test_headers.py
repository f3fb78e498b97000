import importlib
import sys

import pytest
from django.urls import reverse


@pytest.fixture
def answer(client, db):
    return client.get(reverse("account_login"))


def test_headers_of_a_public_page(answer):
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer


def test_https_answers_carry_hsts(client, db, settings):
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    response = client.get(reverse("account_login"), secure=True)
    assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


@pytest.fixture
def load_settings(monkeypatch, tmp_path):
    """The settings file as another environment reads it."""

    def load(**variables):
        for name in ("DEMO", "DEBUG", "SITE_URL", "DATABASE_URL", "EMAIL_URL", "PORT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delitem(sys.modules, "config.settings", raising=False)
        return importlib.import_module("config.settings")

    before = sys.modules.get("config.settings")
    yield load
    if before:
        sys.modules["config.settings"] = before
        sys.modules["config"].settings = before


def test_https_site_has_host_cookies_and_redirects(load_settings):
    values = load_settings(SITE_URL="https://kurser.example.org", SECRET_KEY="x" * 60)
    assert values.SESSION_COOKIE_NAME.startswith("__Host-")
    assert values.CSRF_COOKIE_NAME.startswith("__Host-")
    assert values.SESSION_COOKIE_SECURE and values.CSRF_COOKIE_SECURE
    assert values.SESSION_COOKIE_HTTPONLY and values.SESSION_COOKIE_SAMESITE == "Lax"
    assert values.SECURE_SSL_REDIRECT and values.SECURE_HSTS_SECONDS >= 31536000
    assert values.ALLOWED_HOSTS == ["kurser.example.org"]
    assert not values.DEBUG


def test_plain_http_demo_has_plain_cookies(load_settings):
    values = load_settings(DEMO="1", PORT="8123")
    assert values.SITE_URL == "http://localhost:8123"
    assert values.SESSION_COOKIE_NAME == "session"
    assert not values.SESSION_COOKIE_SECURE and not values.SECURE_SSL_REDIRECT
    assert "localhost" in values.ALLOWED_HOSTS


def test_without_a_demo_there_is_no_default_key(load_settings):
    assert load_settings(SITE_URL="https://kurser.example.org").SECRET_KEY == ""


def test_foreign_host_is_refused(client, db):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
