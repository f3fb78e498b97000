"""Noting who was there: the only writer of attendance rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from courses.models import Session
from courses.models.run import STOCKHOLM
from enrollment.models import Enrollment

from .models import Attendance, SessionClosure

Status = Attendance.Status


class AttendanceError(Exception):
    """Nothing was saved. `message` is for the reader."""

    message = _("The list could not be saved.")


class NotOnList(AttendanceError):
    """A mark for somebody who has no confirmed place on this run; all marks are refused."""

    message = _("One of the marks is for a person who is not on this list. Nothing was saved.")


class TooEarly(AttendanceError):
    message = _("Attendance can be taken from the day of the meeting.")


class SessionCancelled(AttendanceError):
    message = _("The meeting is cancelled; no attendance is taken.")


class SessionClosed(AttendanceError):
    message = _("The list is closed. A coordinator can reopen it.")


class ImpossibleMinutes(AttendanceError):
    message = _("More minutes than the meeting is long.")


@dataclass(frozen=True)
class Mark:
    """One person's mark: `enrollment` is the public id, `minutes` whole minutes credited."""

    enrollment: UUID
    status: str
    minutes: int
    nonce: UUID = field(default_factory=uuid4)


def row_nonce(batch: UUID, enrollment: UUID) -> UUID:
    """The nonce of one mark in a batch that a device may send more than once."""
    return uuid5(batch, str(enrollment))


def record_marks(
    *,
    session: Session,
    marks: Sequence[Mark],
    recorded_by,
    source: str,
    now: datetime,
    batch: UUID | None = None,
) -> list[Attendance]:
    """Add one row per mark that says something new; all marks or none. Returns the new rows.

    The rows that count are superseded, never changed (R-FR-04). A mark whose nonce is known, or that
    repeats what stands, adds nothing. After a reopening each row carries its reason. One audit entry per
    save. Raises NotOnList, TooEarly, SessionCancelled, SessionClosed, ImpossibleMinutes.
    """
    with transaction.atomic():
        # Locked, so that two devices extend a person's chain of rows one after the other.
        session = Session.objects.select_for_update().get(pk=session.pk)
        _check_session(session, now)
        closures = list(SessionClosure.objects.filter(session=session))
        if any(closure.reopened_at is None for closure in closures):
            raise SessionClosed
        reason = closures[-1].reopen_reason if closures else ""
        rows = _new_rows(
            session=session,
            marks=marks,
            fixed={
                "recorded_by": recorded_by,
                "recorded_at": now,
                "source": source,
                "batch": batch or uuid4(),
                "reason": reason,
            },
        )
        Attendance.objects.bulk_create(rows)
        if rows:
            record(
                "attendance.save",
                session,
                actor=recorded_by,
                data={"rows": len(rows), "source": str(source), "batch": str(rows[0].batch)},
            )
    return rows


def undo_last(*, session: Session, actor, now: datetime) -> list[Attendance]:
    """Put back what stood before the last save, as new rows. Returns them; none when nothing was saved.

    Undoing twice brings the last save back. Raises as `record_marks`.
    """
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=session.pk)
        last = Attendance.objects.filter(session=session).order_by("-pk").first()
        if last is None:
            return []
        rows = Attendance.objects.filter(session=session, batch=last.batch).select_related(
            "supersedes", "enrollment"
        )
        live = rows.filter(enrollment__status="confirmed")
        marks = [
            Mark(
                enrollment=row.enrollment.public_id,
                status=row.supersedes.status if row.supersedes else Status.UNMARKED,
                minutes=row.supersedes.minutes if row.supersedes else 0,
            )
            for row in live
        ]
        return record_marks(
            session=session,
            marks=marks,
            recorded_by=actor,
            source=Attendance.Source.LEADER,
            now=now,
        )


def _check_session(session: Session, now: datetime) -> None:
    if session.status == Session.Status.CANCELLED:
        raise SessionCancelled
    if now.astimezone(STOCKHOLM).date() < session.starts_at.astimezone(STOCKHOLM).date():
        raise TooEarly


def _new_rows(*, session: Session, marks: Sequence[Mark], fixed: dict) -> list[Attendance]:
    people = {mark.enrollment for mark in marks}
    ids = dict(
        Enrollment.objects.confirmed()
        .filter(run_id=session.run_id, public_id__in=people)
        .values_list("public_id", "pk")
    )
    if len(ids) != len(people) or len(people) != len(marks):
        raise NotOnList
    if any(not 0 <= mark.minutes <= session.minutes for mark in marks):
        raise ImpossibleMinutes
    sent = Attendance.objects.filter(nonce__in=[mark.nonce for mark in marks])
    known = dict(sent.values_list("nonce", "session_id"))
    if set(known.values()) - {session.pk}:
        raise NotOnList
    current = {
        row.enrollment_id: row
        for row in Attendance.objects.current().filter(session=session, enrollment__in=ids.values())
    }
    rows = []
    for mark in marks:
        before = current.get(ids[mark.enrollment])
        same = before and (before.status, before.minutes) == (mark.status, mark.minutes)
        if mark.nonce in known or same or (before is None and mark.status == Status.UNMARKED):
            continue
        rows.append(
            Attendance(
                session=session,
                enrollment_id=ids[mark.enrollment],
                status=mark.status,
                minutes=mark.minutes,
                nonce=mark.nonce,
                supersedes=before,
                **fixed,
            )
        )
    return rows
