"""Participants are told of meetings that have changed, once, with the correction for their diaries."""

from datetime import datetime, timedelta

from django.db import transaction
from wagtail.models import ModelLogEntry

from courses.models import Run, Session

from . import change_mails
from .models import Enrollment

# What of a meeting a diary shows; for how long a change is told late, when the worker has been away.
SHOWN = frozenset(("starts_at", "ends_at", "venue", "link", "status"))
LOOK_BACK = timedelta(days=2)


def tell_of_changed_meetings(*, now: datetime) -> int:
    """Tell the participants of every meeting that was changed within two days and is still to come; how many
    mails. What was told already, and who was confirmed after the change, is left out.

    The schedule stands on a floor below and does not know participants: the audit trail says what was changed.
    """
    entries = ModelLogEntry.objects.filter(
        action="courses.change_meeting", timestamp__gt=now - LOOK_BACK
    )
    rows = entries.order_by("pk").values_list("object_id", "data", "timestamp")
    changed = {pk: at for pk, data, at in rows if SHOWN & set(data.get("fields", ()))}
    sessions = Session.objects.filter(pk__in=changed, ends_at__gt=now)
    return sum(
        tell_of_changed_meeting(session=session, before=changed[str(session.pk)], now=now)
        for session in sessions.exclude(run__status=Run.Status.CANCELLED)
    )


@transaction.atomic
def tell_of_changed_meeting(
    *, session: Session, before: datetime | None = None, now: datetime
) -> int:
    """Write to everybody who has a place (and had it `before` then) about a meeting whose time, place or link has
    changed, or that is cancelled, with the correction for their diaries; how many. The same change is told once.
    """
    concerned = (
        Enrollment.objects.confirmed()
        .filter(run=session.run_id)
        .exclude(person=None)
        .select_related("booking", "run__course", "run__host", "person")
        .order_by("pk")
    )
    if before is not None:
        concerned = concerned.filter(confirmed_at__lt=before)
    told = change_mails.told_of(session)
    rest = [enrollment for enrollment in concerned if enrollment.pk not in told]
    for enrollment in rest:
        change_mails.meeting_changed(enrollment, session, now=now)
    return len(rest)
