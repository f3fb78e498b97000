"""`make test`: the whole suite on SQLite, then on a throw-away PostgreSQL; browser tests with both.

    make test ARGS="tests/courses -x"

The database is migrated once per engine; every worker gets a copy.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.pgtemp import TempPostgres, find_program, is_available

ROOT = Path(__file__).resolve().parents[1]
WORKERS = os.environ.get("TEST_WORKERS") or str(min(os.cpu_count() or 1, 4))
REQUIRED = os.environ.get("CI") == "1"


def say(line: str) -> None:
    print(f"\n=== {line}", flush=True)


def migrated(values: dict[str, str], database: str) -> None:
    """Bring an empty database to the state that every worker starts from."""
    for command in (["migrate", "--verbosity", "0"], ["createcachetable"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            check=True,
            cwd=ROOT,
            env={**values, "DATABASE_URL": database},
        )


def run(engine: str, values: dict[str, str], arguments: list[str]) -> int:
    say(f"{engine}, {WORKERS} workers")
    began = time.monotonic()
    parallel = ["-n", WORKERS, "--dist", "worksteal"] if WORKERS != "1" else []
    command = [sys.executable, "-m", "pytest", "-q", *parallel, *arguments]
    status = subprocess.run(command, cwd=ROOT, env=values).returncode
    say(f"{engine}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s")
    return status


def on_sqlite(folder: Path, values: dict[str, str], arguments: list[str]) -> int:
    template = folder / "template.sqlite3"
    migrated(values, f"sqlite:///{template}")
    return run(
        "SQLite",
        {
            **values,
            "DATABASE_URL": f"sqlite:///{folder / 'unused.sqlite3'}",
            "TEST_TEMPLATE": str(template),
        },
        arguments,
    )


def on_postgresql(values: dict[str, str], arguments: list[str]) -> int:
    if not is_available():
        say("PostgreSQL: SKIPPED, no server program found (Debian: apt-get install postgresql)")
        return 1 if REQUIRED else 0
    with TempPostgres() as server:
        template = server.url.rpartition("/")[0] + "/template_focus"
        subprocess.run(
            [str(find_program("createdb")), f"--maintenance-db={server.url}", "template_focus"],
            check=True,
        )
        migrated(values, template)
        return run(
            "PostgreSQL",
            {**values, "DATABASE_URL": server.url, "TEST_TEMPLATE": "template_focus"},
            arguments,
        )


def main() -> int:
    arguments = sys.argv[1:]
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="focus-tests-"))
    values = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.test_settings",
        "DATA_DIR": str(folder),
        "DEMO": "1",
    }
    try:
        subprocess.run([sys.executable, "-m", "config.catalogues"], check=True, env=values)
        results = [on_sqlite(folder, values, arguments), on_postgresql(values, arguments)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"{'FAILED' if any(results) else 'all passed'} in {time.monotonic() - began:.0f} s")
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
