"""The rows that migrations leave in an empty database, put back after a test that flushed it.

Django's own way (serialized rollback) takes a good half second per test and does nothing after the last one,
so that a kept database would be empty in the next run. This one copies rows, table by table.
"""

import json
import shutil
from collections.abc import Callable
from functools import cache

from django.db import connection, transaction

# Never flushed.
LEFT_ALONE = {"django_migrations"}


class Baseline:
    rows: dict[str, tuple[list[str], list[tuple]]] = {}

    @classmethod
    def keep(cls) -> None:
        """Remember all rows; call it once, when the database is as the migrations left it.

        Raises RuntimeError for a kept database that an interrupted run left flushed.
        """
        # Tells Django's flush to leave content types and permissions to us.
        connection._test_serialized_contents = "[]"
        with connection.cursor() as cursor:
            tables = set(connection.introspection.django_table_names(only_existing=True))
            for table in sorted(tables - LEFT_ALONE):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                columns = [column[0] for column in cursor.description]
                found = cursor.fetchall()
                if found:
                    cls.rows[table] = (columns, found)
        if "wagtailcore_locale" not in cls.rows:
            raise RuntimeError("the kept test database was left empty: run with --create-db")

    @classmethod
    def restore(cls) -> None:
        """Put the remembered rows back into a flushed database; sequences go on behind them."""
        quote = connection.ops.quote_name
        # Foreign keys are checked at the commit, so the order of the tables does not matter.
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, rows) in cls.rows.items():
                names = ", ".join(quote(column) for column in columns)
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", rows)


class Replay:
    """What a slow setup, always the same, does to the database: done once, then written again as rows.

    Only in a database that stands as it stood before the first time; otherwise the setup itself is run.
    """

    def __init__(self, build: Callable[[], None]) -> None:
        self.build = build
        self.before: dict[str, set[tuple]] = {}
        self.after: dict[str, set[tuple]] = {}

    def __call__(self) -> None:
        if self.after and all(_rows(table) == rows for table, rows in self.before.items()):
            for table, rows in self.after.items():
                _change(table, gone=self.before[table] - rows, come=rows - self.before[table])
            return
        # Tables of the full-text index are filled by triggers.
        tables = [t for t in connection.introspection.table_names() if "_fts" not in t]
        before = {} if self.after else {table: _rows(table) for table in tables}
        self.build()
        for table, old in before.items():
            new = _rows(table)
            if new != old:
                self.before[table], self.after[table] = old, new


def _rows(table: str) -> set[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return {tuple(map(_plain, row)) for row in cursor.fetchall()}


def _plain(value):
    """As the database takes it back, and comparable: PostgreSQL gives JSON as lists and dictionaries."""
    return json.dumps(value) if isinstance(value, (dict, list)) else value


@cache
def _key(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table)


def _change(table: str, *, gone: set[tuple], come: set[tuple]) -> None:
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        key = _key(table)
        cursor.executemany(
            f"DELETE FROM {quoted} WHERE {connection.ops.quote_name(key)} = %s",
            [row[:1] for row in gone],  # the key is the first column
        )
        if come:
            places = ", ".join(["%s"] * len(next(iter(come))))
            cursor.executemany(f"INSERT INTO {quoted} VALUES ({places})", sorted(come, key=str))


def copy_template(template: str) -> None:
    """Make this worker's test database a copy of a migrated one (a file, or a PostgreSQL database's name)."""
    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        shutil.copyfile(template, name)
        return
    quote = connection.ops.quote_name
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)}")
