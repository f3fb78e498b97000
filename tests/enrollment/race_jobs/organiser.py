"""The organiser keeps places for counties and makes runs larger and smaller."""

from datetime import timedelta

from django.utils import timezone

from courses.models import Run
from enrollment import closing, places
from home.models import Promoter, Region


def cancel_run(*, run: int) -> str:
    done = closing.cancel_run(run=Run.objects.get(pk=run), actor=None, now=timezone.now())
    return "cancelled" if done else "again"


def share(*, run: int, county: int, count: int) -> str:
    now = timezone.now()
    try:
        places.set_share(
            run=Run.objects.get(pk=run),
            region=Region.objects.get(pk=county),
            promoter=Promoter.objects.order_by("pk").first(),
            count=count,
            release_at=now + timedelta(days=5),
            actor=None,
            now=now,
        )
    except places.TooFewFree:
        return "refused"
    return "set"


def resize(*, run: int, capacity: int) -> str:
    try:
        places.resize(
            run=Run.objects.get(pk=run), capacity=capacity, actor=None, now=timezone.now()
        )
    except places.TooFewFree:
        return "refused"
    return "set"
