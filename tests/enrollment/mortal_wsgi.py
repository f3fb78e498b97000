"""The site as gunicorn serves it, by workers that a request may kill outright at a chosen point of a booking, as the
system does when it runs out of memory. The site itself knows nothing of this.
"""

import os
import signal
from contextlib import contextmanager

from django.db import connection

from config.wsgi import application as site


def application(environ, start_response):
    """`X-Dies-After: n` kills the worker n statements after the one that writes the enrolment, before COMMIT at the
    latest. `X-From` is the caller's address."""
    environ["REMOTE_ADDR"] = environ.get("HTTP_X_FROM", "127.0.0.1")
    if "HTTP_X_DIES_AFTER" not in environ:
        return site(environ, start_response)
    with _dying(after=int(environ["HTTP_X_DIES_AFTER"])):
        return site(environ, start_response)


@contextmanager
def _dying(*, after: int):
    since = -1

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def count(execute, sql, params, many, context):
        nonlocal since
        result = execute(sql, params, many, context)
        if since >= 0 or sql.startswith('INSERT INTO "enrollment_enrollment"'):
            since += 1
        if since == after:
            die()
        return result

    commit = connection.commit

    def die_or_commit() -> None:
        if since >= 0:
            die()
        commit()

    connection.commit = die_or_commit
    try:
        with connection.execute_wrapper(count):
            yield
    finally:
        connection.commit = commit
