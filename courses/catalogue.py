"""What the catalogue and a course's page show, each thing read once."""

from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q, Window
from django.utils.timezone import make_aware

from .filters import read
from .models import CoursePage, Run
from .models.run import STOCKHOLM
from .words import page_for

PAGE_SIZE = 20
AROUND = 3
# Free cancellation until ten days before the first meeting (booking terms).
FREE_UNTIL = timedelta(days=10)


def catalogue(params, *, now: datetime) -> dict:
    """The runs that start from a day on, soonest first, `PAGE_SIZE` to a page: a list of a thousand is not
    read, and a page costs the same however many there are. Cancelled runs stay listed until their day, so
    that nobody looks for them in vain.

    Gives `filters`, `runs` (with `first_at`, `last_at`), `total`, `pages` (numbers to link), `number`.
    Four queries with runs, three without; places come from the template.
    """
    filters = read(params, now=now)
    since = max(make_aware(datetime.combine(filters.start, time.min), STOCKHOLM), now)
    runs = (
        filters.apply(Run.objects.public())
        .with_days()
        .filter(Q(first_at__gte=since) | Q(first_at=None))
        .order_by(F("first_at").asc(nulls_last=True), "code")
    )
    number = _page_number(params.get("page"))
    found = list(_page(runs, number))
    if not found and number > 1:
        number, found = 1, list(_page(runs, 1))
    total = found[0].total if found else 0
    last = -(-total // PAGE_SIZE)
    return {
        "filters": filters,
        "runs": found,
        "total": total,
        "number": number,
        "pages": [n for n in range(1, last + 1) if n in (1, last) or abs(n - number) <= AROUND],
        "last_page": last,
        "now": now,
    }


def course_facts(page: CoursePage, *, now: datetime) -> dict:
    """What a course page shows beside its words: runs not yet over (with dates), the next one that can be
    booked or else the first to come, its meetings, modules, outcomes. Five queries."""
    course = page.course
    runs = list(
        Run.objects.public()
        .filter(course=course)
        .with_days()
        .filter(Q(last_at__gte=now) | Q(last_at=None))
        .for_list()
        .order_by(F("first_at").asc(nulls_last=True), "code")[:PAGE_SIZE]
    )
    for run in runs:
        run.course = course
    coming = [run for run in runs if run.first_at and run.first_at > now and not run.is_cancelled]
    next_run = next((run for run in coming if run.accepts_bookings(now)), coming[0] if coming else None)
    meetings = []
    if next_run:
        meetings = list(next_run.sessions.standing().for_list())
    return {
        "course": course,
        "runs": runs,
        "next_run": next_run,
        "meetings": meetings,
        "modules": list(course.modules.all()),
        "outcomes": list(course.outcomes.all()),
        "now": now,
    }


def run_facts(run: Run, *, language: str | None, now: datetime) -> dict:
    """What a run's own page shows: the run, its meetings, the course's page in the reader's language, and for a
    run that cannot be booked up to three others of the course. Four queries at most, places apart."""
    others = []
    if run.is_cancelled or not run.accepts_bookings(now):
        others = list(
            Run.objects.upcoming(now).filter(course=run.course).exclude(pk=run.pk).for_list()[:3]
        )
    return {
        "run": run,
        "runs": [run, *others],
        "others": others,
        "course": run.course,
        "page": None,
        "course_page": page_for(run.course, language),
        "meetings": list(run.sessions.standing().for_list()),
        "free_until": run.first_at and run.first_at - FREE_UNTIL,
        "now": now,
    }


def _page(runs, number: int):
    start = (number - 1) * PAGE_SIZE
    return runs.annotate(total=Window(Count("*"))).for_list()[start : start + PAGE_SIZE]


def _page_number(typed: str | None) -> int:
    try:
        return min(max(int(typed or 1), 1), 10_000)
    except ValueError:
        return 1
