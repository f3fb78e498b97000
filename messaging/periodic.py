"""Duties that come back by the clock: each room brings its own, the worker runs what is due.

    @every(seconds=60)
    def expire_holds(now: datetime) -> None: ...

A duty stands in a module that is loaded at start (`rules.py`, or `tasks.py` and `duties.py`, which the
worker looks for in every room). It must be idempotent: two workers, or a worker that was killed and came
back, run it more often than the clock says.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.module_loading import autodiscover_modules

logger = logging.getLogger("messaging.periodic")


@dataclass(frozen=True)
class Duty:
    name: str
    seconds: int
    run: Callable[[datetime], object]


duties: dict[str, Duty] = {}


def every(
    *, seconds: int
) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Register `duty(now)`. Raises ValueError for an interval below one second or a name used twice."""
    if seconds < 1:
        raise ValueError("a duty comes back after a second at the soonest")

    def register(duty: Callable[[datetime], object]) -> Callable[[datetime], object]:
        name = f"{duty.__module__}.{duty.__qualname__}"
        if name in duties:
            raise ValueError(f"two duties named {name}")
        duties[name] = Duty(name, seconds, duty)
        return duty

    return register


def discover() -> None:
    """Import every room's `tasks` and `duties`, so that all duties are known."""
    autodiscover_modules("tasks", "duties")


def run_due(*, last: dict[str, datetime], now: datetime) -> list[str]:
    """Run the duties whose interval has passed since `last`, note them there, and return their names.

    A duty that raises is logged and comes back at its next turn; it never keeps another from running.
    """
    ran = []
    for duty in list(duties.values()):
        before = last.get(duty.name)
        if before is not None and now - before < timedelta(seconds=duty.seconds):
            continue
        last[duty.name] = now
        ran.append(duty.name)
        try:
            duty.run(now)
        except Exception:
            logger.exception("duty %s failed", duty.name)
    return ran
