"""`make bench`: every benchmark on its own SQLite and PostgreSQL database; JSON lines on stdout, the rest on stderr.

make bench ARGS="rush pages"        # only these
BENCH_DATABASES=sqlite make bench

The throw-away PostgreSQL does not wait for the disk (`tests/pgtemp.py`): what is measured is the work of the
program and of the database, not of the disk. In production every commit waits for one flush more.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from bench.report import say
from tests.pgtemp import TempPostgres, find_program, is_available

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = (
    "pages",
    "weight",
    "first_request",
    "signup",
    "orders",
    "rush",
    "certificate",
    "demo_again",
)


def environment(folder: Path, database: str) -> dict[str, str]:
    return {
        **os.environ,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "EMAIL_URL": "dummy://",
        "SITE_URL": "",
    }


def prepare(values: dict[str, str]) -> None:
    """An empty, migrated database with the pages and example content of the demo."""
    subprocess.run([sys.executable, "-m", "config.catalogues"], check=True, env=values, cwd=ROOT)
    subprocess.run(
        [sys.executable, "manage.py", "prepare_demo"],
        check=True,
        env=values,
        cwd=ROOT,
        stdout=sys.stderr,
    )


def run_all(values: dict[str, str], wanted: list[str]) -> list[str]:
    """Each benchmark in a process of its own; returns the names of those that failed."""
    failed = []
    for name in wanted:
        if not find_spec(f"bench.{name}"):
            say(f"no bench.{name}")
            failed.append(name)
            continue
        say(f"--- {name}")
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], env=values, cwd=ROOT)
        if done.returncode:
            failed.append(name)
    return failed


def main() -> int:
    wanted = sys.argv[1:] or list(BENCHMARKS)
    databases = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
    folder = Path(tempfile.mkdtemp(prefix="focus-bench-"))
    failed = []
    try:
        if "sqlite" in databases:
            values = environment(folder / "sqlite", f"sqlite:///{folder / 'bench.sqlite3'}")
            say("=== SQLite")
            prepare(values)
            failed += run_all(values, wanted)
        if "postgresql" in databases and not is_available():
            say("=== PostgreSQL: SKIPPED, no server program (Debian: apt-get install postgresql)")
        elif "postgresql" in databases:
            say("=== PostgreSQL")
            with TempPostgres() as server:
                address = server.url.rpartition("/")[0] + "/bench"
                values = environment(folder / "postgresql", address)
                subprocess.run(
                    [str(find_program("createdb")), f"--maintenance-db={server.url}", "bench"],
                    check=True,
                )
                prepare(values)
                failed += run_all(values, wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if failed:
        say("FAILED:", *failed)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
