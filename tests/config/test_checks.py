import pytest

from config import checks, pango

GOOD = {
    "SITE_URL": "https://kurser.example.org",
    "DATABASE_URL": "postgres://app@db/app",
    "EMAIL_URL": "smtp://mail.example.org",
}


@pytest.fixture
def production(settings, monkeypatch):
    settings.DEMO = settings.DEBUG = settings.TESTING = False
    settings.SECRET_KEY = "".join(chr(33 + n) for n in range(60))
    settings.STRIPE_SECRET_KEY = "sk_live_" + "a" * 24
    settings.STRIPE_WEBHOOK_SECRET = "whsec_" + "a" * 24
    settings.STRIPE_API_BASE = "https://api.stripe.com"
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "Fly-Client-IP"
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return settings


def test_rate_limits_need_to_know_whose_address_it_is(production):
    production.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = None
    found = checks.environment(None)
    assert ids(found) == ["config.E018"]
    assert "TRUSTED_CLIENT_IP_HEADER" in found[0].msg


def ids(found) -> list[str]:
    return [message.id for message in found]


def test_good_production_environment_passes(production):
    assert checks.environment(None) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SITE_URL", "", "config.E011"),
        ("SITE_URL", "http://kurser.example.org", "config.E011"),
        ("SITE_URL", "https://localhost", "config.E011"),
        ("SITE_URL", "https://kurser.example.org/under", "config.E012"),
        ("DATABASE_URL", "", "config.E013"),
        ("EMAIL_URL", "", "config.E014"),
    ],
)
def test_missing_or_nonsensical_variable_is_named(production, monkeypatch, name, value, expected):
    monkeypatch.setenv(name, value)
    found = checks.environment(None)
    assert ids(found) == [expected]
    assert name in found[0].msg


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "short", "config.E010"),
        ("SECRET_KEY", "a" * 60, "config.E010"),
        ("SECRET_KEY", "insecure-demo-key-" * 4, "config.E010"),
        ("STRIPE_SECRET_KEY", "pk_live_aaaaaaaaaaaa", "config.E015"),
        ("STRIPE_WEBHOOK_SECRET", "", "config.E016"),
        ("STRIPE_API_BASE", "http://localhost:8001", "config.E017"),
    ],
)
def test_missing_or_nonsensical_setting_is_named(production, name, value, expected):
    setattr(production, name, value)
    found = checks.environment(None)
    assert ids(found) == [expected]
    assert name in found[0].msg


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["config.E001", "config.E002", "config.E003"]),
        (
            {
                "transaction_mode": "DEFERRED",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL",
            },
            ["config.E001"],
        ),
        (
            {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=DELETE",
            },
            ["config.E002"],
        ),
        (
            {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
            ["config.E003"],
        ),
    ],
)
def test_sqlite_without_its_three_options_is_refused(monkeypatch, settings, options, expected):
    database = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": options}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    assert ids(checks.sqlite_options(None)) == expected


def test_own_sqlite_settings_pass():
    assert checks.sqlite_options(None) == []


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_cache_of_one_process_is_refused(production, monkeypatch, backend):
    cache = {"BACKEND": f"django.core.cache.backends.{backend}"}
    monkeypatch.setitem(production.CACHES, "default", cache)
    assert ids(checks.shared_cache(None)) == ["config.E020"]


def test_demo_with_a_live_key_is_refused(settings):
    settings.STRIPE_SECRET_KEY = "sk_live_" + "a" * 24
    assert ids(checks.demo_never_live(None)) == ["config.E030"]


def test_live_payments_on_sqlite_are_warned_of(settings):
    settings.SQLITE, settings.STRIPE_SECRET_KEY = True, "rk_live_" + "a" * 24
    (found,) = checks.payments_on_sqlite(None)
    assert found.id == "config.W032" and not found.is_serious()
    settings.STRIPE_SECRET_KEY = "rk_test_" + "a" * 24
    assert checks.payments_on_sqlite(None) == []


def test_fault_hooks_are_refused_outside_tests(production, monkeypatch):
    monkeypatch.setenv("FAULT", "after_insert:kill")
    assert ids(checks.fault_hooks(None)) == ["config.E031"]


def test_missing_pango_is_an_error_with_its_command_in_production(production, monkeypatch):
    monkeypatch.setitem(pango.LIBRARIES, "linux", ("libnothere.so.7",))
    monkeypatch.setitem(pango.LIBRARIES, "darwin", ("libnothere.dylib",))
    (found,) = checks.pdf_library(None)
    assert found.id == "config.E040"
    assert "libnothere" in found.msg
    assert found.hint == pango.COMMAND
