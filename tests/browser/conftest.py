"""The demo as anybody starts it: web, worker and payment stand-in as processes, and a browser before it; or a
browser before the test's own server and database.

What a browser sees is the same with every database, so these tests are `any_engine`; the views behind them are
tried with each by Django's client.
"""

import email
import email.policy
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from filelock import FileLock

from config import demo_server

ROOT = Path(__file__).resolve().parents[2]
MAIL_SEPARATOR = "-" * 79
SIGN_IN = "from django.core.management import call_command; call_command('demo', role='{role}')"


class DemoSite:
    """A running demo with a data folder of its own."""

    def __init__(self, values: dict[str, str]) -> None:
        self.url = values["SITE_URL"]
        self.folder = Path(values["DATA_DIR"])
        self.shell = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.arranging"],
            cwd=ROOT,
            env={**values, "DJANGO_SETTINGS_MODULE": "config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def arrange(self, code: str) -> str:
        """Run lines of Python in the site's own database: time passes, a run is planned. Gives what they print."""
        self.shell.stdin.write(json.dumps(code) + "\n")
        self.shell.stdin.flush()
        answer = self.shell.stdout.readline()
        assert answer, "that went wrong; see the captured stderr"
        return json.loads(answer)

    def sign_in(self, page, role: str) -> None:
        page.goto(self.arrange(SIGN_IN.format(role=role)))

    def mails(self, to: str) -> list[EmailMessage]:
        found = []
        for path in sorted((self.folder / "mail").glob("*.log")):
            for text in path.read_bytes().split(MAIL_SEPARATOR.encode()):
                if text.strip():
                    message = email.message_from_bytes(
                        text.lstrip(b"\n"), policy=email.policy.default
                    )
                    if to in str(message["To"]):
                        found.append(message)
        return found

    def mail(self, to: str, words: str, *, seconds: float = 30) -> EmailMessage:
        """The newest mail to this address with these words in its subject; waits for the worker."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            matching = [m for m in self.mails(to) if words in str(m["Subject"])]
            if matching:
                return matching[-1]
            time.sleep(0.2)
        subjects = [str(m["Subject"]) for m in self.mails(to)]
        raise AssertionError(f"no mail {words!r} to {to} after {seconds} s, but {subjects}")


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="session")
def prepared() -> Path:
    """The demo's data, built once for a day and a state of the sources, whatever the number of workers and runs."""
    # Example dates are relative to the day.
    state = f"{time.strftime('%Y%m%d')}-{demo_server.fingerprint()[:16]}"
    folder = Path(tempfile.gettempdir()) / f"focus-demo-{state}"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "data" / "static.stamp").exists():
            template = os.environ.get("TEST_TEMPLATE", "")
            if template.endswith(".sqlite3"):  # migrated already
                (folder / "data").mkdir(exist_ok=True)
                shutil.copyfile(template, folder / "data" / "site.sqlite3")
            demo_server.prepare(_values(folder / "data"))
    return folder / "data"


def _values(data: Path, **more: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "TEST_"))}
    inherited.pop("DATABASE_URL", None)
    inherited.pop("PYTEST_XDIST_WORKER", None)
    inherited["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    return {**inherited, "DEMO": "1", "DATA_DIR": str(data), "PYTHONUNBUFFERED": "1", **more}


@pytest.fixture(scope="session")
def demo_site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The running demo on a copy of the prepared data: what one worker's tests write, others never see."""
    data = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(prepared, data)
    port, stripe_port = free_port(), free_port()
    values = _values(
        data,
        PORT=port,
        SITE_URL=f"http://localhost:{port}",
        STRIPE_PORT=stripe_port,
        STRIPE_SECRET_KEY="sk_test_demo",
        STRIPE_WEBHOOK_SECRET="whsec_demo",
        STRIPE_API_BASE=f"http://localhost:{stripe_port}",
        WEB_CONCURRENCY="1",
    )
    site = DemoSite(values)
    children = demo_server.Children(demo_server.commands(values), values)
    children.start_all()
    try:
        deadline = time.monotonic() + 60
        while not demo_server.answers(f"{site.url}/healthz/live"):
            assert time.monotonic() < deadline, "the demo does not answer"
            time.sleep(0.1)
        yield site
    finally:
        site.shell.communicate()
        children.stop_all()
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def visitor(browser, live_server, settings):
    """`visitor(language)` is the page of somebody who comes to the test's own server."""
    settings.SITE_URL, settings.SECURE_SSL_REDIRECT = live_server.url, False
    contexts = []

    def come(language: str = "sv", *, script: bool = True, width: int = 1280):
        context = browser.new_context(
            java_script_enabled=script,
            locale=language,
            viewport={"width": width, "height": 800},
            base_url=live_server.url,
        )
        contexts.append(context)
        return context.new_page()

    yield come
    for context in contexts:
        context.close()
