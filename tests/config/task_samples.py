"""Tasks for the tests of the worker; they leave a line in a file, so that processes can be watched."""

import time
from pathlib import Path

from django_tasks import task


@task()
def note(*, path: str, line: str) -> None:
    with Path(path).open("a") as log:
        log.write(line + "\n")


@task()
def hang_once(*, path: str) -> None:
    """Hangs at the first attempt, ends at once at the next."""
    started = Path(path).exists() and "started" in Path(path).read_text()
    with Path(path).open("a") as log:
        log.write("started\n")
    if not started:
        time.sleep(120)
    with Path(path).open("a") as log:
        log.write("done\n")
