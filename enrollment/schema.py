"""What the ORM cannot say: a place's enrolment belongs to the place's own run.

PostgreSQL gets a foreign key over both columns, SQLite two triggers.
"""

POSTGRESQL = (
    (
        "ALTER TABLE enrollment_enrollment"
        " ADD CONSTRAINT enrollment_enrollment_id_run UNIQUE (id, run_id)"
    ),
    (
        "ALTER TABLE enrollment_place ADD CONSTRAINT enrollment_place_same_run"
        " FOREIGN KEY (enrollment_id, run_id) REFERENCES enrollment_enrollment (id, run_id)"
    ),
)
_TRIGGER = (
    "CREATE TRIGGER enrollment_place_same_run_{when} BEFORE {event} ON enrollment_place"
    " WHEN NEW.enrollment_id IS NOT NULL AND NEW.run_id IS NOT"
    " (SELECT run_id FROM enrollment_enrollment WHERE id = NEW.enrollment_id)"
    " BEGIN SELECT RAISE(ABORT, 'enrollment_place_same_run'); END"
)
SQLITE = (
    _TRIGGER.format(when="new", event="INSERT"),
    _TRIGGER.format(when="changed", event="UPDATE OF enrollment_id, run_id"),
)


def bind_places_to_runs(apps, schema_editor) -> None:
    """For the migration that makes the tables."""
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)
