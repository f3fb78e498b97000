"""New rows of a model, with an INSERT that is compiled once per process instead of at every row.

Building the statement costs Django several times what the database needs to carry it out, and one booking
writes half a dozen rows of always the same shape.
"""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from .planned import cursor_for


class NewRow:
    """`NewRow(Model)(instance)` writes the instance as a new row; one that the database numbers gets its key.

    As `bulk_create` it sends no signals and does not call `save`; the fields' own `pre_save` is asked. With
    `unless_known`, a row that a unique constraint refuses is left alone and the answer is False. One table
    per model (no parents), values and no expressions.
    """

    def __init__(self, model: type[Model], *, unless_known: bool = False) -> None:
        self._model, self._unless_known = model, unless_known
        key = model._meta.pk
        # Numbered by the database; any other key the program has chosen.
        self._numbered = key.db_returning
        self._fields = [
            f for f in model._meta.local_concrete_fields if not (f is key and self._numbered)
        ]
        self._compiled: dict[str, str] = {}

    def __call__(self, instance: Model) -> bool:
        connection = connections[DEFAULT_DB_ALIAS]
        sql = self._compiled.get(connection.vendor)
        if sql is None:
            sql = self._compiled[connection.vendor] = self._compile(instance, connection)
        values = []
        for field in self._fields:
            value = field.pre_save(instance, add=True)
            # Half the columns of a new row: nothing has no other form for the database.
            values.append(value if value is None else field.get_db_prep_save(value, connection))
        with cursor_for(connection) as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
        if row is None:
            return False
        if self._numbered:
            instance.pk = row[0]
        instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
        return True

    def _compile(self, instance: Model, connection) -> str:
        query = InsertQuery(
            self._model, on_conflict=OnConflict.IGNORE if self._unless_known else None
        )
        query.insert_values(self._fields, [instance])
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.returning_fields = [self._model._meta.pk]
        ((sql, values),) = compiler.as_sql()
        if len(values) != len(self._fields) or any(
            hasattr(f, "get_placeholder") for f in self._fields
        ):
            raise TypeError(f"{self._model._meta.label} has fields that are more than a value")
        return sql
