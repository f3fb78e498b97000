"""What comes back by the clock and belongs to no room."""

import logging
from datetime import datetime

from accounts.ratelimit import forget_uses
from accounts.registries import invariants
from messaging.periodic import every

from . import care

logger = logging.getLogger("config.duties")


@every(seconds=20)
def put_back_tasks(now: datetime) -> None:
    care.reap(now=now)


@every(seconds=3600)
def prune_tasks(now: datetime) -> None:
    care.prune(now=now)


@every(seconds=3600)
def forget_callers(now: datetime) -> None:
    forget_uses()


@every(seconds=24 * 3600)
def clear_sessions(now: datetime) -> None:
    from django.core.management import call_command

    call_command("clearsessions")


@every(seconds=24 * 3600)
def check_invariants(now: datetime) -> None:
    """What must always hold, looked at once a day; each broken line is an error in the log."""
    for name, check in invariants.items():
        for line in check(now):
            logger.error("invariant broken, %s: %s", name, line)
