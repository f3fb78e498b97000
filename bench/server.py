"""The site behind gunicorn, as in production, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, *, seconds: float = 60) -> None:
    """Until it answers; raises what it raised last when that takes longer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:
                answer.read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextmanager
def serving(*, workers: int, **environment: str) -> Iterator[int]:
    """Gives the port once a worker is live; nothing but the health check has been asked by then."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"],
        cwd=ROOT,
        env={
            **os.environ,
            "PORT": str(port),
            "SITE_URL": f"http://localhost:{port}",
            "WEB_CONCURRENCY": str(workers),
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz/live")
        yield port
    finally:
        server.terminate()
        server.wait()
