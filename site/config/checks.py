"""System checks: what must be right before the house opens. Each names the variable and the remedy."""

import os
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from . import pango

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


def _in_earnest() -> bool:
    return not (settings.DEBUG or settings.DEMO or settings.TESTING)


def _when(wrong: object, number: str, words: str, *, hint: str) -> list[CheckMessage]:
    """The message when something is wrong, else nothing; "W" in front of the number is a warning."""
    kind = Caution if number.startswith("W") else Error
    return [kind(words, hint=hint, id=f"config.{number}")] if wrong else []


def _is_live_key(key: str) -> bool:
    return re.match(r"(sk|rk)_live_", key) is not None


@register(Tags.database)
def sqlite_options(app_configs, **kwargs) -> list[CheckMessage]:
    """Measured: only IMMEDIATE, WAL and a timeout together never oversell and never say "locked"."""
    found = []
    for alias, database in settings.DATABASES.items():
        if not database["ENGINE"].endswith("sqlite3"):
            continue
        options, name = database.get("OPTIONS", {}), f"DATABASES[{alias!r}]"
        command = str(options.get("init_command", "")).replace(" ", "").lower()
        found += [
            *_when(
                str(options.get("transaction_mode", "")).upper() != "IMMEDIATE",
                "E001",
                f"{name}: SQLite without IMMEDIATE transactions oversells places.",
                hint='OPTIONS = {"transaction_mode": "IMMEDIATE"}',
            ),
            *_when(
                "journal_mode=wal" not in command,
                "E002",
                f"{name}: SQLite without WAL lets readers wait for writers.",
                hint='OPTIONS = {"init_command": "PRAGMA journal_mode=WAL; …"}',
            ),
            *_when(
                float(options.get("timeout", 5)) < 10,
                "E003",
                f'{name}: SQLite needs patience, or people read "locked".',
                hint='OPTIONS = {"timeout": 20}',
            ),
        ]
    return found


@register(Tags.security)
def environment(app_configs, **kwargs) -> list[CheckMessage]:
    """Missing or nonsensical variables in production, by name."""
    if not _in_earnest():
        return []
    key, address = settings.SECRET_KEY, urlsplit(os.environ.get("SITE_URL", ""))
    is_public = address.scheme == "https" and (address.hostname or "localhost") not in LOCAL_HOSTS
    return [
        *_when(
            len(key) < 50 or len(set(key)) < 5 or key.startswith(("insecure", "django-insecure")),
            "E010",
            "SECRET_KEY is missing, short or an example.",
            hint="50 random characters or more: python3 -c 'import secrets; "
            "print(secrets.token_urlsafe(60))'",
        ),
        *_when(
            not is_public,
            "E011",
            "SITE_URL must be the public https address of the site.",
            hint="SITE_URL=https://kurser.example.org",
        ),
        *_when(
            is_public and (address.path not in ("", "/") or address.query or address.username),
            "E012",
            "SITE_URL must be scheme and host only.",
            hint=f"SITE_URL=https://{address.hostname}",
        ),
        *_when(
            not os.environ.get("DATABASE_URL"),
            "E013",
            "DATABASE_URL is missing.",
            hint="DATABASE_URL=postgres://user:password@host/name (or sqlite:////path/file)",
        ),
        *_when(
            not os.environ.get("EMAIL_URL"),
            "E014",
            "EMAIL_URL is missing: mails would become files.",
            hint="EMAIL_URL=submission://user:password@host:587",
        ),
        *_when(
            not settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER,
            "E018",
            "TRUSTED_CLIENT_IP_HEADER is missing: behind the proxy that ends TLS all callers would"
            " share one rate limit.",
            hint="TRUSTED_CLIENT_IP_HEADER=Fly-Client-IP",
        ),
        *_payments(),
    ]


def _payments() -> list[CheckMessage]:
    return [
        *_when(
            not re.match(r"(sk|rk)_(live|test)_\w{8,}$", settings.STRIPE_SECRET_KEY),
            "E015",
            "STRIPE_SECRET_KEY is missing or no key of Stripe's.",
            hint="STRIPE_SECRET_KEY=sk_live_… or a restricted key rk_live_…",
        ),
        *_when(
            not settings.STRIPE_WEBHOOK_SECRET.startswith("whsec_"),
            "E016",
            "STRIPE_WEBHOOK_SECRET is missing or no signing secret of Stripe's.",
            hint="STRIPE_WEBHOOK_SECRET=whsec_…, shown beside the webhook endpoint",
        ),
        *_when(
            not settings.STRIPE_API_BASE.startswith("https://"),
            "E017",
            "STRIPE_API_BASE is not https.",
            hint="leave it unset in production",
        ),
    ]


@register(Tags.caches)
def shared_cache(app_configs, **kwargs) -> list[CheckMessage]:
    """Rate limits live in the cache; one that each process has for itself counts nothing."""
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    return _when(
        backend in ("LocMemCache", "DummyCache") and not settings.TESTING,
        "E020",
        f"CACHES uses {backend}: rate limits would count per process or not at all.",
        hint="CACHE_URL=redis://… , or leave it unset for the database's or the file cache",
    )


@register()
def demo_never_live(app_configs, **kwargs) -> list[CheckMessage]:
    """The demo hands out sign-in addresses; it must not be able to move money."""
    return _when(
        settings.DEMO and _is_live_key(settings.STRIPE_SECRET_KEY),
        "E030",
        "DEMO=1 with a live STRIPE_SECRET_KEY.",
        hint="unset DEMO, or use a test key",
    )


@register()
def fault_hooks(app_configs, **kwargs) -> list[CheckMessage]:
    return _when(
        os.environ.get("FAULT") and not settings.TESTING,
        "E031",
        "FAULT is set: fault hooks belong to tests only.",
        hint="unset FAULT",
    )


@register()
def payments_on_sqlite(app_configs, **kwargs) -> list[CheckMessage]:
    return _when(
        settings.SQLITE and _is_live_key(settings.STRIPE_SECRET_KEY),
        "W032",
        "Live payments on SQLite: one machine only, and back it up continuously.",
        hint="DATABASE_URL=postgres://…",
    )


@register()
def pdf_library(app_configs, **kwargs) -> list[CheckMessage]:
    reason = pango.missing()
    return _when(
        reason,
        "E040" if _in_earnest() else "W040",
        f"PDF cannot be made, Pango is missing: {reason}",
        hint=pango.COMMAND,
    )
