"""System checks: what must be right before the house opens. Each names the variable and the remedy."""

import os
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution

from . import pango

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


def _in_earnest() -> bool:
    return not (settings.DEBUG or settings.DEMO or settings.TESTING)


@register(Tags.database)
def sqlite_options(app_configs, **kwargs) -> list[Error]:
    """Measured: only IMMEDIATE, WAL and a timeout together never oversell and never say "locked"."""
    found = []
    for alias, database in settings.DATABASES.items():
        if not database["ENGINE"].endswith("sqlite3"):
            continue
        options = database.get("OPTIONS", {})
        if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
            found.append(
                Error(
                    f"DATABASES[{alias!r}]: SQLite without IMMEDIATE transactions oversells places.",
                    hint='OPTIONS = {"transaction_mode": "IMMEDIATE"}',
                    id="config.E001",
                )
            )
        command = str(options.get("init_command", "")).replace(" ", "").lower()
        if "journal_mode=wal" not in command:
            found.append(
                Error(
                    f"DATABASES[{alias!r}]: SQLite without WAL lets readers wait for writers.",
                    hint='OPTIONS = {"init_command": "PRAGMA journal_mode=WAL; …"}',
                    id="config.E002",
                )
            )
        if float(options.get("timeout", 5)) < 10:
            found.append(
                Error(
                    f'DATABASES[{alias!r}]: SQLite needs patience, or people read "locked".',
                    hint='OPTIONS = {"timeout": 20}',
                    id="config.E003",
                )
            )
    return found


@register(Tags.security)
def environment(app_configs, **kwargs) -> list[Error]:
    """Missing or nonsensical variables in production, by name."""
    if not _in_earnest():
        return []
    found = []
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 5 or key.startswith(("insecure", "django-insecure")):
        found.append(
            Error(
                "SECRET_KEY is missing, short or an example.",
                hint="50 random characters or more: python3 -c 'import secrets; "
                "print(secrets.token_urlsafe(60))'",
                id="config.E010",
            )
        )
    address = urlsplit(os.environ.get("SITE_URL", ""))
    if address.scheme != "https" or not address.hostname or address.hostname in LOCAL_HOSTS:
        found.append(
            Error(
                "SITE_URL must be the public https address of the site.",
                hint="SITE_URL=https://kurser.example.org",
                id="config.E011",
            )
        )
    elif address.path not in ("", "/") or address.query or address.username:
        found.append(
            Error(
                "SITE_URL must be scheme and host only.",
                hint=f"SITE_URL=https://{address.hostname}",
                id="config.E012",
            )
        )
    if not os.environ.get("DATABASE_URL"):
        found.append(
            Error(
                "DATABASE_URL is missing.",
                hint="DATABASE_URL=postgres://user:password@host/name (or sqlite:////path/file)",
                id="config.E013",
            )
        )
    if not os.environ.get("EMAIL_URL"):
        found.append(
            Error(
                "EMAIL_URL is missing: mails would become files.",
                hint="EMAIL_URL=submission://user:password@host:587",
                id="config.E014",
            )
        )
    if not settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER:
        found.append(
            Error(
                "TRUSTED_CLIENT_IP_HEADER is missing: behind the proxy that ends TLS all callers would"
                " share one rate limit.",
                hint="TRUSTED_CLIENT_IP_HEADER=Fly-Client-IP",
                id="config.E018",
            )
        )
    found += _payments()
    return found


def _payments() -> list[Error]:
    key, secret = settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET
    found = []
    if not re.match(r"(sk|rk)_(live|test)_\w{8,}$", key):
        found.append(
            Error(
                "STRIPE_SECRET_KEY is missing or no key of Stripe's.",
                hint="STRIPE_SECRET_KEY=sk_live_… or a restricted key rk_live_…",
                id="config.E015",
            )
        )
    if not secret.startswith("whsec_"):
        found.append(
            Error(
                "STRIPE_WEBHOOK_SECRET is missing or no signing secret of Stripe's.",
                hint="STRIPE_WEBHOOK_SECRET=whsec_…, shown beside the webhook endpoint",
                id="config.E016",
            )
        )
    if not settings.STRIPE_API_BASE.startswith("https://"):
        found.append(
            Error(
                "STRIPE_API_BASE is not https.",
                hint="leave it unset in production",
                id="config.E017",
            )
        )
    return found


@register(Tags.caches)
def shared_cache(app_configs, **kwargs) -> list[Error]:
    """Rate limits live in the cache; one that each process has for itself counts nothing."""
    backend = settings.CACHES["default"]["BACKEND"]
    if settings.TESTING or not backend.endswith(("LocMemCache", "DummyCache")):
        return []
    return [
        Error(
            f"CACHES uses {backend.rpartition('.')[2]}: rate limits would count per process or not at all.",
            hint="CACHE_URL=redis://… , or leave it unset for the database's or the file cache",
            id="config.E020",
        )
    ]


@register()
def demo_never_live(app_configs, **kwargs) -> list[Error]:
    """The demo hands out sign-in addresses; it must not be able to move money."""
    if settings.DEMO and re.match(r"(sk|rk)_live_", settings.STRIPE_SECRET_KEY):
        return [
            Error(
                "DEMO=1 with a live STRIPE_SECRET_KEY.",
                hint="unset DEMO, or use a test key",
                id="config.E030",
            )
        ]
    return []


@register()
def fault_hooks(app_configs, **kwargs) -> list[Error]:
    if os.environ.get("FAULT") and not settings.TESTING:
        return [
            Error(
                "FAULT is set: fault hooks belong to tests only.",
                hint="unset FAULT",
                id="config.E031",
            )
        ]
    return []


@register()
def payments_on_sqlite(app_configs, **kwargs) -> list[Caution]:
    if settings.SQLITE and re.match(r"(sk|rk)_live_", settings.STRIPE_SECRET_KEY):
        return [
            Caution(
                "Live payments on SQLite: one machine only, and back it up continuously.",
                hint="DATABASE_URL=postgres://…",
                id="config.W032",
            )
        ]
    return []


@register()
def pdf_library(app_configs, **kwargs) -> list[Error | Caution]:
    reason = pango.missing()
    if not reason:
        return []
    kind = Error if _in_earnest() else Caution
    return [
        kind(
            f"PDF cannot be made, Pango is missing: {reason}",
            hint=pango.COMMAND,
            id="config.E040" if kind is Error else "config.W040",
        )
    ]
