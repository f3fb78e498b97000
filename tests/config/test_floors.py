"""The floors of the house: who may import whom, and the one door to statuses and places."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LINTER = Path(sys.executable).with_name("lint-imports")
ROOMS = ("accounts", "messaging", "home", "courses", "enrollment", "certificates", "search")
# The database's own guard (its triggers are installed by a migration) and the door itself.
DOOR = "enrollment/places/"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'site'}"},
        capture_output=True,
        text=True,
    )


def test_floors_are_kept():
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("home/upwards.py", "import courses.apps"),
        ("accounts/upwards.py", "import messaging.apps"),
        ("enrollment/upwards.py", "import enrollment.payments.apps"),
        ("enrollment/payments/sideways.py", "import enrollment.learning.apps"),
        ("enrollment/learning/upwards.py", "import enrollment.completion.apps"),
    ],
)
def test_import_of_a_higher_floor_is_found(tmp_path, module, line):
    for room in (*ROOMS, "site"):
        (tmp_path / room).symlink_to(ROOT / room)
    top = module.split("/")[0]
    (tmp_path / top).unlink()
    copy_python(ROOT / top, tmp_path / top)
    (tmp_path / module).write_text(line + "\n")
    answer = lint(tmp_path)
    assert answer.returncode == 1, answer.stdout


def copy_python(source: Path, target: Path) -> None:
    for path in source.rglob("*.py"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())


def sources():
    for room in (*ROOMS, "site/config"):
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def test_only_the_door_writes_the_status_of_an_enrolment():
    """`Enrollment.status` is assigned, updated and created in `enrollment/places` alone."""
    pattern = re.compile(
        r"(?:enrollment|enrolment|seat)\.status\s*=[^=]"
        r"|Enrollment\.objects\.(?:create|bulk_create|bulk_update)\("
        r"|Enrollment\.objects[^\n]*\.update\([^)]*\bstatus=",
    )
    assert outside_the_door(pattern) == []


def test_only_the_door_points_places_at_enrolments():
    pattern = re.compile(
        r"\bplace\.enrollment(?:_id)?\s*=[^=]|Place\.objects[^\n]*\.(?:update|create|bulk_create)\("
    )
    assert outside_the_door(pattern) == []


@pytest.mark.parametrize(
    ("model", "door"), [("Payment", "enrollment/payments/"), ("Certificate", "certificates/issue")]
)
def test_only_its_door_writes_the_status_of_what_is_paid_and_proven(model, door):
    pattern = re.compile(
        rf"\b{model.lower()}\.status\s*(?:=[^=]|,[^=\n]*= )"
        rf"|\b{model}\.objects\.(?:create|bulk_create|bulk_update)\("
        rf"|\b{model}\.objects[^\n]*\.update\([^)]*\bstatus="
    )
    assert outside_the_door(pattern, door=door) == []
    assert pattern.search(f"{model.lower()}.status = after")


def outside_the_door(pattern: re.Pattern, *, door: str = DOOR) -> list[str]:
    return [n for n, text in sources() if pattern.search(text) and not n.startswith(door)]


def test_rooms_have_no_signals_of_their_own():
    pattern = re.compile(r"from django\.db\.models\.signals import|@receiver\(")
    assert [name for name, text in sources() if pattern.search(text)] == []


def test_no_migration_is_outstanding(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# The audit trail's protection comes after Wagtail's table of the log.
SECOND = {"accounts": ["0002_audit_append_only.py"]}


def test_every_room_has_one_migration():
    for room in [*ROOMS, "enrollment/payments", "enrollment/attendance", "enrollment/learning"]:
        files = sorted(path.name for path in (ROOT / room / "migrations").glob("0*.py"))
        assert files in ([], ["0001_initial.py", *SECOND.get(room, [])]), room
