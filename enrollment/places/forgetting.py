"""Drafts that nobody has sent are deleted some time after their places were given back."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from ..models import Booking, Enrollment, Team
from ..models.door import opened


def forget_draft(*, draft_id: int, before: datetime) -> bool:
    """Delete a draft whose last seat ended before that moment, with its seats and its team. Audit entries keep its
    ids. False, and everything stays, for one that was sent, holds places, ended later, is being worked on this
    moment, or that anything else refers to (a payment, say)."""
    try:
        with transaction.atomic():
            rows = Booking.objects.select_for_update(skip_locked=True, of=("self",))
            draft = rows.ended_drafts(before).filter(pk=draft_id).first()
            if draft is None:
                return False
            with opened():
                Enrollment.objects.filter(booking=draft).delete()
            Team.objects.filter(booking=draft).delete()
            draft.delete()
            return True
    except ProtectedError:
        return False
