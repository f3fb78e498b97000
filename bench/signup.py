"""A whole sign-up as a browser makes it: form, post, done page. Queries and CPU, everything warm."""

import re
import time

from .report import report
from .rush import prepare
from .start import start

ROUNDS = 20
TOKEN = re.compile(rb'name="token" value="([^"]+)"')


def sign_up(browser, run, number: int) -> tuple[int, int]:
    """(queries in all, queries of the POST), by a browser that comes for the first time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.cookies.clear()
    address = f"/sv/runs/{run.code}/book/"
    with CaptureQueriesContext(connection) as asked:
        token = TOKEN.search(browser.get(address).content)
    with CaptureQueriesContext(connection) as posted:
        answer = browser.post(
            address,
            {
                "first_name": "Exempel",
                "last_name": "Exempelsson",
                "email": f"bench-{run.pk}-{number}@example.org",
                "company": "Exempel AB",
                "terms": "on",
                "token": token[1].decode() if token else "",
            },
        )
    assert answer.status_code == 302, answer.content[:2000]
    with CaptureQueriesContext(connection) as shown:
        assert browser.get(answer.url).status_code == 200
    return len(asked) + len(posted) + len(shown), len(posted)


def main() -> None:
    database = start()
    from django.conf import settings
    from django.test import Client

    from courses.models import Run

    browser = Client()
    settings.ALLOWED_HOSTS.append("testserver")
    run_id, _people = prepare(ROUNDS * 2 + 5, 0)
    run = Run.objects.get(pk=run_id)
    for number in range(3):
        sign_up(browser, run, number)
    queries, of_post = sign_up(browser, run, 3)
    begin = time.process_time()
    for number in range(4, 4 + ROUNDS):
        sign_up(browser, run, number)
    cpu = (time.process_time() - begin) / ROUNDS * 1000
    report("signup_queries", queries, "queries", 40, database)
    report("signup_post_queries", of_post, "queries", 20, database)
    report("signup_cpu_ms", round(cpu, 1), "ms", 30, database)


if __name__ == "__main__":
    main()
