"""What a person's own page shows, each thing read once: own courses, and what is booked for colleagues."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import get_language

from accounts.models import User
from courses.models import Run, Session
from courses.words import pages_for

from . import waiting
from .mails import offer_token
from .models import Enrollment, WaitingEntry
from .seat_lists import Course, by_run, seats_of
from .status import Status
from .why import Answer, why


@dataclass
class Taking:
    """One of the person's courses: `missing` says in words what still stands between them and the place."""

    enrollment: Enrollment
    run: Run
    meetings: list[Session]
    next_meeting: Session | None = None
    missing: list[Answer] = field(default_factory=list)
    page: object | None = None

    @property
    def _is_placed(self) -> bool:
        held = (Status.HELD, Status.CONFIRMED)
        return self.enrollment.status in held and not self.run.is_cancelled

    @property
    def may_hand_over(self) -> bool:
        policy = self.enrollment.booking.cancellation
        return bool(
            self._is_placed
            and self.enrollment.person_id
            and self.next_meeting
            and (policy is None or policy.substitutes)
        )

    @property
    def may_move(self) -> bool:
        """Before the first meeting; what it costs and where to, its page tells."""
        return bool(self._is_placed and self.first_at and self.next_meeting == self.meetings[0])

    @property
    def may_add(self) -> bool:
        return bool(self._is_placed and self.enrollment.team_id and self.next_meeting)

    @property
    def first_at(self) -> datetime | None:
        return self.meetings[0].starts_at if self.meetings else None

    @property
    def last_at(self) -> datetime | None:
        return self.meetings[-1].ends_at if self.meetings else None


def overview(person: User, *, now: datetime) -> dict:
    """Everything for `/my/`: `courses` (live, by next meeting), `past`, `cancelled`, `entries` (with
    `position` or `offer_token`), `upnext` (the course with the nearest meeting); `colleagues`: courses ahead
    on which the person has booked others, whose past stands on the company's page."""
    enrollments = (
        Enrollment.objects.filter(person=person)
        .select_related(
            "run__course", "run__host", "run__municipality", "booking__cancellation", "person"
        )
        .prefetch_related(
            Prefetch(
                "run__sessions",
                Session.objects.exclude(status=Session.Status.CANCELLED)
                .select_related("venue__municipality")
                .prefetch_related("modules")
                .order_by("starts_at"),
            )
        )
        .order_by("-created_at", "-pk")
    )
    takings = [_taking(enrollment, now) for enrollment in enrollments]
    pages = pages_for({t.run.course for t in takings}, get_language()) if takings else {}
    for taking in takings:
        taking.page = pages.get(taking.run.course_id)
    live = [t for t in takings if t.enrollment.status in Status.LIVE]
    past = [t for t in live if t.last_at and t.last_at <= now]
    current = sorted(
        (t for t in live if t not in past), key=lambda t: (t.first_at is None, t.first_at)
    )
    coming = [t for t in current if t.next_meeting and t.enrollment.status == Status.CONFIRMED]
    return {
        "now": now,
        "courses": current,
        "past": sorted(past, key=lambda t: t.last_at, reverse=True),
        "colleagues": _colleagues(person, now=now),
        "cancelled": [t for t in takings if t.enrollment.status == Status.CANCELLED],
        "entries": _entries(person, now=now),
        "upnext": min(coming, key=lambda t: t.next_meeting.starts_at, default=None),
    }


def _taking(enrollment: Enrollment, now: datetime) -> Taking:
    meetings = list(enrollment.run.sessions.all())
    waits = enrollment.status in (Status.APPLIED, Status.HELD, Status.OFFERED)
    return Taking(
        enrollment=enrollment,
        run=enrollment.run,
        meetings=meetings,
        next_meeting=next((m for m in meetings if m.ends_at > now), None),
        missing=[a for a in why(enrollment, now=now) if a.code != "until"] if waits else [],
    )


def _colleagues(person: User, *, now: datetime) -> list[Course]:
    booked = Enrollment.objects.filter(booking__booked_by=person).exclude(person=person)
    return [course for course in by_run(seats_of(booked), now=now) if not course.over]


def _entries(person: User, *, now: datetime) -> list[WaitingEntry]:
    entries = list(
        WaitingEntry.objects.open().filter(person=person).select_related("run__course", "booking")
    )
    for entry in entries:
        entry.position = waiting.position(entry)
        entry.answers = why(entry, now=now) if entry.position else []
        entry.offer_token = (
            offer_token(entry) if entry.status == WaitingEntry.Status.OFFERED else ""
        )
    return entries
