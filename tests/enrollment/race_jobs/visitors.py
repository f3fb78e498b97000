"""Visitors of the site, and what must hold whatever they do."""

import time
import uuid
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from accounts.ratelimit import allow
from accounts.registries import invariants


def use(*, key: str, limit: int) -> str:
    """One use of a limited act (`accounts.ratelimit`), by a caller who lives as long as the test."""
    return "passed" if allow(key, limit=limit, seconds=10**6) else "refused"


def keep_booking(*, code: str, number: int, until: str, seconds: float) -> list[list]:
    """One visitor after the other at the public form, until the file is there or the time is over:
    [when it was sent, status] of each answer."""
    settings.ALLOWED_HOSTS.append("testserver")
    answers, end = [], time.monotonic() + seconds
    while not Path(until).exists() and time.monotonic() < end:
        # As a server does around every request; the test client leaves it out.
        close_old_connections()
        sent = time.monotonic()
        answer = Client(
            raise_request_exception=False, REMOTE_ADDR=f"10.1.{number}.{len(answers) % 250}"
        ).post(
            f"/sv/runs/{code}/book/",
            {
                "first_name": "Elin",
                "last_name": "Exempelsson",
                "email": f"v{number}.{len(answers)}@example.org",
                "terms": "on",
                "token": str(uuid.uuid4()),
            },
        )
        answers.append([sent, answer.status_code])
        time.sleep(0.01)
    return answers


def broken() -> list[str]:
    """Every registered invariant that does not hold."""
    return [line for check in invariants.values() for line in check(timezone.now())]
