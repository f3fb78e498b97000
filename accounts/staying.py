"""Rows that can be found to be the same as another one (people, companies) stay while somebody refers to them."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def staying(rows: QuerySet[M]) -> list[M]:
    """The rows, locked as a row that refers to them locks them, only before it is written: any number of acts may
    have this lock at once, and merging (a `select_for_update` without `no_key`) waits for them. Needs a transaction.
    On SQLite there is one writer anyway."""
    if not connection.features.has_select_for_update:
        return list(rows)
    sql, params = rows.query.sql_with_params()
    return list(rows.model._base_manager.raw(f"{sql} FOR KEY SHARE", params))
