"""What a company's page shows, each thing read once for all companies of the person."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.timezone import localdate

from accounts.models import User
from accounts.policy import visible
from courses.models import Run

from . import memberships
from .models import Booking, Company, CompanyMembership, Enrollment, WaitingEntry, Workplace
from .seat_lists import Course, Seat, ToName, by_run, seats_of
from .status import Status


@dataclass
class CompanyPage:
    """A company as its member sees it. `acts` is False before the membership is verified: then only what the
    person booked is here, and nothing about others."""

    company: Company
    acts: bool
    coming: list[Course] = field(default_factory=list)
    past: list[Course] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    line: list[WaitingEntry] = field(default_factory=list)
    bookers: list[CompanyMembership] = field(default_factory=list)
    asking: list[CompanyMembership] = field(default_factory=list)
    invited: list[CompanyMembership] = field(default_factory=list)
    workplaces: list[Workplace] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    @property
    def to_name(self) -> list[ToName]:
        return [line for course in self.coming for line in course.to_name]

    @property
    def unpaid(self) -> list[Seat]:
        return [seat for course in self.coming for seat in course.unpaid]

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
    shown = _shown(pages, person, company="booking__company", by="booking__booked_by")
    of_company: dict[int, list[Seat]] = {pk: [] for pk in pages}
    for seat in seats_of(visible(person, Enrollment).filter(shown)):
        of_company[seat.booking.company_id].append(seat)
    for pk, page in pages.items():
        for course in by_run(of_company[pk], now=now):
            (page.past if course.over else page.coming).append(course)
            if not course.over and course.run.accepts_bookings(now):
                page.runs.append(course.run)


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
