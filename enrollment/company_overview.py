"""What a company's page shows, each thing read once for all companies of the person."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q
from django.utils.timezone import localdate

from accounts.models import User
from accounts.policy import visible
from courses.models import Run, Session

from . import memberships
from .models import Booking, Company, CompanyMembership, Enrollment, WaitingEntry, Workplace
from .requirements import missing_of
from .status import Status


@dataclass
class Seat:
    """One enrolment of the company: `missing` says in words why it is not confirmed."""

    enrollment: Enrollment
    run: Run
    missing: list[str]

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
class Course:
    """The company's seats on one run: `named` in order of names, `unnamed` how many names follow.
    `begun` once the first meeting has started."""

    run: Run
    begun: bool
    named: list[Seat] = field(default_factory=list)
    unnamed: int = 0


@dataclass
class ToName:
    """Seats of one booking that have no name yet, and until when they are kept."""

    booking: Booking
    run: Run
    seats: int
    due: datetime | None


@dataclass
class CompanyPage:
    """A company as its member sees it. `acts` is False before the membership is verified: then only what the
    person booked is here, and nothing about others."""

    company: Company
    acts: bool
    to_name: list[ToName] = field(default_factory=list)
    coming: list[Course] = field(default_factory=list)
    past: list[Course] = field(default_factory=list)
    unpaid: list[Seat] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    line: list[WaitingEntry] = field(default_factory=list)
    bookers: list[CompanyMembership] = field(default_factory=list)
    asking: list[CompanyMembership] = field(default_factory=list)
    invited: list[CompanyMembership] = field(default_factory=list)
    workplaces: list[Workplace] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    @property
    def unnamed(self) -> int:
        return sum(each.seats for each in self.to_name)


def company_pages(person: User, *, now: datetime) -> dict:
    """`pages`: the companies the person acts for, then those they have only booked for; `invitations`: the
    person's own, to be answered; `refused`: where staff have said no."""
    today = localdate(now)
    own = list(
        CompanyMembership.objects.filter(user=person, role__in=memberships.ACTING)
        .select_related("company", "invited_by")
        .order_by("company__name", "pk")
    )
    acting = {m.company_id: m.company for m in own if _counts(m, today)}
    asked = {
        m.company_id: m.company
        for m in own
        if m.company_id not in acting and not m.verified_at and m.invited_by_id is None
    }
    pages = {
        pk: CompanyPage(company, acts=pk in acting) for pk, company in {**acting, **asked}.items()
    }
    _put_seats(pages, person, now)
    _put_bookings(pages, person)
    _put_people(pages, acting, today)
    return {
        "pages": list(pages.values()),
        "invitations": [m for m in own if m.invited_by_id and not m.verified_at and not m.valid_to],
        "refused": {m.company_id for m in own if not m.verified_at and m.valid_to},
    }


def _counts(membership: CompanyMembership, today: date) -> bool:
    ended = membership.valid_to is not None and membership.valid_to < today
    return membership.verified_at is not None and not ended


def _shown(pages: dict[int, CompanyPage], person: User, *, company: str, by: str) -> Q:
    """Everything of the companies acted for; of the others what the person did. The two are paths."""
    acting = [pk for pk, page in pages.items() if page.acts]
    return Q(**{f"{company}__in": acting}) | Q(**{f"{company}__in": list(pages), by: person})


def _put_seats(pages: dict[int, CompanyPage], person: User, now: datetime) -> None:
    seats = list(
        visible(person, Enrollment)
        .filter(_shown(pages, person, company="booking__company", by="booking__booked_by"))
        .filter(status__in=Status.LIVE)
        .select_related("person", "booking__booked_by", "booking__workplace__municipality")
        .select_related("run__course", "run__host", "run__municipality", "run__rules")
        .annotate(first=_meeting(Min, "starts_at"), last=_meeting(Max, "ends_at"))
        .order_by("first", "run", "person__last_name", "person__first_name", "pk")
    )
    waits = [seat for seat in seats if seat.status != Status.CONFIRMED]
    lacking = missing_of(waits)
    courses: dict[tuple[int, int], Course] = {}
    unnamed: dict[int, ToName] = {}
    for enrollment in seats:
        page, run = pages[enrollment.booking.company_id], enrollment.run
        course = courses.get((page.company.pk, run.pk))
        if course is None:
            run.first_at, run.last_at = enrollment.first, enrollment.last
            course = Course(run, begun=bool(run.first_at and run.first_at <= now))
            courses[page.company.pk, run.pk] = course
            over = run.last_at is not None and run.last_at < now
            (page.past if over else page.coming).append(course)
            if not over and run.accepts_bookings(now):
                page.runs.append(run)
        reasons = lacking.get(enrollment.pk, {})
        seat = Seat(enrollment, run, list(reasons.values()))
        if enrollment.person:
            course.named.append(seat)
        else:
            course.unnamed += 1
            line = unnamed.setdefault(
                enrollment.booking_id, ToName(enrollment.booking, run, 0, None)
            )
            line.seats, line.due = line.seats + 1, enrollment.hold_until
            if line.seats == 1:
                page.to_name.append(line)
        if "paid" in reasons and enrollment.booking_id not in {s.booking.pk for s in page.unpaid}:
            page.unpaid.append(seat)


def _meeting(kind, column: str):
    standing = ~Q(run__sessions__status=Session.Status.CANCELLED)
    return kind(f"run__sessions__{column}", filter=standing)


def _put_bookings(pages: dict[int, CompanyPage], person: User) -> None:
    bookings = (
        visible(person, Booking)
        .filter(_shown(pages, person, company="company", by="booked_by"))
        .exclude(booked_by=None)
        .select_related("run__course", "booked_by")
        .annotate(live=Count("enrollments", filter=Q(enrollments__status__in=Status.LIVE)))
        .order_by("-created_at", "-pk")
    )
    for booking in bookings:
        pages[booking.company_id].bookings.append(booking)
    line = visible(person, WaitingEntry).open()
    line = line.filter(_shown(pages, person, company="company", by="person"))
    for entry in line.select_related("run__course", "run__municipality", "person"):
        pages[entry.company_id].line.append(entry)


def _put_people(pages: dict[int, CompanyPage], acting: dict[int, Company], today: date) -> None:
    rows = CompanyMembership.objects.filter(company__in=acting, role__in=memberships.ACTING)
    for row in rows.select_related("user", "company", "invited_by").order_by(
        "user__last_name", "pk"
    ):
        page = pages[row.company_id]
        if _counts(row, today):
            page.bookers.append(row)
        elif not row.verified_at and not row.valid_to:
            (page.invited if row.invited_by_id else page.asking).append(row)
    for workplace in Workplace.objects.filter(company__in=acting).select_related(
        "municipality__region"
    ):
        pages[workplace.company_id].workplaces.append(workplace)
