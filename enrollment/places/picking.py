"""Which free places somebody may be given, and picking them without waiting."""

from datetime import datetime
from enum import Enum
from functools import cache

from django.db.models import F, Q, QuerySet

from home.prepared import Prepared

from ..models import Place
from ..models.place import PlaceQuerySet


class Reach(Enum):
    """Which of the free places somebody may be given, for those who wait before."""

    ALL = "all"
    OWN_SHARE = "own share"
    NOTHING = "nothing"


def free_places(
    run_id: int, *, region_id: int | None, now: datetime, reach: Reach = Reach.ALL
) -> PlaceQuerySet:
    """The free places of a run that somebody of the region may be given."""
    rows = Place.objects.free().filter(run_id=run_id).eligible(region_id=region_id, now=now)
    if reach == Reach.ALL:
        return rows
    if reach == Reach.NOTHING or region_id is None:
        return rows.none()
    return rows.filter(Q(share__region_id=region_id) & Q(share__release_at__gt=now))


def free_now(*, run_id: int, region_id: int | None, now: datetime) -> int:
    """How many places the region could take at this moment, by a plain read; decides nothing."""
    return free_places(run_id, region_id=region_id, now=now).count()


def pick(
    *, run_id: int, count: int, region_id: int | None, now: datetime, reach: Reach = Reach.ALL
) -> list[int]:
    """Lock and return the ids of `count` free places the region may have; shorter when not so many.

    Never waits. The own share and released shares go before the pool, so that the pool stays open to most.
    """
    if not count:
        return []
    # No region has the id 0: who names none may have what is kept for none.
    rows = _pick(count, reach)(run_id=run_id, region_id=region_id or 0, now=now)
    return [pk for (pk,) in rows]


@cache
def _pick(count: int, reach: Reach) -> Prepared:
    def build(run_id: int, region_id: int, now: datetime) -> QuerySet:
        rows = (
            free_places(run_id, region_id=region_id, now=now, reach=reach)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by(F("share").asc(nulls_last=True), "number")
        )
        return rows.values_list("pk")[:count]

    return Prepared(build)
