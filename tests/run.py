"""`make test`: the whole suite on SQLite, then on a throw-away PostgreSQL what could differ there.

    make test ARGS="tests/courses -x"

The database is migrated once per engine; every worker gets a copy. Tests that reach no database, or are marked
`any_engine` (the demo in a browser, say, which is always SQLite's), are not run a second time.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.pgtemp import TempPostgres, find_program, is_available

ROOT = Path(__file__).resolve().parents[1]
WORKERS = os.environ.get("TEST_WORKERS") or str(min(os.cpu_count() or 1, 4))
TEMPLATE = "template_focus"
REQUIRED = os.environ.get("CI") == "1"


def say(line: str) -> None:
    print(f"\n=== {line}", flush=True)


def migrating(values: dict[str, str], database: str) -> subprocess.Popen[bytes]:
    """Bring an empty database, in the background, to the state that every worker starts from."""
    code = (
        "import django; django.setup(); from django.core.management import call_command as call;"
        " call('migrate', verbosity=0); call('createcachetable')"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env={**values, "DATABASE_URL": database}
    )


def run(engine: str, values: dict[str, str], arguments: list[str]) -> int:
    say(f"{engine}, {WORKERS} workers")
    began = time.monotonic()
    parallel = ["-n", WORKERS, "--dist", "worksteal"] if WORKERS != "1" else []
    command = [sys.executable, "-m", "pytest", "-q", *parallel, *arguments]
    status = subprocess.run(command, cwd=ROOT, env=values).returncode
    say(f"{engine}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s")
    return status


def start_server(stack: ExitStack) -> TempPostgres | None:
    if not is_available():
        return None
    server = stack.enter_context(TempPostgres())
    subprocess.run(
        [str(find_program("createdb")), f"--maintenance-db={server.url}", TEMPLATE], check=True
    )
    return server


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
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "config.catalogues"], check=True, env=values)
        server = start_server(stack)
        file = folder / "template.sqlite3"
        jobs = [migrating(values, f"sqlite:///{file}")]
        if server:
            jobs.append(migrating(values, f"{server.url.rpartition('/')[0]}/{TEMPLATE}"))
        if sum(job.wait() for job in jobs):
            sys.exit("the migrations failed")
        unused = f"sqlite:///{folder / 'unused.sqlite3'}"
        sqlite = {**values, "DATABASE_URL": unused, "TEST_TEMPLATE": str(file)}
        results = [run("SQLite", sqlite, arguments)]
        if server:
            postgresql = {**values, "DATABASE_URL": server.url, "TEST_TEMPLATE": TEMPLATE}
            results.append(run("PostgreSQL", postgresql, ["--second-engine", *arguments]))
        else:
            say("PostgreSQL: SKIPPED, no server program found (Debian: apt-get install postgresql)")
            results.append(int(REQUIRED))
    say(f"{'FAILED' if any(results) else 'all passed'} in {time.monotonic() - began:.0f} s")
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
