"""How often something may be done, counted in the cache that all processes share."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def allow(key: str, *, limit: int, seconds: int) -> bool:
    """False once `key` has been used more than `limit` times in the running window of `seconds`.

    Counts this use. Fixed windows: at most twice the limit can pass around a boundary.
    """
    window = int(time.time() // seconds)
    name = f"ratelimit:{key}:{window}"
    cache.add(name, 0, timeout=seconds + 5)
    try:
        return cache.incr(name) <= limit
    except ValueError:
        # The entry was evicted between the two calls.
        return True


def allow_caller(request: HttpRequest, act: str, *, limit: int, seconds: int) -> bool:
    """`allow` for one act of one caller, told apart by address. Counts this use."""
    return allow(f"{act}:{client_address(request)}", limit=limit, seconds=seconds)


def client_address(request: HttpRequest) -> str:
    """The caller's address: the hosting platform's header where one is trusted, else the peer. Behind a
    proxy without such a header all callers are one (config.E018 asks for it)."""
    header = settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER
    if header:
        return request.headers.get(header, "")
    return request.META.get("REMOTE_ADDR", "")
