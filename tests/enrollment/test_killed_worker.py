"""A web worker is killed while it writes a booking (the form comes over HTTP, as from a browser)."""

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from enrollment.models import Booking, Enrollment, Place
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.enrollment.factories import make_open_run
from tests.enrollment.racers import url_of

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
# Statements after the enrolment's own; before COMMIT at the latest.
LATEST = 5


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port of a gunicorn as in production, with the test's database."""
    log = folder / "gunicorn.log"
    with log.open("w") as told:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"),
                *("--bind", "127.0.0.1:0", "--workers", "2", "--pythonpath", f"site,{ROOT}"),
                "tests.enrollment.mortal_wsgi:application",
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": url_of(connection.settings_dict),
                "DATA_DIR": str(settings.DATA_DIR),
                "DJANGO_SETTINGS_MODULE": "config.test_settings",
            },
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
    try:
        for _ in range(300):
            if found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text()):
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            pytest.fail(log.read_text())
        yield int(found[1])
    finally:
        server.terminate()
        server.wait(30)


class Browser:
    """Sends the public form; every request on a connection of its own."""

    def __init__(self, port: int, page: str) -> None:
        self.port, self.page = port, page
        status, headers, body = self.ask("GET")
        assert status == 200
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        self.csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1]

    def ask(self, method: str, body: str = "", **headers: str):
        http = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            http.request(method, self.page, body, headers)
            answer = http.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            http.close()

    def send(self, form: dict, *, dies_after: int | None = None):
        """Status and headers of the answer; None when the worker died instead."""
        body = urlencode({**form, "csrfmiddlewaretoken": self.csrf})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie,
            "X-From": f"10.0.{form['email'].partition('@')[0]}.1",
        }
        if dies_after is not None:
            headers["X-Dies-After"] = str(dies_after)
        try:
            return self.ask("POST", body, **headers)[:2]
        except (RemoteDisconnected, ConnectionResetError):
            return None


def form_of(number: int) -> dict:
    return {
        "first_name": "Elin",
        "last_name": "Exempelsson",
        "email": f"{number}@example.org",
        "terms": "on",
        "token": str(uuid4()),
    }


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_web_worker_that_is_killed_loses_no_place_and_who_sends_again_has_one(now, tmp_path):
    """At twenty random points between writing the enrolment and the end of its transaction."""
    run = make_open_run(now=now, places_count=KILLS)
    forms = [form_of(number) for number in range(KILLS)]
    with served(tmp_path) as port:
        browser = Browser(port, f"/sv/runs/{run.code}/book/")
        for form in forms:
            assert browser.send(form, dies_after=random.randint(0, LATEST)) is None
        assert Booking.objects.count() == Enrollment.objects.count() == 0
        assert Place.objects.free().filter(run=run).count() == KILLS
        for form in forms:
            first, again = browser.send(form), browser.send(form)
            assert first[0] == again[0] == 302
            assert first[1]["Location"] == again[1]["Location"]
    placed = Enrollment.objects.filter(status__in=Status.PLACED)
    assert Booking.objects.count() == placed.count() == KILLS
    assert Place.objects.taken().filter(run=run).count() == KILLS
    assert OutgoingMail.objects.filter(kind="place_confirmed").count() == KILLS
