"""The first request of a fresh worker: from its answer to "live" to the whole start page, nothing warm."""

import time
import urllib.request

from .report import report
from .server import serving
from .start import database_name

ROUNDS = 3


def first_request() -> float:
    with serving(workers=1) as port:
        began = time.monotonic()
        with urllib.request.urlopen(f"http://localhost:{port}/sv/", timeout=30) as answer:
            answer.read()
        return time.monotonic() - began


def main() -> None:
    seconds = max(first_request() for _ in range(ROUNDS))
    report("first_request_seconds", round(seconds, 2), "s", 1.5, database_name())


if __name__ == "__main__":
    main()
