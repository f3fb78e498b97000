import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection

LOCK = int.from_bytes(hashlib.sha256(b"release").digest()[:7])
LOCK_SECONDS = 120


@contextmanager
def only_one() -> Iterator[None]:
    """One release at a time. PostgreSQL: an advisory lock, on the direct connection (a transaction pool would
    hand it to somebody else). SQLite: one machine, and its own write lock per migration.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [f"{LOCK_SECONDS}s"])
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        # A migration that cannot have its table lock at once fails, instead of queueing everybody behind it.
        cursor.execute("SET lock_timeout = '5s'")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


class Command(BaseCommand):
    help = "The release step: migrations under a lock, the cache's table, the first pages."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        quiet = {"verbosity": options["verbosity"], "stdout": self.stdout}
        direct = os.environ.get("DATABASE_DIRECT_URL")
        if direct and direct != os.environ.get("DATABASE_URL"):
            # The application may sit behind a pool; migrations and the lock must not.
            os.environ["DATABASE_URL"] = direct
            os.execv(sys.executable, [sys.executable, "manage.py", "release"])  # noqa: S606
        with only_one():
            call_command("migrate", interactive=False, **quiet)
            if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
                call_command("createcachetable", **quiet)
            if "setup_site" in get_commands():
                call_command("setup_site", **quiet)
