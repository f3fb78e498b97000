"""What one process of a race does. Arguments and results are what JSON can carry; people, runs and enrolments are
told by their ids."""

import time
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from django.db import connection

from . import applications, booking, changes, companies, organiser, visitors, waiting

JOBS = {
    job.__name__: job
    for job in (
        applications.offer_again,
        *(booking.book, booking.book_and_die, booking.book_unprotected, booking.give_up),
        booking.sign_up,
        *(companies.hold, companies.send),
        *(changes.leave_team, changes.merge, changes.move, changes.name, changes.substitute),
        *(organiser.cancel_run, organiser.resize, organiser.share),
        *(visitors.broken, visitors.keep_booking, visitors.use),
        *(waiting.accept, waiting.expire, waiting.join, waiting.pass_on),
    )
}


def any_of(*, job: str, **arguments) -> str:
    return slowly(job=job, **arguments) if "after" in arguments else JOBS[job](**arguments)


def slowly(*, job: str, after: str, ms: int, **arguments) -> str:
    """`job`, held up for so many milliseconds after its first statement with the words `after`: whoever comes
    meanwhile meets it half done."""
    held = False

    def hold_up(execute, sql, params, many, context):
        nonlocal held
        result = execute(sql, params, many, context)
        if not held and after in sql:
            held = True
            time.sleep(ms / 1000)
        return result

    with connection.execute_wrapper(hold_up):
        result = JOBS[job](**arguments)
    assert held, f"{job} has no statement with {after}"
    return result


def rounds(*, barrier: Barrier, jobs: list[dict]) -> list[str]:
    """One after the other, each at the same moment as the others' job of this round, or `later_ms` after."""
    results = []
    for job in jobs:
        later = job.pop("later_ms", 0) / 1000
        barrier.wait(60)
        time.sleep(later)
        results.append(any_of(**job))
    return results


def run_all(job: str, arguments: list[dict]) -> list[dict]:
    """`job` once per argument, each in a process of its own; see `bench.processes.together`."""
    from bench.processes import together

    if job == "rounds":
        barrier = get_context("fork").Barrier(len(arguments))
        return together(lambda given: rounds(barrier=barrier, **given), arguments)
    chosen = any_of if job == "any_of" else JOBS[job]
    return together(lambda given: chosen(**given), arguments)
