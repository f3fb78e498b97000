"""Places kept for a county: they move between share and pool, and their number never changes."""

from datetime import timedelta

import pytest

from enrollment import places
from enrollment.models import Place, RunPartner, WaitingEntry
from tests.enrollment.factories import make_booking, make_open_run, make_waiting
from tests.home.factories import make_promoter, make_region

pytestmark = pytest.mark.django_db


def keep_for(run, code: str, count: int, *, now, days: int = 5) -> RunPartner:
    return places.set_share(
        run=run,
        region=make_region(code),
        promoter=make_promoter(f"p{code}", region_code=code),
        count=count,
        release_at=now + timedelta(days=days),
        actor=None,
        now=now,
    )


def kept(share) -> int:
    return Place.objects.filter(share=share).count()


def test_a_share_is_made_of_free_places_of_the_pool(now):
    run = make_open_run(now=now, places_count=5)
    share = keep_for(run, "17", 2, now=now)
    assert (kept(share), run.places.count()) == (2, 5)
    assert places.free_now(run_id=run.pk, region_id=make_region("20").pk, now=now) == 3
    assert places.free_now(run_id=run.pk, region_id=make_region("17").pk, now=now) == 5


def test_a_share_cannot_take_what_the_pool_has_not(now):
    run = make_open_run(now=now, places_count=3)
    make_booking(now=now, run=run)
    make_booking(now=now, run=run)
    with pytest.raises(places.TooFewFree) as error:
        keep_for(run, "17", 2, now=now)
    assert error.value.taken == 2
    assert not Place.objects.exclude(share=None).exists()


def test_a_share_cannot_shrink_below_what_its_region_has(now):
    run = make_open_run(now=now, places_count=4)
    share = keep_for(run, "17", 3, now=now)
    for _ in range(2):
        make_booking(now=now, run=run, region=make_region("17"))
    with pytest.raises(places.TooFewFree) as error:
        keep_for(run, "17", 1, now=now)
    assert error.value.taken == 2
    assert kept(share) == 3


def test_keeping_longer_leaves_out_places_that_others_have_taken_meanwhile(now):
    run = make_open_run(now=now, places_count=3)
    share = keep_for(run, "17", 2, now=now - timedelta(days=10), days=5)
    others = make_booking(now=now, run=run, region=make_region("20")).enrollments.get()
    assert others.place.share == share
    keep_for(run, "17", 2, now=now)
    others.place.refresh_from_db()
    assert others.place.share is None
    assert kept(share) == 2


def test_a_smaller_share_frees_places_for_those_who_wait(now):
    run = make_open_run(now=now, places_count=2)
    keep_for(run, "17", 2, now=now)
    entry = make_waiting(now=now, run=run, region=make_region("20"))
    keep_for(run, "17", 1, now=now)
    entry.refresh_from_db()
    assert entry.status == WaitingEntry.Status.OFFERED


def test_own_share_is_taken_before_the_pool(now):
    run = make_open_run(now=now, places_count=3)
    share = keep_for(run, "17", 1, now=now)
    first = make_booking(now=now, run=run, region=make_region("17")).enrollments.get()
    second = make_booking(now=now, run=run, region=make_region("17")).enrollments.get()
    assert (first.place.share, second.place.share) == (share, None)


def test_more_places_are_offered_to_a_group_as_soon_as_they_are_enough_for_it(now):
    run = make_open_run(now=now, places_count=1)
    make_booking(now=now, run=run)
    entry = make_waiting(now=now, run=run, wanted=3, at_least=2)
    places.resize(run=run, capacity=2, actor=None, now=now)
    entry.refresh_from_db()
    assert entry.status == WaitingEntry.Status.WAITING
    places.resize(run=run, capacity=3, actor=None, now=now)
    entry.refresh_from_db()
    assert entry.status == WaitingEntry.Status.OFFERED
    assert entry.booking.enrollments.count() == 2
    with pytest.raises(places.TooFewFree) as error:
        places.resize(run=run, capacity=2, actor=None, now=now)
    assert error.value.taken == 3
    assert run.places.count() == 3
