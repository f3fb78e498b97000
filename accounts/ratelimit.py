"""How often something may be done, counted in the database that all processes share."""

import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .models import RateCount

COUNT = f"""
    INSERT INTO {RateCount._meta.db_table} AS known (key, ends, uses) VALUES (%s, %s, 1)
    ON CONFLICT (key) DO UPDATE SET
        uses = CASE WHEN known.ends = excluded.ends THEN known.uses + 1 ELSE 1 END,
        ends = excluded.ends
    RETURNING uses
"""  # noqa: S608 - the table's own name


def allow(key: str, *, limit: int, seconds: int) -> bool:
    """False once `key` has been used more than `limit` times in the running window of `seconds`.

    Counts this use, in one statement: of many at once exactly `limit` pass. Fixed windows: at most twice
    the limit can pass around a boundary. `key` is stored as a keyed hash. Raises RuntimeError inside a
    transaction: the count would be lost with it, and until its end everybody else with this key would wait.
    """
    # As `atomic(durable=True)` looks: a test's own transaction does not count.
    if (around := connection.atomic_blocks) and not around[-1]._from_testcase:
        raise RuntimeError("a use is counted before the transaction of the act begins")
    ends = (int(time.time()) // seconds + 1) * seconds
    name = salted_hmac(__name__, key, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [name, ends])
        return cursor.fetchone()[0] <= limit


def allow_caller(request: HttpRequest, act: str, *, limit: int, seconds: int) -> bool:
    """`allow` for one act of one caller, told apart by address. Counts this use."""
    return allow(f"{act}:{client_address(request)}", limit=limit, seconds=seconds)


def forget_uses() -> int:
    """Drop the counts of windows that have ended; how many. No answer of `allow` changes."""
    return RateCount.objects.filter(ends__lte=time.time()).delete()[0]


def client_address(request: HttpRequest) -> str:
    """The caller's address: the hosting platform's header where one is trusted, else the peer. Behind a
    proxy without such a header all callers are one (config.E018 asks for it)."""
    header = settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER
    if header:
        return request.headers.get(header, "")
    return request.META.get("REMOTE_ADDR", "")
