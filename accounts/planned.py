"""A cursor for statements that come again: PostgreSQL parses and plans such a one once per connection.

Django binds values on the client's side, so that every statement is a new text, for the database to parse
and plan each time: half of what a booking costs it. Here values travel beside the text, and psycopg prepares
a text that comes for the second time. For statements of ours, of a fixed shape; not every query of the ORM can be bound
like this.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

SEEN_BEFORE = 1


def cursor_for(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """A cursor as `connection.cursor()` gives it. Behind a pooler that hands connections on between
    transactions nothing is prepared: the setting DISABLE_SERVER_SIDE_CURSORS says so to Django, too."""
    pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    if connection.vendor != "postgresql" or pooled:
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    with connection.wrap_database_errors:
        if connection.connection.prepare_threshold is None:
            connection.connection.prepare_threshold = SEEN_BEFORE
        return connection._prepare_cursor(ServerBindingCursor(connection.connection))
