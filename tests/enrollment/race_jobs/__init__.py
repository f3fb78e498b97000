"""What one process of a race does. Arguments and results are what JSON can carry; people, runs and enrolments are
told by their ids."""

import time
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier, Event

from django.db import connection

from . import applications, booking, changes, companies, organiser, visitors, waiting

MOST_SECONDS = 60
HELD_UP_SECONDS = 0.6
JOBS = {
    job.__name__: job
    for job in (
        *(applications.offer_again, applications.select, applications.turn_down),
        *(booking.book, booking.book_and_die, booking.book_unprotected, booking.give_up),
        booking.sign_up,
        *(companies.hold, companies.merge_companies, companies.send),
        *(changes.leave_team, changes.merge, changes.move, changes.name, changes.substitute),
        *(organiser.cancel_run, organiser.resize, organiser.share),
        *(visitors.broken, visitors.keep_booking, visitors.use),
        *(waiting.accept, waiting.expire, waiting.join, waiting.pass_on),
    )
}


def any_of(*, job: str, **arguments) -> str:
    return JOBS[job](**arguments)


def meanwhile(*, half_done: Event, job: str, after: str = "", **arguments) -> str:
    """The job with `after` is held up for a moment after its first statement with these words. The others wait
    until it is there: they meet it half done."""
    if not after:
        assert half_done.wait(MOST_SECONDS), "nobody was held up"
        return JOBS[job](**arguments)

    def hold_up(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if after in sql and not half_done.is_set():
            half_done.set()
            time.sleep(HELD_UP_SECONDS)
        return result

    with connection.execute_wrapper(hold_up):
        result = JOBS[job](**arguments)
    assert half_done.is_set(), f"{job} has no statement with {after}"
    return result


def rounds(*, barrier: Barrier, jobs: list[dict]) -> list[str]:
    """One after the other, each at the same moment as the others' job of this round, or `later_ms` after."""
    results = []
    for job in jobs:
        later = job.pop("later_ms", 0) / 1000
        barrier.wait(MOST_SECONDS)
        time.sleep(later)
        results.append(any_of(**job))
    return results


def run_all(job: str, arguments: list[dict]) -> list[dict]:
    """`job` once per argument, each in a process of its own; see `bench.processes.together`."""
    from bench.processes import together

    many = get_context("fork")
    if job == "rounds":
        barrier = many.Barrier(len(arguments))
        return together(lambda given: rounds(barrier=barrier, **given), arguments)
    if job == "meanwhile":
        half_done = many.Event()
        return together(lambda given: meanwhile(half_done=half_done, **given), arguments)
    chosen = any_of if job == "any_of" else JOBS[job]
    return together(lambda given: chosen(**given), arguments)
