"""The rows that migrations leave in an empty database, put back after a test that flushed it.

Django's own way (serialized rollback) takes a good half second per test and does nothing after the last one,
so that a kept database would be empty in the next run. This one copies rows, table by table.
"""

import shutil

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
