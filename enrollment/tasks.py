"""What comes back by the clock. Tidiness only: taking a place releases overdue holds by itself."""

import logging
from datetime import datetime

from django.db import OperationalError

from messaging.periodic import every

from . import drafts, meeting_news, naming, needs, offers, places
from .models import Enrollment, WaitingEntry

logger = logging.getLogger("enrollment.tasks")


@every(seconds=60)
def expire_overdue(now: datetime) -> None:
    """Release holds and offers past their end, and pass on places that a share's release date opened."""
    overdue = set(Enrollment.objects.overdue(now).values_list("run_id", flat=True))
    waiting = set(WaitingEntry.objects.in_line().values_list("run_id", flat=True))
    for run_id in sorted(overdue | waiting):
        try:
            if run_id in overdue:
                places.expire(run=run_id, now=now)
            else:
                places.pass_on(run_id=run_id, now=now)
        except (OperationalError, places.StatusError):
            # Somebody is at it longer than locks are waited for: its turn comes again, the others' comes now.
            logger.warning("run %s could not be tidied", run_id, exc_info=True)


@every(seconds=300)
def remind_of_offers(now: datetime) -> None:
    """Write to those whose offer has used half of its time, nights not counted."""
    offers.remind(now=now)


@every(seconds=3600)
def forget_needs(now: datetime) -> None:
    """Delete what participants needed, a week after the last meeting."""
    needs.forget_old(now=now)


@every(seconds=3600)
def forget_drafts(now: datetime) -> None:
    """Delete forms of companies that were never sent."""
    drafts.forget_old(now=now)


@every(seconds=60)
def tell_of_changed_meetings(now: datetime) -> None:
    """Write to the participants of meetings that staff have just changed."""
    meeting_news.tell_of_changed_meetings(now=now)


@every(seconds=600)
def keep_seats_until_names_are_due(now: datetime) -> None:
    """Follow first meetings that were moved to a later day."""
    naming.keep_until_due(now=now)


@every(seconds=1800)
def remind_of_names(now: datetime) -> None:
    """Write to the bookers whose seats lack a name that is soon due."""
    naming.remind(now=now)
