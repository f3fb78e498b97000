"""Reading: the modules of a person's runs as stations, with where the person is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.models import Module, ModulePage, Session
from enrollment.models import Enrollment

from .opening import openings
from .progress import for_enrollments


@dataclass(frozen=True)
class Station:
    """`state` is "done", "next" (the first open one that is not done) or "todo"."""

    module: Module
    state: str
    readable: bool
    opens_at: datetime | None
    meeting: Session | None


def paths(enrollments: Sequence[Enrollment], *, now: datetime) -> dict[int, list[Station]]:
    """`{enrolment id: stations in order}` in a fixed number of queries."""
    runs = {enrollment.run_id: enrollment.run for enrollment in enrollments}
    courses = {run.course_id for run in runs.values()}
    modules: dict[int, list[Module]] = {}
    for module in Module.objects.filter(course__in=courses).order_by("course", "order"):
        modules.setdefault(module.course_id, []).append(module)
    written = set(
        ModulePage.objects.live()
        .filter(module__course__in=courses)
        .values_list("module_id", flat=True)
    )
    meetings: dict[tuple[int, int], Session] = {}
    sessions = (
        Session.objects.filter(run__in=list(runs))
        .exclude(status=Session.Status.CANCELLED)
        .select_related("venue__municipality")
        .prefetch_related("modules")
        .order_by("starts_at")
    )
    for session in sessions:
        for module in session.modules.all():
            meetings.setdefault((session.run_id, module.pk), session)
    opens = openings(runs.values())
    done = for_enrollments(enrollments)
    found = {}
    for enrollment in enrollments:
        stations, next_taken = [], False
        for module in modules.get(runs[enrollment.run_id].course_id, []):
            opens_at = opens.get((enrollment.run_id, module.pk))
            is_open = opens_at is None or opens_at <= now
            readable = is_open and module.pk in written
            state = "todo"
            if module.pk in done[enrollment.pk]:
                state = "done"
            elif readable and not next_taken:
                state, next_taken = "next", True
            meeting = meetings.get((enrollment.run_id, module.pk))
            stations.append(
                Station(module, state, readable, None if is_open else opens_at, meeting)
            )
        found[enrollment.pk] = stations
    return found
