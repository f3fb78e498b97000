"""Many processes that start at the same moment, each with its own database connection."""

import json
import os
import time
import traceback
from collections.abc import Callable, Sequence


def together(job: Callable, arguments: Sequence, *, delay: float = 0.5) -> list[dict]:
    """Fork one process per argument; all call `job(argument)` at one start time.

    Gives per process `{"result": …, "error": traceback or "", "began": …, "ended": …}` (times of the
    monotonic clock). Call it from a process without threads; `job` must return what JSON can carry.
    """
    from django.db import connections

    connections.close_all()
    start = time.monotonic() + delay + len(arguments) * 0.005
    pipes = []
    for argument in arguments:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            _child(job, argument, start, writer)
        os.close(writer)
        pipes.append((pid, reader))
    answers = []
    for pid, reader in pipes:
        with os.fdopen(reader) as pipe:
            answers.append(json.loads(pipe.read() or '{"error": "died", "result": null}'))
        os.waitpid(pid, 0)
    return answers


def _child(job: Callable, argument, start: float, writer: int) -> None:
    from django.db import connection

    answer: dict = {"result": None, "error": ""}
    try:
        connection.ensure_connection()
        time.sleep(max(0.0, start - time.monotonic()))
        answer["began"] = time.monotonic()
        answer["result"] = job(argument)
    except BaseException:
        answer["error"] = traceback.format_exc()
    answer["ended"] = time.monotonic()
    with os.fdopen(writer, "w") as pipe:
        pipe.write(json.dumps(answer))
    os._exit(0)
