"""The one door to places and to the status of an enrolment.

Taking places never waits on a place row: pick free rows with SKIP LOCKED, point them at the enrolments. When
fewer can be picked than wanted, a plain read tells "full" from "somebody is deciding this moment"; in the
second case let go, wait a few milliseconds, try again. Freeing and passing on lock the run's row first.
"""

import random
import time
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from courses.models import Run

from .models import Enrollment, Place
from .status import TRANSITIONS, Status

PATIENCE_SECONDS = 3.0


class PlacesError(Exception):
    """Places could not be given. `message` is for the reader."""

    message = _("The places could not be booked.")


class RunFull(PlacesError):
    """Fewer places are free than asked for; `free` says how many."""

    message = _("All places are taken.")

    def __init__(self, free: int):
        super().__init__(free)
        self.free = free


class Busy(PlacesError):
    """The last places are being decided on by others; nothing was booked, try again."""

    message = _("Many people are booking right now. Please try again in a moment.")


class StatusError(Exception):
    """A change of status that the table in `enrollment.status` does not allow."""


def open_places(*, run: Run, count: int, share=None) -> None:
    """Add `count` new free places to a run, in the pool or in a partner's share."""
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)
        last = run.places.order_by("-number").values_list("number", flat=True).first() or 0
        Place.objects.bulk_create(
            Place(run=run, number=last + i, share=share) for i in range(1, count + 1)
        )


def pick(*, run_id: int, count: int, region_id: int | None, now: datetime) -> list[int]:
    """Lock and return the ids of `count` free places the region may have; shorter when not so many.

    Never waits. The own share and released shares go before the pool, so that the pool stays open to most.
    """
    rows = (
        Place.objects.free()
        .filter(run_id=run_id)
        .eligible(region_id=region_id, now=now)
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked, of=("self",) if connection.features.has_select_for_update_of else ())
        .order_by("number")
    )
    return list(rows.values_list("pk", flat=True)[:count])
