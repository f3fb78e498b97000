"""The database server is killed and comes back while people book."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection

from tests.enrollment.factories import make_open_run
from tests.enrollment.racers import race, url_of
from tests.pgtemp import TempPostgres, find_program

MOST_SECONDS = 60


@pytest.mark.race
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_killed_costs_nobody_more_than_a_friendly_answer(
    now, tmp_path: Path
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a database of its own that can be killed")
    run = make_open_run(now=now, places_count=2000)
    dump = subprocess.run(
        [str(find_program("pg_dump")), "--no-owner", url_of(connection.settings_dict)],
        capture_output=True,
        check=True,
    )
    with TempPostgres() as server:
        subprocess.run(
            [str(find_program("psql")), "--quiet", server.url], input=dump.stdout, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        enough = tmp_path / "enough"
        visitor = {"code": run.code, "until": str(enough), "seconds": MOST_SECONDS}
        visitors = [{**visitor, "number": number} for number in range(3)]
        answers: list[dict] = []
        booking = Thread(
            target=lambda: answers.extend(race("keep_booking", visitors, database=server.url))
        )
        booking.start()
        try:
            wait_for(lambda: bookings(server.url) >= 5)
            server.restart_at_once()
            back, before = time.monotonic(), bookings(server.url)
            wait_for(lambda: time.monotonic() > back + 2.5 and bookings(server.url) > before + 5)
        finally:
            enough.touch()
            booking.join()
        assert [answer["error"] for answer in answers if answer["error"]] == []
        told = [answer for visitor in answers for answer in visitor["result"]]
        assert Counter(status for _sent, status in told).keys() <= {302, 503}
        assert {status for sent, status in told if sent > back + 2} == {302}
        (after,) = race("broken", [{}], database=server.url)
        assert after["result"] == []


def bookings(address: str) -> int:
    count = [str(find_program("psql")), "-Atc", "SELECT count(*) FROM enrollment_booking", address]
    return int(subprocess.run(count, capture_output=True, check=True).stdout)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + MOST_SECONDS
    while not condition():
        assert time.monotonic() < end, "nobody booked"
        time.sleep(0.1)
