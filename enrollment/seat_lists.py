"""Who takes what: the seats that somebody has booked for others, or a company has, run by run."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Min, Q, QuerySet

from courses.models import Run, Session

from .models import Booking, Enrollment
from .requirements import missing_of
from .status import Status


@dataclass
class Seat:
    """One enrolment: `lacking` says in words, by name of the requirement, why it is not confirmed."""

    enrollment: Enrollment
    lacking: dict[str, str]

    @property
    def run(self) -> Run:
        return self.enrollment.run

    @property
    def booking(self) -> Booking:
        return self.enrollment.booking

    @property
    def unchecked(self) -> bool:
        """Whether somebody named by a colleague has not looked at their own data yet."""
        named_by_other = self.enrollment.person_id != self.booking.booked_by_id
        return named_by_other and self.enrollment.data_confirmed_at is None

    @property
    def until(self) -> datetime | None:
        waits = self.enrollment.status in (Status.HELD, Status.OFFERED)
        return self.enrollment.hold_until if waits else None


@dataclass
class ToName:
    """Seats of one booking that have no name yet, and until when they are kept."""

    booking: Booking
    run: Run
    seats: int
    due: datetime | None


@dataclass
class Course:
    """The seats on one run: `named` in order of names, `to_name` and `unpaid` once per booking. `begun` once
    the first meeting has started, `over` once the last one has ended."""

    run: Run
    begun: bool
    over: bool
    named: list[Seat] = field(default_factory=list)
    to_name: list[ToName] = field(default_factory=list)
    unpaid: list[Seat] = field(default_factory=list)

    @property
    def team(self) -> Enrollment | None:
        """A seat of a team that one more person could join."""
        seats = [] if self.over else [seat.enrollment for seat in self.named]
        placed = (Status.HELD, Status.CONFIRMED)
        return next((one for one in seats if one.team_id and one.status in placed), None)

    def add(self, seat: Seat) -> None:
        if seat.enrollment.person:
            self.named.append(seat)
        else:
            line = next((one for one in self.to_name if one.booking == seat.booking), None)
            if line is None:
                line = ToName(seat.booking, self.run, 0, None)
                self.to_name.append(line)
            line.seats, line.due = line.seats + 1, seat.enrollment.hold_until
        if "paid" in seat.lacking and seat.booking not in [one.booking for one in self.unpaid]:
            self.unpaid.append(seat)


def seats_of(enrollments: QuerySet[Enrollment]) -> list[Seat]:
    """The live ones, by first meeting, run and name; the number of queries does not grow with them."""
    rows = list(
        enrollments.filter(status__in=Status.LIVE)
        .select_related("person", "booking__booked_by", "booking__workplace__municipality")
        .select_related("run__course", "run__host", "run__municipality", "run__rules")
        .annotate(first=_meeting(Min, "starts_at"), last=_meeting(Max, "ends_at"))
        .order_by("first", "run", "person__last_name", "person__first_name", "pk")
    )
    lacking = missing_of([row for row in rows if row.status != Status.CONFIRMED])
    return [Seat(row, lacking.get(row.pk, {})) for row in rows]


def _meeting(kind, column: str):
    standing = ~Q(run__sessions__status=Session.Status.CANCELLED)
    return kind(f"run__sessions__{column}", filter=standing)


def by_run(seats: Iterable[Seat], *, now: datetime) -> list[Course]:
    """What `seats_of` gave, run by run in its order; the runs know their first and last meeting."""
    courses: dict[int, Course] = {}
    for seat in seats:
        run, enrollment = seat.run, seat.enrollment
        if run.pk not in courses:
            run.first_at, run.last_at = enrollment.first, enrollment.last
            courses[run.pk] = Course(
                run,
                begun=bool(run.first_at and run.first_at <= now),
                over=bool(run.last_at and run.last_at < now),
            )
        courses[run.pk].add(seat)
    return list(courses.values())
