"""Health: live = the process answers; ready = database, migrations, worker, outbox and PDF are well."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from . import pango

logger = logging.getLogger("config.health")

WORKER_SILENCE = timedelta(seconds=90)
OUTBOX_AGE = timedelta(minutes=10)


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


_once_true: set[str] = set()


def migrations() -> bool:
    """Whether no migration is outstanding; once true it stays true for this process's code."""
    if "migrations" not in _once_true:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _once_true.add("migrations")
    return True


def worker() -> bool:
    from .models import Heartbeat

    return Heartbeat.objects.filter(seen_at__gte=timezone.now() - WORKER_SILENCE).exists()


def outbox() -> bool:
    from messaging.models import OutgoingMail

    return not OutgoingMail.objects.due(timezone.now() - OUTBOX_AGE).exists()


@cache
def pdf() -> bool:
    return not pango.missing()


PARTS: dict[str, Callable[[], bool]] = {
    "database": database,
    "migrations": migrations,
    "worker": worker,
    "outbox": outbox,
    "pdf": pdf,
}


def unwell() -> list[str]:
    """The names of the parts that are not well. Without a database nothing else is asked."""
    found = []
    for name, check in PARTS.items():
        try:
            well = check()
        except Exception:
            logger.exception("health of %s", name)
            connection.close()
            well = False
        if not well:
            found.append(name)
            if name == "database":
                break
    return found


def answer(request: HttpRequest) -> HttpResponse:
    """Words only, no data: `ok`, or 503 with the names of the parts that are not well."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if request.path_info == "/healthz/live":
        text, status = "ok", 200
    elif request.path_info == "/healthz/ready":
        found = unwell()
        text, status = (" ".join(found), 503) if found else ("ok", 200)
    else:
        text, status = "unknown", 404
    return HttpResponse(
        "" if request.method == "HEAD" else text + "\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
