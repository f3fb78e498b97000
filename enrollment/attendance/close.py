"""Closing a list and vouching for it; reopening it with a reason (R-FR-04)."""

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from courses.models import Session
from enrollment.models import Enrollment

from .models import Attendance, SessionClosure
from .record import AttendanceError, SessionCancelled


class NotAllMarked(AttendanceError):
    message = _("Mark everybody before you close the list.")


class NotBegun(AttendanceError):
    message = _("The list can be closed once the meeting has begun.")


class NoHeadCount(AttendanceError):
    message = _("Write how many people are in the room, as a number.")


class NoReason(AttendanceError):
    message = _("Say why the list is reopened.")


def rows_sha256(session_id: int) -> str:
    """Hash of the rows that count in a meeting: id, enrolment, status, minutes of each."""
    rows = (
        Attendance.objects.current()
        .filter(session=session_id)
        .order_by("pk")
        .values_list("pk", "enrollment_id", "status", "minutes")
    )
    text = json.dumps([list(row) for row in rows], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def close_session(*, session: Session, head_count: int, actor, now: datetime) -> SessionClosure:
    """Close the list: the meeting counts as held and its rows are frozen by their hash. Audited.

    `head_count` is the number of people the leader counted in the room. Closing a closed list returns
    the closure that stands. Raises SessionCancelled, NotBegun, NotAllMarked.
    """
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=session.pk)
        if session.status == Session.Status.CANCELLED:
            raise SessionCancelled
        standing = SessionClosure.objects.filter(session=session, reopened_at=None).first()
        if standing:
            return standing
        if now < session.starts_at:
            raise NotBegun
        marked = (
            Attendance.objects.current()
            .filter(session=session)
            .exclude(status=Attendance.Status.UNMARKED)
        )
        on_list = Enrollment.objects.confirmed().filter(run_id=session.run_id)
        if on_list.exclude(pk__in=marked.values("enrollment")).exists():
            raise NotAllMarked
        Session.objects.filter(pk=session.pk).update(status=Session.Status.HELD)
        closure = SessionClosure.objects.create(
            session=session,
            closed_by=actor,
            closed_at=now,
            head_count=head_count,
            rows_sha256=rows_sha256(session.pk),
        )
        record(
            "attendance.close",
            session,
            actor=actor,
            data={
                "head_count": head_count,
                "present": marked.filter(minutes__gt=0).count(),
                "rows_sha256": closure.rows_sha256,
                "status": [str(session.status), str(Session.Status.HELD)],
            },
        )
    return closure


def reopen_session(*, session: Session, reason: str, actor, now: datetime) -> None:
    """Open a closed list again; the rows that follow carry the reason. An open list stays as it is.

    A coordinator's act (policy line "attendance.reopen"). Audited. Raises NoReason.
    """
    reason = reason.strip()
    if not reason:
        raise NoReason
    with transaction.atomic():
        Session.objects.select_for_update().get(pk=session.pk)
        closure = SessionClosure.objects.filter(session=session, reopened_at=None).first()
        if closure is None:
            return
        closure.reopened_by = actor
        closure.reopened_at = now
        closure.reopen_reason = reason[:200]
        closure.save(update_fields=["reopened_by", "reopened_at", "reopen_reason"])
        record("attendance.reopen", session, actor=actor, data={"closure": closure.pk})
