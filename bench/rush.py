"""500 attempts at 100 places by 32 processes, through the function that the sign-up form calls; and one
hot run with 16 clients and 10 ms of other work per booking."""

import time
import uuid
from collections.abc import Callable

from .processes import together
from .report import report, say
from .start import start

PLACES, ATTEMPTS, PROCESSES = 100, 500, 32
CLIENTS, EACH, OTHER_WORK = 16, 25, 0.010
ROUNDS = 3


def attempt(job: tuple[int, list[int]]) -> dict[str, int]:
    from django.utils import timezone

    from accounts.models import User
    from courses.models import Run
    from enrollment.booking import book
    from enrollment.places import Busy, RunFull

    run_id, people = job
    run = Run.objects.select_related("course", "host").get(pk=run_id)
    counts = {"sold": 0, "full": 0, "busy": 0}
    for person in list(User.objects.filter(pk__in=people)):
        try:
            book(
                run=run,
                person=person,
                booked_by=person,
                token=uuid.uuid4(),
                language="sv",
                terms_accepted=True,
                now=timezone.now(),
            )
            counts["sold"] += 1
        except RunFull:
            counts["full"] += 1
        except Busy:
            counts["busy"] += 1
    return counts


def prepare(places: int, people: int) -> tuple[int, list[int]]:
    from django.utils import timezone

    from accounts.models import User
    from enrollment.places import open_places
    from tests.courses.factories import make_run

    mark = uuid.uuid4().hex[:8]
    run = make_run(now=timezone.now(), code=f"bench-{mark}")
    open_places(run=run, count=places)
    made = User.objects.bulk_create(
        User(email=f"{mark}-{n}@example.org", first_name="Exempel", last_name=f"Nr {n}")
        for n in range(people)
    )
    return run.pk, [person.pk for person in made]


def ready(processes: int) -> Callable[[int], object]:
    """One booking per process on another run: what the workers of a running server have behind them."""
    run_id, people = prepare(processes, processes)
    return lambda number: attempt((run_id, people[number : number + 1]))


def shares(run_id: int, people: list[int], processes: int) -> list[tuple[int, list[int]]]:
    return [(run_id, people[n::processes]) for n in range(processes)]


def rush(database: str) -> None:
    from enrollment.models import Enrollment

    run_id, people = prepare(PLACES, ATTEMPTS)
    answers = together(attempt, shares(run_id, people, PROCESSES), warm_up=ready(PROCESSES))
    for answer in answers:
        if answer["error"]:
            say(answer["error"])
    errors = sum(bool(answer["error"]) for answer in answers)
    errors += sum(answer["result"]["busy"] for answer in answers if answer["result"])
    seconds = max(a["ended"] for a in answers) - min(a["began"] for a in answers if "began" in a)
    sold = Enrollment.objects.placed().filter(run=run_id).count()
    report("rush_sold", sold, "places", PLACES, database)
    report("rush_errors", errors, "errors", 0, database)
    report("rush_seconds", round(seconds, 2), "s", 3, database)
    cpu = sum(answer.get("cpu", 0) for answer in answers)
    report("rush_cpu_seconds", round(cpu, 2), "s", None, database)


def hot_run(database: str) -> None:
    """Other work: what a booking may wait for inside its transaction, played by a requirement that sleeps. Of
    several rounds the quickest counts: whatever else runs on the machine only slows down."""
    from enrollment.requirements import _requirements

    _requirements["other work"] = lambda enrollment: time.sleep(OTHER_WORK)
    try:
        rounds = [one_hot_round() for _ in range(ROUNDS)]
    finally:
        del _requirements["other work"]
    # SQLite has one writer: there the other work itself sets the pace.
    budget = 400 if database == "postgresql" else None
    pace = max(pace for pace, _cpu in rounds)
    report("hot_run_bookings_per_s", round(pace, 1), "1/s", budget, database)
    # Of the clients; the database's own is not known here.
    cpu = min(cpu for _pace, cpu in rounds)
    report("hot_run_cpu_ms", round(cpu * 1000, 2), "ms", None, database)


def one_hot_round() -> tuple[float, float]:
    """(bookings per second, seconds of the clients' CPU for each)."""
    run_id, people = prepare(CLIENTS * EACH, CLIENTS * EACH)
    answers = together(attempt, shares(run_id, people, CLIENTS), warm_up=ready(CLIENTS))
    seconds = max(a["ended"] for a in answers) - min(a["began"] for a in answers)
    sold = sum(answer["result"]["sold"] for answer in answers)
    return sold / seconds, sum(answer["cpu"] for answer in answers) / sold


def main() -> None:
    database = start()
    rush(database)
    hot_run(database)


if __name__ == "__main__":
    main()
