"""What a visitor is told about a run at a moment: can it be booked, and if not, why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .models import Course, Run


class Seats(Protocol):
    """What this room needs to know of a run's places; counted by enrolment."""

    @property
    def capacity(self) -> int: ...
    @property
    def taken(self) -> int: ...
    @property
    def free(self) -> int: ...
    @property
    def reserved(self) -> int: ...
    @property
    def waiting(self) -> int: ...


class Kind(StrEnum):
    DRAFT = "draft"
    CANCELLED = "cancelled"
    PAST = "past"
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    FULL = "full"
    FEW = "few"
    OPEN = "open"


TAG = {
    Kind.DRAFT: "info",
    Kind.CANCELLED: "stop",
    Kind.PAST: "full",
    Kind.UNDER_WAY: "full",
    Kind.PLANNED: "info",
    Kind.NOT_OPEN: "info",
    Kind.CLOSED: "full",
    Kind.FULL: "full",
    Kind.FEW: "few",
    Kind.OPEN: "open",
}


@dataclass(frozen=True)
class State:
    """`tag` is the class of the mark, `label` its word. `action` is "book", "wait" or "", `button` its words."""

    kind: Kind
    label: str
    action: str = ""
    button: str = ""

    @property
    def tag(self) -> str:
        return TAG[self.kind]


def state_of(run: Run, *, seats: Seats | None, now: datetime) -> State:
    """The state of a run that carries `first_at` and `last_at`. Without `seats` nothing is known of its places
    and the run counts as open. The booking window includes its last second."""
    kind = _kind(run, seats, now)
    application = run.selection == Run.Selection.APPLICATION
    if kind in (Kind.OPEN, Kind.FEW):
        return State(kind, _label(kind, run, application), "book", _book_words(run, application))
    if kind == Kind.FULL:
        return State(kind, _label(kind, run, application), "wait", _("Join the waiting list"))
    return State(kind, _label(kind, run, application))


def _kind(run: Run, seats: Seats | None, now: datetime) -> Kind:
    if run.status != Run.Status.PUBLISHED:
        return Kind.CANCELLED if run.is_cancelled else Kind.DRAFT
    if run.last_at and run.last_at <= now:
        return Kind.PAST
    if run.first_at and run.first_at <= now:
        return Kind.UNDER_WAY
    if run.opens_at and now < run.opens_at:
        return Kind.NOT_OPEN
    if not run.accepts_bookings(now):
        return Kind.CLOSED
    if run.first_at is None or (seats is not None and not seats.capacity):
        return Kind.PLANNED
    # Places kept for a region can be taken by its people, so they do not make a run full. Who applies needs no
    # free place: places go to those who are selected.
    if run.selection == Run.Selection.APPLICATION:
        return Kind.OPEN
    if seats and seats.free + seats.reserved <= 0:
        return Kind.FULL
    # A third of the places or fewer.
    if seats and seats.free * 3 <= seats.capacity:
        return Kind.FEW
    return Kind.OPEN


def _label(kind: Kind, run: Run, application: bool) -> str:
    if kind == Kind.NOT_OPEN:
        return _("Opens %(day)s") % {"day": date_format(localtime(run.opens_at), "j F")}
    if kind == Kind.OPEN and application:
        return _("Open for applications")
    return {
        Kind.DRAFT: _("Draft"),
        Kind.CANCELLED: pgettext("course run", "Cancelled"),
        Kind.PAST: _("Finished"),
        Kind.UNDER_WAY: _("Under way"),
        Kind.PLANNED: _("Planned"),
        Kind.CLOSED: _("Closed for booking"),
        Kind.FULL: _("Fully booked"),
        Kind.FEW: _("Few places left"),
        Kind.OPEN: pgettext("course run", "Open"),
    }[kind]


def _book_words(run: Run, application: bool) -> str:
    if application:
        return _("Apply for a place")
    if run.course.unit == Course.Unit.TEAM:
        return _("Book a place for a team")
    return _("Book a free place") if run.price_ore == 0 else _("Book a place")


def places_words(run: Run, *, seats: Seats | None, now: datetime) -> str:
    """The places in words: "5 of 16 places left, 2 more kept for partners". "" when nothing is known."""
    if seats is None or not seats.capacity or run.is_cancelled:
        return ""
    team = run.course.unit == Course.Unit.TEAM
    facts = {"free": seats.free, "all": seats.capacity, "taken": seats.taken}
    kind = _kind(run, seats, now)
    if kind in (Kind.NOT_OPEN, Kind.PLANNED, Kind.DRAFT):
        form = (
            ngettext("%(all)s team", "%(all)s teams", seats.capacity)
            if team
            else ngettext("%(all)s place", "%(all)s places", seats.capacity)
        )
        return form % facts
    if seats.free <= 0 or kind in (Kind.PAST, Kind.UNDER_WAY, Kind.CLOSED):
        form = (
            _("%(taken)s of %(all)s teams have a place")
            if team
            else _("%(taken)s of %(all)s places taken")
        )
        words = form % facts
    else:
        form = (
            _("%(free)s of %(all)s team places left")
            if team
            else _("%(free)s of %(all)s places left")
        )
        words = form % facts
        if seats.reserved:
            words += ngettext(
                ", %(n)s more kept for a partner region",
                ", %(n)s more kept for partner regions",
                seats.reserved,
            ) % {"n": seats.reserved}
    if seats.waiting and kind == Kind.FULL:
        words += ". " + ngettext(
            "%(n)s on the waiting list", "%(n)s on the waiting list", seats.waiting
        ) % {"n": seats.waiting}
    return words
