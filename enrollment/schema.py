"""What the ORM cannot say: a place's enrolment or team belongs to the place's own run.

PostgreSQL gets a foreign key over both columns, SQLite two triggers.
"""

HOLDERS = {"enrollment_id": "enrollment_enrollment", "team_id": "enrollment_team"}
POSTGRESQL = tuple(
    statement
    for column, table in HOLDERS.items()
    for statement in (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_id_run UNIQUE (id, run_id)",
        (
            f"ALTER TABLE enrollment_place ADD CONSTRAINT {table}_same_run"
            f" FOREIGN KEY ({column}, run_id) REFERENCES {table} (id, run_id)"
        ),
    )
)
SQLITE = tuple(
    # The names are the two above, nothing from outside.
    f"CREATE TRIGGER {table}_same_run_{when} BEFORE {event} ON enrollment_place"  # noqa: S608
    f" WHEN NEW.{column} IS NOT NULL AND NEW.run_id IS NOT"
    f" (SELECT run_id FROM {table} WHERE id = NEW.{column})"
    f" BEGIN SELECT RAISE(ABORT, '{table}_same_run'); END"
    for column, table in HOLDERS.items()
    for when, event in (("new", "INSERT"), ("changed", f"UPDATE OF {column}, run_id"))
)


def bind_places_to_runs(apps, schema_editor) -> None:
    """For the migration that makes the tables."""
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)
