"""Queries of a fixed shape, compiled once per process instead of at every request.

Building and compiling a queryset costs several times what the database needs to answer it, and the public
pages ask the same few questions all day. Nothing of the answers is kept: each call asks the database.
"""

import copy
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable
from django.db.models.sql import UpdateQuery
from django.db.transaction import TransactionManagementError

from accounts.planned import cursor_for

MOST_SHAPES = 64
# Fits every integer column but the small ones: a comparison that cannot be true would be left out.
FIRST_INT = 2_101_000_000
FIRST_MOMENT = datetime(1871, 1, 1, tzinfo=UTC)


class Prepared:
    """`Prepared(build)(**values)`: the rows of `build(**values)` as a list.

    `build` gives an unsliced or constantly sliced queryset, of models (with what they bring along) or of
    `values_list`, whose shape depends on nothing but the lengths of the lists among its values; each value is
    an int, a str, a UUID, an aware datetime or a list of ints or strs, and ends up in the query as it is. It is called
    once with stand-ins for the values, and the places where these come out are filled in afterwards.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._compiled: dict[tuple, _Compiled | None] = {}

    def __call__(self, **values) -> list:
        connection = connections[DEFAULT_DB_ALIAS]
        compiled, flat = self._compiled_for(values, connection)
        return compiled.rows(flat, connection) if compiled else []

    def _compiled_for(self, values: dict, connection) -> "tuple[_Compiled | None, dict]":
        flat = dict(_flat(values))
        key = (connection.vendor, *flat)
        if key in self._compiled:
            return self._compiled[key], flat
        compiled = self._compile(values, flat, connection)
        if len(self._compiled) < MOST_SHAPES:
            self._compiled[key] = compiled
        return compiled, flat

    def _compile(self, values: dict, flat: dict, connection) -> "_Compiled | None":
        stand_ins = {slot: _stand_in(value, n) for n, (slot, value) in enumerate(flat.items())}
        queryset: Any = self._build(
            **{
                name: [stand_ins[name, n] for n in range(len(value))]
                if isinstance(value, list)
                else stand_ins[name]
                for name, value in values.items()
            }
        )
        compiler = self._compiler(queryset, stand_ins)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        names = {_bound(value, connection): name for name, value in stand_ins.items()}
        slots = [(i, names[value]) for i, value in enumerate(params) if value in names]
        lost = set(stand_ins) - {name for _i, name in slots}
        if lost:
            raise TypeError(f"{lost} do not come out of the query as they go in")
        if getattr(compiler, "has_extra_select", False):
            raise TypeError("what distinct rows are ordered by must be among what is read")
        return _Compiled(queryset, compiler, sql, list(params), slots)

    def _compiler(self, queryset, stand_ins: dict):
        return queryset.query.get_compiler(DEFAULT_DB_ALIAS)


class PreparedUpdate(Prepared):
    """`PreparedUpdate(build, "field")(**values, field=…)`: the number of rows of `build(**values)` whose field
    has the new value now. As `QuerySet.update`, past what a queryset of its own asks before."""

    def __init__(self, build: Callable[..., QuerySet], field: str) -> None:
        super().__init__(lambda **values: build(**{k: v for k, v in values.items() if k != field}))
        self._field = field

    def __call__(self, **values) -> int:  # type: ignore[override]
        connection = connections[DEFAULT_DB_ALIAS]
        compiled, flat = self._compiled_for(values, connection)
        if compiled is None:
            return 0
        with cursor_for(connection) as cursor:
            cursor.execute(compiled.sql, compiled.bound(flat, connection))
            return cursor.rowcount

    def _compiler(self, queryset, stand_ins: dict):
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values({self._field: stand_ins[self._field]})
        return query.get_compiler(DEFAULT_DB_ALIAS)


class _Compiled:
    """A query's text with the places of its values, and the compiler that knows how to read its rows."""

    def __init__(self, queryset, compiler, sql: str, params: list, slots: list) -> None:
        self.model = queryset.model
        self.prefetch = queryset._prefetch_related_lookups
        self.as_models = queryset._iterable_class is ModelIterable
        self.locks = queryset.query.select_for_update
        self.compiler, self.sql, self.params, self.slots = compiler, sql, params, slots

    def bound(self, values: dict, connection) -> tuple:
        """All parameters, with these values in their places."""
        params = list(self.params)
        for i, name in self.slots:
            params[i] = _bound(values[name], connection)
        return tuple(params)

    def rows(self, values: dict, connection) -> list:
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("rows are locked inside a transaction only")
        with cursor_for(connection) as cursor:
            cursor.execute(self.sql, self.bound(values, connection))
            rows = cursor.fetchall()
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        compiler.execute_sql = lambda *args, **kwargs: [rows]
        if not self.as_models:
            return list(compiler.results_iter(tuple_expected=True))
        found: list = list(ModelIterable(_Asked(self.model, compiler)))  # type: ignore[arg-type]
        if self.prefetch:
            prefetch_related_objects(found, *self.prefetch)
        return found


class _Asked:
    """What `ModelIterable` needs to know of a queryset."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict = {}

    def __init__(self, model, compiler) -> None:
        self.model, self.compiler = model, compiler
        self.query = self

    def get_compiler(self, using: str):
        return self.compiler


def _flat(values: dict) -> Iterator[tuple[Hashable, Any]]:
    """Each single value under its name, those of a list under name and number."""
    for name, value in values.items():
        if isinstance(value, list):
            yield from (((name, n), item) for n, item in enumerate(value))
        else:
            yield name, value


def _stand_in(value, number: int):
    """A value of the same kind that stands nowhere else in a query."""
    if isinstance(value, datetime):
        return FIRST_MOMENT + timedelta(seconds=number)
    if isinstance(value, UUID):
        return UUID(int=FIRST_INT + number)
    if isinstance(value, str):
        return f"\N{WHITE SQUARE}{number}\N{WHITE SQUARE}"
    if isinstance(value, int) and not isinstance(value, bool):
        return FIRST_INT + number
    raise TypeError(f"{value!r} cannot stand in a prepared query")


def _bound(value, connection):
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
