"""The waiting list: joining, offers that are taken or run out, and the worker that passes places on."""

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from courses.models import Run
from enrollment import places, waiting
from enrollment.models import WaitingEntry


def join(*, run: int, person: int) -> str:
    try:
        waiting.join(
            run=Run.objects.get(pk=run),
            person=User.objects.get(pk=person),
            language="sv",
            terms_accepted=True,
            now=timezone.now(),
        )
    except waiting.PlacesFree:
        return "free"
    return "waits"


def accept(*, entry: int, at: str) -> str:
    row = WaitingEntry.objects.select_related("run", "person", "booking").get(pk=entry)
    try:
        waiting.accept(entry=row, actor=None, now=parse_datetime(at))
    except waiting.OfferEnded:
        return "ended"
    return "accepted"


def expire(*, run: int, at: str) -> str:
    return f"expired {places.expire(run=run, now=parse_datetime(at))}"


def pass_on(*, run: int) -> str:
    """What every worker does once a minute."""
    return f"offered {len(places.pass_on(run_id=run, now=timezone.now()))}"
