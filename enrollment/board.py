"""What staff see of a run: each thing read once, the same number of queries for three people and for three
hundred. Decides nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from courses.models import Run

from .models import Booking, Enrollment, Place, RunPartner, WaitingEntry
from .places import Turn, turns
from .requirements import missing_of
from .scope import Scope
from .status import Status

SORTS = {
    "name": lambda row: (row.enrollment.person is None, row.sort_name),
    "company": lambda row: (row.company.casefold(), row.sort_name),
    "status": lambda row: (
        list(Status.values).index(row.enrollment.status),
        row.sort_name,
    ),
    "booked_by": lambda row: (str(row.enrollment.booking.booked_by or ""), row.sort_name),
    "place": lambda row: (row.place or 9999, row.sort_name),
    "enrolled": lambda row: (row.enrollment.created_at, row.enrollment.pk),
}


@dataclass(frozen=True)
class Row:
    """One seat in the list of people. `why` says in words what still stands between it and the place."""

    enrollment: Enrollment
    place: int | None
    why: list[str]

    @property
    def name(self) -> str:
        return seat_name(self.enrollment)

    @property
    def sort_name(self) -> tuple[str, str]:
        person = self.enrollment.person
        return (person.last_name.casefold(), person.first_name.casefold()) if person else ("", "")

    @property
    def company(self) -> str:
        return company_name(self.enrollment.booking)

    @property
    def symbols(self) -> str:
        """That the person has said something of food (◐) or access (♿), never what."""
        needs = getattr(self.enrollment, "needs", None)
        return ("◐" if needs.diet else "") + ("♿" if needs.access else "") if needs else ""

    @property
    def live(self) -> bool:
        return self.enrollment.status in Status.LIVE


@dataclass
class Pool:
    """The places of the common pool (`partner` None) or of a county's share, counted by what is on them."""

    partner: RunPartner | None
    kept: bool = False
    taken: int = 0
    held: int = 0
    offered: int = 0
    free: int = 0

    @property
    def all(self) -> int:
        return self.taken + self.held + self.offered + self.free

    @property
    def open(self) -> int:
        """Free seats that everybody may have."""
        return 0 if self.kept else self.free

    @property
    def reserved(self) -> int:
        return self.free if self.kept else 0


@dataclass
class Board:
    """A run as its staff see it: places by share, people, the line."""

    run: Run
    scope: Scope
    pools: list[Pool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    line: list[Turn] = field(default_factory=list)

    @property
    def companies(self) -> list[str]:
        return sorted({row.company for row in self.rows if row.company}, key=str.casefold)

    @property
    def teams(self) -> list[tuple[object, list[Row]]]:
        """The teams that have or hold a place, each with its people."""
        found: dict[int, tuple[object, list[Row]]] = {}
        for row in self.rows:
            if row.live and (team := row.enrollment.team):
                found.setdefault(team.pk, (team, []))[1].append(row)
        return list(found.values())

    def shown(self, *, status: str = "", company: str = "", sort: str = "") -> list[Row]:
        """The people of the list: those who are in, or of one status, of one company; sorted by a column, with a
        minus in front backwards. Whatever is not known is left out of account."""
        wanted = [status] if status in Status.values else Status.LIVE
        rows = [row for row in self.rows if row.enrollment.status in wanted]
        if company:
            rows = [row for row in rows if row.company == company]
        key = SORTS.get(sort.removeprefix("-"), SORTS["name"])
        return sorted(rows, key=key, reverse=sort.startswith("-"))


def board(run: Run, *, scope: Scope, now: datetime) -> Board:
    """Everything of a run that the scope shows. Five queries, whatever is on it; six where places cost."""
    shown = Board(run, scope)
    shown.rows = _people(run, scope)
    shown.pools = pools(run, scope=scope, now=now)
    shown.line = [t for t in turns(run, now=now) if _sees(scope, t.entry.region_id)]
    return shown


def _sees(scope: Scope, region_id: int | None) -> bool:
    return scope.regions is None or region_id in scope.regions


def _people(run: Run, scope: Scope) -> list[Row]:
    people = Enrollment.objects.filter(run=run)
    if scope.regions is not None:
        people = people.filter(booking__region__in=scope.regions)
    found = list(
        people.select_related(
            "person",
            "team__lead",
            "team__place",
            "place",
            "needs",
            "booking__booked_by",
            "booking__company",
            "booking__region",
        )
    )
    for enrollment in found:
        enrollment.run = run
    waiting = [e for e in found if e.status in (Status.APPLIED, Status.HELD, Status.OFFERED)]
    lacking = missing_of(waiting)
    return [Row(e, place_number(e), list(lacking.get(e.pk, {}).values())) for e in found]


def seat_name(enrollment: Enrollment) -> str:
    """Who takes the seat, or why nobody stands there: the name follows, or a company's form is still open."""
    if enrollment.person:
        return str(enrollment.person)
    return _("Name follows") if enrollment.booking.booked_by_id else _("Form is open")


def company_name(of: Booking | WaitingEntry) -> str:
    """The company of a booking or of somebody who waits, as registered or as typed."""
    return of.company.name if of.company else of.company_name


def place_number(enrollment: Enrollment) -> int | None:
    """The number of the place that the enrolment, or its team, has."""
    if enrollment.status not in Status.PLACED:
        return None
    holder = enrollment.team if enrollment.team_id else enrollment
    place = getattr(holder, "place", None)
    return place.number if place else None


def pools(run: Run, *, scope: Scope, now: datetime) -> list[Pool]:
    """The pool first, then the shares by county. A team's place is as far as the least sure of its people."""
    places = Place.objects.filter(run=run).order_by("number")
    if scope.regions is not None:
        places = places.filter(share__region__in=scope.regions)
    shares = list(
        RunPartner.objects.filter(run=run)
        .select_related("region", "promoter")
        .order_by("region__name")
    )
    found: dict[int | None, Pool] = {
        share.pk: Pool(share, kept=share.release_at > now)
        for share in shares
        if _sees(scope, share.region_id)
    }
    if scope.regions is None:
        found = {None: Pool(None), **found}
    states = places.values_list(
        "pk", "share_id", "team_id", "enrollment__status", "team__members__status"
    )
    best: dict[int, tuple[int | None, str]] = {}
    for pk, share_id, team_id, status, of_member in states:
        state = (of_member if of_member in Status.PLACED else "gone") if team_id else status or ""
        if pk not in best or _sureness(state) < _sureness(best[pk][1]):
            best[pk] = (share_id, state)
    for of_share, state in best.values():
        pool = found[of_share]
        match state:
            case Status.CONFIRMED | "gone":
                pool.taken += 1
            case Status.HELD:
                pool.held += 1
            case Status.OFFERED:
                pool.offered += 1
            case "":
                pool.free += 1
    return list(found.values())


def _sureness(state: str) -> int:
    order: list[str] = [Status.OFFERED, Status.HELD, Status.CONFIRMED]
    return order.index(state) if state in order else len(order)
