"""What has happened to a run and to what was booked on it, from the audit trail, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from courses.models import Run
from home import formats
from home.models import Region

from .board import Board
from .models import Booking, Enrollment, WaitingEntry
from .status import Reason, Status


@dataclass(frozen=True)
class Event:
    """`who` did `what` at `when`; `whom` it concerns is empty for the run as a whole."""

    when: datetime
    who: str
    what: str
    whom: str


def entries(shown: Board) -> QuerySet[ModelLogEntry]:
    """The audit entries of the run, its bookings, enrolments and places in line, newest first. A co-organiser
    gets those of the own counties' people only."""
    enrollments = [row.enrollment for row in shown.rows]
    waiting = WaitingEntry.objects.filter(run=shown.run)
    regions = shown.scope.regions
    if regions is not None:
        waiting = waiting.filter(region__in=regions)
    found = (
        _about(Enrollment, (e.pk for e in enrollments))
        | _about(Booking, {e.booking_id for e in enrollments})
        | _about(WaitingEntry, waiting.values_list("pk", flat=True))
    )
    if regions is None:
        found |= _about(Run, [shown.run.pk])
    return ModelLogEntry.objects.filter(found).select_related("user").order_by("-timestamp", "-pk")


def _about(model, ids: Iterable[int]) -> Q:
    return Q(
        content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids]
    )


def told(page: Iterable[ModelLogEntry], *, shown: Board) -> list[Event]:
    """A page of entries in words."""
    by_kind = {ContentType.objects.get_for_model(m).pk: m for m in (Enrollment, Booking)}
    names: dict[tuple, str] = {}
    for row in shown.rows:
        names[Enrollment, str(row.enrollment.pk)] = row.name
        names[Booking, str(row.enrollment.booking_id)] = str(row.enrollment.booking.booked_by or "")
    counties = dict(Region.objects.values_list("code", "name"))
    return [
        Event(
            when=entry.timestamp,
            who=str(entry.user) if entry.user_id else _("The system"),
            what=_what(entry, counties),
            whom=names.get((by_kind.get(entry.content_type_id), entry.object_id), ""),
        )
        for entry in page
    ]


def _what(entry: ModelLogEntry, counties: dict[str, str]) -> str:
    formatter, data = registry.get_formatter(entry), entry.data or {}
    said = str(formatter.message) if formatter else entry.action
    more = [*_change(entry.action, data, counties), *_why(data)]
    return f"{said}: {', '.join(more)}" if more else said


def _change(action: str, data: dict, counties: dict[str, str]) -> list[str]:
    before, after = data.get("from"), data.get("to")
    if action in ("enrollment.enter", "enrollment.move"):
        labels = dict(Status.choices)
        return [" → ".join(str(labels[s]) for s in (before, after) if s in labels)]
    if action == "enrollment.share":
        return [f"{counties.get(str(data.get('region')), '')} {before} → {after}"]
    if before is not None and after is not None:
        return [f"{before} → {after}"]
    if action == "enrollment.hold_longer" and (until := data.get("until")):
        return [formats.day_time(datetime.fromisoformat(until))]
    return []


def _why(data: dict) -> list[str]:
    reason = data.get("reason")
    return [str(Reason(reason).label)] if reason in Reason.values else []
