"""System checks of this room: a register of companies that is asked must exist, and be asked in private."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

LOCAL = ("localhost", "127.0.0.1", "::1")


@register
def company_lookup(app_configs, **kwargs) -> list[CheckMessage]:
    """`COMPANY_LOOKUP` is a class with `find`; the one that asks over HTTP has an https address."""
    try:
        lookup = import_string(settings.COMPANY_LOOKUP)
    except (ImportError, ValueError):
        lookup = None
    if not callable(getattr(lookup, "find", None)):
        return [
            Error(
                f"COMPANY_LOOKUP names no register: {settings.COMPANY_LOOKUP!r}",
                hint="enrollment.lookup.NullLookup asks nobody.",
                id="enrollment.E001",
            )
        ]
    address = urlsplit(settings.COMPANY_LOOKUP_URL)
    private = address.scheme == "https" or address.hostname in LOCAL
    if settings.COMPANY_LOOKUP.endswith(".HttpLookup") and not (address.hostname and private):
        return [
            Error(
                "COMPANY_LOOKUP_URL must be an https address.",
                hint="Or leave COMPANY_LOOKUP out.",
                id="enrollment.E002",
            )
        ]
    return []
