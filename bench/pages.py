"""Public pages: queries and CPU per request, warm, nothing cached between requests unless the site caches it."""

import time

from .report import report, say
from .rows import enrollments_until, runs_until
from .start import start

GROUPS, ROUNDS = 5, 10


def measure(address: str) -> tuple[int, float, int]:
    """(queries, CPU in ms, bytes) of one page, as a visitor without cookies sees it. Of several groups of
    requests the quickest counts: whatever else runs on the machine only adds."""
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    # One client: each new one would set up all the middleware again. No cookie comes along.
    browser = Client()
    for _ in range(3):
        browser.cookies.clear()
        answer = browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    queries = len(asked)
    reset_queries()
    spent = []
    for _ in range(GROUPS):
        begin = time.process_time()
        for _ in range(ROUNDS):
            browser.cookies.clear()
            browser.get(address)
        spent.append(time.process_time() - begin)
    cpu = min(spent) / ROUNDS * 1000
    return queries, round(cpu, 1), len(answer.content)


def main() -> None:
    database = start()
    from django.conf import settings

    from courses.models import CoursePage

    settings.ALLOWED_HOSTS.append("testserver")
    course_page = CoursePage.objects.live().filter(locale__language_code="sv").first()
    assert course_page, "no course page: the demo's content is missing"
    addresses = {
        "course_page": (course_page.get_url(), 8, 14),
        "catalogue": ("/sv/kurser/", 10, 22),
        "start_page": ("/sv/", 12, None),
    }
    few: dict[str, float] = {}
    for suffix, runs, enrollments in (("", 20, 0), ("_1000", 1000, 10_000)):
        runs_until(runs)
        enrollments_until(enrollments)
        for name, (address, queries_budget, cpu_budget) in addresses.items():
            queries, cpu, size = measure(address)
            budget: float | None = cpu_budget
            if suffix:
                # Fifty times the runs, with ten enrolments each: the same queries, at most a fifth more CPU for a catalogue of the
                # same length. A course's page has up to 20 rows to show then instead of a few.
                budget = round(few[name] * 1.2, 1) if name == "catalogue" else None
            few.setdefault(name, cpu)
            report(f"{name}_queries{suffix}", queries, "queries", queries_budget, database)
            report(f"{name}_cpu_ms{suffix}", cpu, "ms", budget, database)
            say(f"{address} {size} bytes")


if __name__ == "__main__":
    main()
