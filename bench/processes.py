"""Many processes that start at the same moment, each with its own database connection."""

import gc
import json
import os
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial


def together(
    job: Callable, arguments: Sequence, *, warm_up: Callable[[int], object] | None = None
) -> list[dict]:
    """Fork one process per argument; all call `job(argument)` once every one of them is connected and has
    done `warm_up(its number)`: workers and connections of a server that runs have served before.

    Gives per process `{"result": …, "error": traceback or "", "began": …, "ended": …, "cpu": …}`
    (times of the monotonic clock, seconds of CPU; forking, connecting and warming up lie before). Call it
    from a process without threads; `job`
    must return what JSON can carry.
    """
    from django.db import connections

    connections.close_all()
    # As a forking server does: what is loaded is shared and never looked through again.
    gc.collect()
    gc.freeze()
    ready, is_ready = os.pipe()
    gate, lifted = os.pipe()
    pipes = []
    for number, argument in enumerate(arguments):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            for end in (reader, ready, lifted):
                os.close(end)
            _child(
                partial(job, argument), warm_up and partial(warm_up, number), writer, is_ready, gate
            )
        os.close(writer)
        pipes.append((pid, reader))
    os.close(is_ready)
    waiting = len(pipes)
    while waiting and (here := os.read(ready, waiting)):
        waiting -= len(here)
    # Nobody holds the other end of the gate now: all children read its end at once.
    os.close(lifted)
    answers = []
    for pid, reader in pipes:
        with os.fdopen(reader) as pipe:
            answers.append(json.loads(pipe.read() or '{"error": "died", "result": null}'))
        os.waitpid(pid, 0)
    os.close(gate)
    os.close(ready)
    gc.unfreeze()
    return answers


def _child(job: Callable, warm_up: Callable | None, writer: int, is_ready: int, gate: int) -> None:
    from django.db import connection

    answer: dict = {"result": None, "error": ""}
    try:
        connection.ensure_connection()
        if warm_up:
            warm_up()
        os.write(is_ready, b".")
        os.close(is_ready)
        os.read(gate, 1)
        answer["began"], cpu = time.monotonic(), time.process_time()
        answer["result"] = job()
        answer["cpu"] = time.process_time() - cpu
    except BaseException:
        answer["error"] = traceback.format_exc()
    answer["ended"] = time.monotonic()
    with os.fdopen(writer, "w") as pipe:
        pipe.write(json.dumps(answer))
    os._exit(0)
