"""How many places a run has, and which of them are kept for a county until a date (`RunPartner`)."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from courses.models import Run
from home.models import Promoter, Region

from ..models import Place, RunPartner
from ..models.door import opened
from .errors import TooFewFree
from .offering import pass_on
from .writing import lock_run


@transaction.atomic
def open_places(
    *, run: Run, count: int, share: RunPartner | None = None, now: datetime | None = None
) -> None:
    """Add `count` new free places to a run, in the pool or in a partner's share.

    With `now` given, those who wait are served first.
    """
    lock_run(run.pk)
    last = (
        Place.objects.filter(run=run).order_by("-number").values_list("number", flat=True).first()
    )
    with opened():
        Place.objects.bulk_create(
            Place(run=run, number=(last or 0) + i, share=share) for i in range(1, count + 1)
        )
    if now:
        pass_on(run_id=run.pk, now=now)


@transaction.atomic
def resize(*, run: Run, capacity: int, actor, now: datetime) -> None:
    """Set the number of a run's places. More places go to the waiting list first.

    Fewer: only free places of the pool disappear, the highest numbers first. Raises TooFewFree.
    """
    lock_run(run.pk)
    before = Place.objects.filter(run=run).count()
    if capacity > before:
        open_places(run=run, count=capacity - before, now=now)
    elif capacity < before:
        doomed = _free_ids(run, None, before - capacity)
        with opened():
            Place.objects.filter(pk__in=doomed).delete()
    if capacity != before:
        record("enrollment.resize", run, actor=actor, data={"from": before, "to": capacity})


@transaction.atomic
def set_share(
    *,
    run: Run,
    region: Region,
    promoter: Promoter,
    count: int,
    release_at: datetime,
    actor,
    now: datetime,
) -> RunPartner:
    """Keep `count` of a run's places for a region until `release_at`; the number of places does not change.

    Places that the region's people have stay in its share and count; places of the share that others have
    go to the pool. Raises TooFewFree when the pool has too few free places, or when more of the region's places
    are taken than `count`.
    """
    lock_run(run.pk)
    terms = {"promoter": promoter, "release_at": release_at}
    share, _made = RunPartner.objects.update_or_create(run=run, region=region, defaults=terms)
    kept = Place.objects.filter(run=run, share=share)
    if release_at > now:
        ours = kept.of_region(region.pk)
        with opened():
            kept.taken().exclude(pk__in=list(ours.values_list("pk", flat=True))).update(share=None)
    before = kept.count()
    with opened():
        if count > before:
            ids = _free_ids(run, None, count - before)
            Place.objects.filter(pk__in=ids).update(share=share)
        elif count < before:
            ids = _free_ids(run, share, before - count)
            Place.objects.filter(pk__in=ids).update(share=None)
    record(
        "enrollment.share",
        run,
        actor=actor,
        data={
            "region": region.code,
            "from": before,
            "to": count,
            "release_at": release_at.isoformat(),
        },
    )
    pass_on(run_id=run.pk, now=now)
    return share


def _free_ids(run: Run, share: RunPartner | None, count: int) -> list[int]:
    """`count` free places of the pool or of a share, the highest numbers first. Raises TooFewFree."""
    free = Place.objects.free().filter(run=run, share=share).order_by("-number")
    ids = list(
        free.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:count]
    )
    if len(ids) < count:
        taken = Place.objects.taken().filter(run=run, share=share).count()
        raise TooFewFree(taken)
    return ids
