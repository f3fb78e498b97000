"""Gathering what a result rests on, and its hash."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courses.models import Run, Session
from enrollment.attendance.minutes import credited
from enrollment.attendance.models import SessionClosure
from enrollment.models import Enrollment
from enrollment.status import Status

from .arithmetic import Meeting, Policy, assess


class NotReady(Exception):
    """The evidence is not complete. `message` is for the reader, `meetings` the open lists' numbers."""

    message = _("Results can be proposed when every meeting has been held and its list is closed.")

    def __init__(self, meetings: list[int] | None = None):
        super().__init__(meetings)
        self.meetings = meetings or []


@dataclass(frozen=True)
class Evidence:
    """One person's numbers, ready to be stored and to be computed again."""

    enrollment: Enrollment
    inputs: dict
    sha256: str
    result: str


def sha256_of(inputs: dict) -> str:
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def outcome_of(inputs: dict):
    """The arithmetic over stored inputs: the same today and in ten years."""
    return assess(
        policy=Policy(
            **{k: inputs["policy"][k] for k in ("min_pct", "module_pct", "require_modules")}
        ),
        meetings=[
            Meeting(
                minutes=row["minutes"],
                credited=row["credited"],
                modules=tuple(row["modules"]),
                required=row["required"],
            )
            for row in inputs["meetings"]
        ],
        mandatory=inputs["mandatory"],
        held_before_leaving=inputs["held_before_leaving"],
    )


def last_meeting(run: Run) -> datetime | None:
    """The end of the last required meeting that was not cancelled."""
    required = run.sessions.filter(attendance_required=True)
    return (
        required.exclude(status=Session.Status.CANCELLED)
        .order_by("-ends_at")
        .values_list("ends_at", flat=True)
        .first()
    )


def open_meetings(run: Run) -> list[int]:
    """Numbers of the required meetings whose list is not closed; cancelled ones never count."""
    closed = SessionClosure.objects.filter(session__run=run, reopened_at=None).values("session")
    required = run.sessions.filter(attendance_required=True)
    waiting = required.exclude(status=Session.Status.CANCELLED).exclude(pk__in=closed)
    return list(waiting.order_by("number").values_list("number", flat=True))


def gather(run: Run) -> list[Evidence]:
    """The evidence of everybody who has a confirmed place or left after the first meeting began, by name, in
    a fixed number of queries. Raises NotReady."""
    waiting = open_meetings(run)
    closed = SessionClosure.objects.filter(session__run=run, reopened_at=None).values("session")
    sessions = list(
        run.sessions.filter(pk__in=closed)
        .exclude(status=Session.Status.CANCELLED)
        .prefetch_related("modules")
        .order_by("number")
    )
    required = [session for session in sessions if session.attendance_required]
    if waiting or not required:
        raise NotReady(waiting)
    mandatory = list(
        run.course.modules.filter(mandatory=True).order_by("order").values_list("pk", flat=True)
    )
    people = _people(run, first=required[0].starts_at)
    minutes = credited(people)
    return [
        _evidence(person, run=run, sessions=sessions, mandatory=mandatory, minutes=minutes)
        for person in people
    ]


def _people(run: Run, *, first: datetime) -> list[Enrollment]:
    took_part = run.enrollments.filter(person__isnull=False, confirmed_at__isnull=False)
    listed = list(
        took_part.filter(status__in=(Status.CONFIRMED, Status.CANCELLED))
        .select_related("person")
        .order_by("person__last_name", "person__first_name", "pk")
    )
    staying = {e.person_id for e in listed if e.status == Status.CONFIRMED}
    return [
        e
        for e in listed
        if e.status == Status.CONFIRMED
        or (e.cancelled_at and e.cancelled_at >= first and e.person_id not in staying)
    ]


def _evidence(person: Enrollment, *, run: Run, sessions, mandatory, minutes) -> Evidence:
    left_at = person.cancelled_at if person.status == Status.CANCELLED else None
    inputs = {
        "policy": {
            "version": run.policy.version,
            "min_pct": run.policy.min_pct,
            "module_pct": run.policy.module_pct,
            "require_modules": run.policy.require_modules,
        },
        "meetings": [
            {
                "number": session.number,
                "minutes": session.minutes,
                "credited": minutes.get((person.pk, session.pk), 0),
                "modules": sorted(module.pk for module in session.modules.all()),
                "required": session.attendance_required,
            }
            for session in sessions
        ],
        "mandatory": mandatory,
        "held_before_leaving": None
        if left_at is None
        else sum(
            session.minutes
            for session in sessions
            if session.attendance_required and session.ends_at <= left_at
        ),
    }
    outcome = outcome_of(inputs)
    inputs["numbers"] = {**asdict(outcome), "modules_attended": list(outcome.modules_attended)}
    return Evidence(person, inputs, sha256_of(inputs), outcome.result)
