"""The database itself refuses to change or remove an audit entry.

A migration of its own, because the log's table comes after the people that `0001` makes. On PostgreSQL
changing and deleting are refused (TRUNCATE, which only `flush` uses, is not); on SQLite, where `flush`
deletes row by row and which serves the demo, changing is. The content type may become empty when a model
is given up.
"""

from django.db import migrations

COLUMNS = "action, data, timestamp, object_id, label, user_id, uuid"

POSTGRESQL = [
    """
    CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$
    """,
    f"""
    CREATE TRIGGER audit_no_update BEFORE UPDATE OF {COLUMNS} ON wagtailcore_modellogentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON wagtailcore_modellogentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
    """,
]
SQLITE = [
    f"""
    CREATE TRIGGER audit_no_update BEFORE UPDATE OF {COLUMNS} ON wagtailcore_modellogentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
]


def protect(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def release(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_no_delete ON wagtailcore_modellogentry")
        schema_editor.execute("DROP TRIGGER audit_no_update ON wagtailcore_modellogentry")
        schema_editor.execute("DROP FUNCTION audit_is_append_only()")
    else:
        schema_editor.execute("DROP TRIGGER audit_no_update")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(protect, release)]
