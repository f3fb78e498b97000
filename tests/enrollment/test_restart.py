"""The database server is killed and comes back while people book."""

import subprocess
import time
from collections import Counter
from threading import Thread

import pytest
from django.db import connection

from tests.enrollment.factories import make_open_run
from tests.enrollment.racers import race, url_of
from tests.pgtemp import TempPostgres, find_program

SECONDS = 8.0


@pytest.mark.race
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_killed_costs_nobody_more_than_a_friendly_answer(now):
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
        given = [{"code": run.code, "number": n, "seconds": SECONDS} for n in range(3)]
        answers: list[dict] = []
        booking = Thread(
            target=lambda: answers.extend(race("keep_booking", given, database=server.url))
        )
        booking.start()
        _wait_for_bookings(server.url)
        server.restart_at_once()
        back = time.monotonic()
        booking.join()
        assert [answer["error"] for answer in answers if answer["error"]] == []
        told = [answer for visitor in answers for answer in visitor["result"]]
        assert Counter(status for _at, status in told).keys() <= {302, 503}
        assert {status for at, status in told if at > back + 2} == {302}
        (after,) = race("broken", [{}], database=server.url)
        assert after["result"] == []


def _wait_for_bookings(address: str) -> None:
    count = [str(find_program("psql")), "-Atc", "SELECT count(*) FROM enrollment_booking", address]
    for _ in range(300):
        if int(subprocess.run(count, capture_output=True, check=True).stdout) >= 5:
            return
        time.sleep(0.1)
    pytest.fail("nobody booked")
