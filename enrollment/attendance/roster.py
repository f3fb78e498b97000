"""Reading: the list of one meeting, and a leader's meetings."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Session
from courses.models.run import STOCKHOLM
from enrollment.models import Enrollment
from enrollment.status import Reason, Status

from .minutes import choice_of
from .models import Attendance, Roster, SessionClosure


@dataclass(frozen=True)
class Line:
    """One person on the list; `choice` is "" for nobody marked."""

    public_id: UUID
    name: str
    company: str
    choice: str
    minutes: int | None


@dataclass(frozen=True)
class Gone:
    """Somebody who had a place and cancelled it."""

    name: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Sheet:
    lines: list[Line]
    gone: list[Gone]
    closures: list[SessionClosure]
    saved_at: datetime | None

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def marked(self) -> int:
        return sum(1 for line in self.lines if line.choice)

    @property
    def sums(self) -> dict[str, int]:
        """How many are here (late ones too), late, gone early, absent."""
        by = Counter(line.choice for line in self.lines)
        late = by["late15"] + by["late30"]
        return {
            "here": by["present"] + late + by["left"],
            "late": late,
            "left": by["left"],
            "absent": by["absent"],
        }

    @property
    def closure(self) -> SessionClosure | None:
        return next((c for c in self.closures if c.reopened_at is None), None)

    @property
    def reopened(self) -> SessionClosure | None:
        """The last reopening, while the list is open again."""
        return self.closures[-1] if self.closures and not self.closure else None


def sheet(session: Session) -> Sheet:
    """The list of a meeting, in a fixed number of queries."""
    people = list(
        Enrollment.objects.filter(run_id=session.run_id, person__isnull=False)
        .exclude(status__in=(Status.APPLIED, Status.HELD, Status.OFFERED))
        .select_related("person", "booking__company")
        .order_by("person__last_name", "person__first_name", "pk")
    )
    rows = {row.enrollment_id: row for row in Attendance.objects.current().filter(session=session)}
    here = [e for e in people if e.status == Status.CONFIRMED]
    again = {e.person_id for e in here}
    last = max(rows.values(), key=lambda row: row.pk, default=None)
    return Sheet(
        lines=[
            Line(
                public_id=e.public_id,
                name=e.person.get_full_name() or e.person.email,
                company=e.booking.company.name if e.booking.company else e.booking.company_name,
                choice=choice_of(rows.get(e.pk), session=session),
                minutes=rows[e.pk].minutes if e.pk in rows else None,
            )
            for e in here
        ],
        gone=[
            Gone(
                name=e.person.get_full_name() or e.person.email,
                reason=Reason(e.reason).label if e.reason else "",
                at=e.cancelled_at,
            )
            for e in people
            if e.confirmed_at and e.cancelled_at and e.person_id not in again
        ],
        closures=list(SessionClosure.objects.filter(session=session)),
        saved_at=last.recorded_at if last else None,
    )


def meetings(rosters: QuerySet[Roster], *, now: datetime) -> dict[str, list[Roster]]:
    """A leader's meetings as `today` (also one that goes on past midnight), `next` (at most 20, soonest
    first) and `earlier` (at most 20, latest first), days in Europe/Stockholm; each with `closed`."""
    local = now.astimezone(STOCKHOLM)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=1)
    closed = SessionClosure.objects.filter(session=OuterRef("pk"), reopened_at=None)
    listed = (
        rosters.select_related("run__course", "run__municipality", "venue__municipality")
        .prefetch_related("modules")
        .annotate(closed=Exists(closed))
    )
    today = Q(starts_at__gte=start, starts_at__lt=end) | Q(starts_at__lte=now, ends_at__gt=now)
    return {
        "today": list(listed.filter(today).order_by("starts_at")),
        "next": list(listed.filter(starts_at__gte=end).order_by("starts_at")[:20]),
        "earlier": list(
            listed.filter(starts_at__lt=start, ends_at__lte=now).order_by("-starts_at")[:20]
        ),
    }
