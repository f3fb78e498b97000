"""A whole sign-up as a browser makes it: form, post, done page. Queries and CPU (median), everything warm."""

import gc
import re
import time
from collections.abc import Callable
from statistics import median

from .report import report
from .rush import prepare
from .start import start

ROUNDS = 30
TOKEN = re.compile(rb'name="token" value="([^"]+)"')


def sign_up(browser, run, number: int, measure: Callable) -> list[float]:
    """`measure(request)` of the form, the POST and the done page, for a browser that comes for the first
    time, from an address of its own."""
    browser.cookies.clear()
    browser.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
    address = f"/sv/runs/{run.code}/book/"
    form, of_form = measure(lambda: browser.get(address))
    token = TOKEN.search(form.content)
    words = {
        "first_name": "Exempel",
        "last_name": "Exempelsson",
        "email": f"bench-{run.pk}-{number}@example.org",
        "company": "Exempel AB",
        "terms": "on",
        "token": token[1].decode() if token else "",
    }
    answer, of_post = measure(lambda: browser.post(address, words))
    assert answer.status_code == 302, answer.content[:2000]
    done, of_done = measure(lambda: browser.get(answer.url))
    assert done.status_code == 200
    return [of_form, of_post, of_done]


def queries(request: Callable) -> tuple:
    """BEGIN and COMMIT count, too."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        return request(), len(captured)


def milliseconds(request: Callable) -> tuple:
    began = time.process_time()
    answer = request()
    return answer, (time.process_time() - began) * 1000


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
        sign_up(browser, run, number, milliseconds)
    asked = sign_up(browser, run, 3, queries)
    report("signup_queries", sum(asked), "queries", 40, database)
    report("signup_post_queries", asked[1], "queries", 20, database)
    # As the server does before it forks its workers (gunicorn.conf.py).
    gc.collect()
    gc.freeze()
    rounds = [sign_up(browser, run, number, milliseconds) for number in range(4, 4 + ROUNDS)]
    cpu = median(sum(steps) for steps in rounds)
    report("signup_cpu_ms", round(cpu, 1), "ms", 30, database)
    post = median(steps[1] for steps in rounds)
    report("signup_post_cpu_ms", round(post, 1), "ms", 12, database)


if __name__ == "__main__":
    main()
