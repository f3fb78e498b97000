"""The first request of a fresh worker: from its answer to "live" to the whole start page, nothing warm."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from .report import report

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3


def first_request() -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "SITE_URL": f"http://localhost:{port}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/live", timeout=2).close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        began = time.monotonic()
        with urllib.request.urlopen(f"http://localhost:{port}/sv/", timeout=30) as answer:
            answer.read()
        return time.monotonic() - began
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    database = "sqlite" if os.environ["DATABASE_URL"].startswith("sqlite") else "postgresql"
    seconds = max(first_request() for _ in range(ROUNDS))
    report("first_request_seconds", round(seconds, 2), "s", 1.5, database)


if __name__ == "__main__":
    main()
