"""What the catalogue and a course's page show, each thing read once."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, F, Min, Q, Subquery, Value
from django.utils.timezone import make_aware

from home.prepared import Prepared

from .filters import narrow, read
from .models import Course, CoursePage, LearningOutcome, Module, Run, Session
from .models.run import STOCKHOLM
from .words import page_for

PAGE_SIZE = 20
AROUND = 3


def catalogue(params, *, now: datetime) -> dict:
    """The runs that start from a day on, soonest first, `PAGE_SIZE` to a page: a list of a thousand is not
    read, and a page costs the same however many there are. Cancelled runs stay listed until their day, so
    that nobody looks for them in vain.

    Gives `filters`, `runs` (with `first_at`, `last_at`), `total`, `pages` (numbers to link), `number`.
    Five queries with runs, three without; places come from the template.
    """
    filters = read(params, now=now)
    midnight = make_aware(datetime.combine(filters.start, time.min), STOCKHOLM)
    # What starts with the day itself is listed.
    before = max(midnight, now) - timedelta(microseconds=1)
    number = _page_number(params.get("page"))
    found, total = _page(number, before=before, **filters.wanted)
    if not found and number > 1:
        number = 1
        found, total = _page(1, before=before, **filters.wanted)
    last = -(-total // PAGE_SIZE)
    return {
        "filters": filters,
        "runs": found,
        "total": total,
        "page_number": number,
        "pages": [n for n in range(1, last + 1) if n in (1, last) or abs(n - number) <= AROUND],
        "last_page": last,
        "now": now,
    }


def course_facts(page: CoursePage, *, now: datetime) -> dict:
    """What a course page shows beside its words: runs not yet over (with dates), the next one that can be
    booked or else the first to come, its meetings, modules, outcomes. Five queries."""
    course = page.course
    runs = _runs(course=course.pk, now=now)
    for run in runs:
        run.course = course
    coming = [run for run in runs if run.first_at and run.first_at > now and not run.is_cancelled]
    next_run = next(
        (run for run in coming if run.accepts_bookings(now)), coming[0] if coming else None
    )
    modules, outcomes = course_parts(course)
    meetings = meetings_of(next_run, modules) if next_run else []
    return {
        "course": course,
        "runs": runs,
        "next_run": next_run,
        "meetings": meetings,
        "modules": modules,
        "outcomes": outcomes,
        "now": now,
    }


def course_parts(course: Course) -> tuple[list[Module], list[LearningOutcome]]:
    """A course's modules and outcomes in their order. One query: both are numbered pairs of words."""
    modules, results = [], []
    for order, pk, sv, en, minutes in _parts(course=course.pk):
        if minutes < 0:
            results.append(
                LearningOutcome(pk=pk, course=course, order=order, text_sv=sv, text_en=en)
            )
        else:
            modules.append(
                Module(pk=pk, course=course, order=order, name_sv=sv, name_en=en, minutes=minutes)
            )
    return modules, results


def meetings_of(run: Run, modules: Iterable[Module]) -> list[Session]:
    """The meetings of a run that are not cancelled, by time, each with `taught`: its modules out of the given
    ones. One query."""
    by_id = {module.pk: module for module in modules}
    found: dict[int, Session] = {}
    for row in _meetings(run=run.pk):
        row.run = run
        meeting = found.setdefault(row.pk, row)
        taught = vars(meeting).setdefault("taught", [])
        if row.module_id in by_id:
            taught.append(by_id[row.module_id])
    return list(found.values())


def run_facts(run: Run, *, language: str | None, now: datetime) -> dict:
    """What a run's own page shows: the run, its meetings, the course's page in the reader's language, and for a
    run that cannot be booked up to three others of the course. Four queries at most, places apart."""
    others = []
    begun = run.first_at is not None and run.first_at <= now
    if begun or run.is_cancelled or not run.accepts_bookings(now):
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
        "meetings": meetings_of(run, course_parts(run.course)[0]),
        "now": now,
    }


def _runs_ahead(course: int, now: datetime):
    return (
        Run.objects.public()
        .filter(course=course)
        .with_days()
        .filter(Q(last_at__gte=now) | Q(last_at=None))
        .for_list()
        .order_by(F("first_at").asc(nulls_last=True), "code")[:PAGE_SIZE]
    )


def _numbered_parts(course: int):
    fields = ("order", "pk", "name_sv", "name_en", "minutes")
    outcomes = LearningOutcome.objects.filter(course=course).order_by()
    return (
        Module.objects.filter(course=course)
        .order_by()
        .values_list(*fields)
        .union(
            outcomes.values_list("order", "pk", "text_sv", "text_en", Value(-1)),
            all=True,
        )
        .order_by("order")
    )


def _meetings_with_modules(run: int):
    return (
        Session.objects.standing()
        .filter(run=run)
        .select_related("venue__municipality")
        .annotate(module_id=F("modules"))
        .order_by("starts_at", "number", "modules__order")
    )


_runs = Prepared(_runs_ahead)
_parts = Prepared(_numbered_parts)
_meetings = Prepared(_meetings_with_modules)


def _listed(before: datetime, **wanted):
    runs = narrow(Run.objects.public(), **wanted).starting_after(before).order_by()
    kept = ~Q(sessions__status=Session.Status.CANCELLED) | Q(status=Run.Status.CANCELLED)
    total = runs.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return (
        runs.values_list("pk")
        .annotate(first_at=Min("sessions__starts_at", filter=kept), total=Subquery(total))
        .order_by(F("first_at").asc(nulls_last=True), "code")
    )


# Most readers look at the first page.
_first_page = Prepared(lambda **values: _listed(**values)[:PAGE_SIZE])
_shown = Prepared(lambda pks: Run.objects.filter(pk__in=pks).with_days().for_list())


def _page(number: int, **values) -> tuple[list[Run], int]:
    """A page of runs with their days, and how many there are in all. The database goes through all of them to
    count and order them, so that step reads next to nothing of each; what is shown is read for the page's alone."""
    start = (number - 1) * PAGE_SIZE
    rows = (
        _first_page(**values) if number == 1 else list(_listed(**values)[start : start + PAGE_SIZE])
    )
    by_pk = {run.pk: run for run in _shown(pks=[row[0] for row in rows])}
    return [by_pk[row[0]] for row in rows if row[0] in by_pk], rows[0][2] if rows else 0


def _page_number(typed: str | None) -> int:
    try:
        return min(max(int(typed or 1), 1), 10_000)
    except ValueError:
        return 1
