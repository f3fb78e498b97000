"""Whoever is asked to try again in a moment does so: how long a lock is waited for is the machine's matter."""

import time
from collections.abc import Callable
from functools import wraps

from enrollment import places

MOST_SECONDS = 60


def patient(job: Callable[..., str]) -> Callable[..., str]:
    """`job`, once more whenever it ends in Busy."""

    @wraps(job)
    def again(**arguments) -> str:
        end = time.monotonic() + MOST_SECONDS
        while True:
            try:
                return job(**arguments)
            except places.Busy:
                if time.monotonic() > end:
                    raise

    return again
