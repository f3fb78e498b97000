"""Runs with terms, teams, and what their changes say to a diary."""

import re
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from accounts.registries import invariants
from courses.models import Course
from enrollment import group_booking
from enrollment.group_booking import Named
from enrollment.models import (
    CancellationPolicy,
    CancellationStep,
    RunRules,
)
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.enrollment.factories import (
    group_form,
    make_open_run,
)

COLLEAGUE = Named("kollega@ventil.example.org", "Kim", "Kollega")


def make_policy(*steps: tuple[int, int, int], substitutes: bool = True) -> CancellationPolicy:
    """Terms with steps of (days, per cent, fee in öre)."""
    policy = CancellationPolicy.objects.create(
        name_sv="Villkor", name_en="Terms", substitutes=substitutes
    )
    for days, percent, fee_ore in steps:
        CancellationStep.objects.create(policy=policy, days=days, percent=percent, fee_ore=fee_ore)
    return policy


def make_run_with(policy, *, now, **fields):
    run = make_open_run(now=now, **fields)
    RunRules.objects.create(run=run, cancellation=policy)
    run.refresh_from_db()
    return run


def first_at(run, moment: datetime) -> None:
    """Put the run's meetings on `moment` and the days after it."""
    for number, meeting in enumerate(run.sessions.order_by("number")):
        meeting.starts_at = moment + timedelta(days=7 * number)
        meeting.ends_at = meeting.starts_at + timedelta(hours=3)
        meeting.save()


def events(mail: OutgoingMail) -> dict[str, dict[str, tuple[int, str]]]:
    """METHOD -> UID -> (SEQUENCE, start) of what a mail brings to a diary."""
    found: dict[str, dict] = {}
    text = fill(mail).calendar
    for part in re.findall(r"BEGIN:VCALENDAR.*?END:VCALENDAR", text, re.DOTALL):
        calendar = Calendar.from_ical(part)
        for event in calendar.walk("VEVENT"):
            found.setdefault(str(calendar["method"]), {})[str(event["uid"])] = (
                int(event["sequence"]),
                event["dtstart"].dt.astimezone(UTC).isoformat(),
            )
    return found


def holds(now) -> list[str]:
    return [message for check in invariants.values() for message in check(now)]


# Sundays over the change of summer time


def two_runs(now, **fields):
    """Two runs of a course with one place each."""
    run = make_open_run(now=now, places_count=1, **fields)
    return run, make_open_run(now=now, places_count=1, course=run.course, **fields)


def make_team(now, people: int = 2, **fields):
    run = make_open_run(now=now, **fields)
    run.course.unit = Course.Unit.TEAM
    run.course.save()
    names = [Named(f"lag{n}@ventil.example.org", f"Lag{n}", "Lagsson") for n in range(people)]
    group = group_booking.send(**group_form(run=run, now=now, people=names))
    return run, list(group.enrollments.order_by("pk"))
