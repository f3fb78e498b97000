"""Many processes at one run, told by `race()`.

Per database one process with Django set up, `python -m tests.enrollment.racers`, waits for races: starting Python
for each would take longer than the race. For each it forks a runner, whose racers begin together; every racer is
a process with a connection of its own. The jobs are in `race_jobs`.
"""

import atexit
import gc
import json
import os
import select
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 120


def race(job: str, arguments: list[dict], *, database: str = "") -> list[dict]:
    """Run `job(**argument)` in one process per argument, all at once, on the test's own database or on the
    one with this address. Gives what `bench.processes.together` gives."""
    from django.db import connection

    starter = _starter(database or url_of(connection.settings_dict))
    starter.stdin.write(json.dumps([job, arguments]) + "\n")
    starter.stdin.flush()
    if not select.select([starter.stdout], [], [], MOST_SECONDS)[0]:
        starter.kill()
        raise TimeoutError(f"no end of {job} after {MOST_SECONDS} s")
    answers = json.loads(starter.stdout.readline() or "null")
    if starter.poll() is not None:
        # The next race begins anew and tells what is wrong, not that a pipe is broken.
        _starter.cache_clear()
    assert answers is not None, f"the race of {job} broke off; see the captured stderr"
    return answers


@cache
def _starter(database: str) -> subprocess.Popen[str]:
    from django.conf import settings

    process = subprocess.Popen(
        [sys.executable, "-m", "tests.enrollment.racers"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database,
            "DATA_DIR": str(settings.DATA_DIR),
            "DJANGO_SETTINGS_MODULE": "config.test_settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # The end of its orders ends it, even when this process is killed.
    atexit.register(process.communicate)
    return process


def url_of(database: dict) -> str:
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    address = f"{database['HOST']}:{database['PORT']}" if database["PORT"] else database["HOST"]
    user = (
        f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    )
    return f"postgres://{user}@{address}/{database['NAME']}"


def _serve() -> None:
    """Read [job, arguments] line by line; write the answers, `null` for a race that broke off."""
    import django

    django.setup()
    _warm_up()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        runner = os.fork()
        if runner == 0:
            _run(*json.loads(line))
        if os.waitpid(runner, 0)[1]:
            print("null", flush=True)


def _run(job: str, arguments: list[dict]) -> None:
    """Never returns; what goes wrong ends this process as any other."""
    from tests.enrollment.race_jobs import run_all

    print(json.dumps(run_all(job, arguments)), flush=True)
    os._exit(0)


def _warm_up() -> None:
    """What a server that runs has loaded already: addresses, words, templates of mails. Racers inherit it;
    else each would load it while it holds a lock that the others wait for."""
    from django.db import connections
    from django.template.loader import get_template
    from django.urls import reverse
    from django.utils.translation import gettext, override

    from tests.enrollment import race_jobs  # noqa: F401 - and what it imports

    for language in ("sv", "en"):
        with override(language):
            gettext("Place held"), reverse("my")
    for file in (ROOT / "templates" / "mail").iterdir():
        get_template(f"mail/{file.name}")
    connections.close_all()


if __name__ == "__main__":
    _serve()
