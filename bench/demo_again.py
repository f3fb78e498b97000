"""A second `make demo`: from the command to the first page that is answered. SQLite alone: the demo's database."""

import os
import signal
import subprocess
import sys
import time

from .report import report
from .server import ROOT, free_port, wait_for
from .start import database_name

ROUNDS = 3
PATIENCE_SECONDS = 600
NOT_THE_DEMOS = ("DATABASE_URL", "SITE_URL")


def start_again(values: dict[str, str]) -> float:
    port = values["PORT"]
    began = time.monotonic()
    demo = subprocess.Popen(
        [sys.executable, "dev.py", "demo"], cwd=ROOT, env=values, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://localhost:{port}/sv/", seconds=PATIENCE_SECONDS)
        return time.monotonic() - began
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait()


def main() -> None:
    if database_name() != "sqlite":
        return
    # Beside the other benchmarks: the demo makes its own database, and remembers that by its stamps.
    values = {
        **{name: value for name, value in os.environ.items() if name not in NOT_THE_DEMOS},
        "PORT": str(free_port()),
        "STRIPE_PORT": str(free_port()),
        "DATA_DIR": os.environ["DATA_DIR"] + "-demo",
    }
    start_again(values)
    seconds = min(start_again(values) for _ in range(ROUNDS))
    report("demo_again_seconds", round(seconds, 2), "s", 5, "sqlite")


if __name__ == "__main__":
    main()
