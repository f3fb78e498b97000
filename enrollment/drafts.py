"""A draft holds a company's places while its form is open: a booking that names nobody, since nobody has sent
anything yet. `group_booking` fills it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.models import Run
from home.models import Region

from . import eligibility, places
from .booking import BookingError, NotOpen, TokenUsed
from .eligibility import Candidate
from .models import Booking, Company
from .models.rules import rules_of
from .status import Reason

DRAFT_TIME = timedelta(minutes=20)
KEPT_FOR = timedelta(days=7)
T = TypeVar("T")


class HoldEnded(BookingError):
    """The time on the check screen ran out. What was typed is kept; the places can be asked for again."""

    message = _(
        "The time ran out and the places were released. Hold them again if there are any left."
    )


def hold(
    *,
    run: Run,
    token: UUID,
    people: int,
    region: Region | None,
    company: Company | None = None,
    language: str,
    now: datetime,
) -> Booking:
    """Hold places for `people` for twenty minutes, all or none; the draft that has them.

    The same token again keeps its draft, with as many places as are asked for now. Raises NotOpen, TokenUsed,
    NotEligible, and from the door RunFull and Busy.
    """
    if not places.takes_bookings(run, now=now):
        raise NotOpen
    eligibility.require(
        Candidate(run=run, people=people, region=region, company=company, for_company=True),
        now=now,
    )
    again = partial(
        _hold_again, token, run=run, people=people, region=region, language=language, now=now
    )
    if Booking.objects.filter(token=token).exists():
        return again()

    def attempt(place_ids: list[int]) -> Booking:
        draft = Booking.objects.create(
            token=token,
            run=run,
            region=region,
            language=language,
            created_at=now,
            **terms_of(run),
        )
        _seats(draft, people, place_ids, now=now)
        return draft

    try:
        return _patiently(attempt, run=run, people=people, region=region, now=now)
    except (IntegrityError, places.RunFull):
        # The same form was quicker in another process.
        if Booking.objects.filter(token=token).exists():
            return again()
        raise


@transaction.atomic
def _hold_again(
    token: UUID, *, run: Run, people: int, region: Region | None, language: str, now: datetime
) -> Booking:
    """The draft with as many seats as are asked for now; when there are not so many, it stays as it was.

    Its row is locked, so that nothing is added to a draft that is being sent, or twice.
    """
    draft = Booking.objects.select_for_update(no_key=True, of=("self",)).get(token=token)
    if draft.run_id != run.pk or not draft.is_draft:
        raise TokenUsed
    seats = list(draft.enrollments.held().select_related("run").order_by("pk"))
    kept = [seat for seat in seats if seat.hold_until and seat.hold_until > now][:people]
    if not same_county(draft, region) or (places.is_per_team(run) and len(kept) != people):
        kept = []
    surplus, more = [seat for seat in seats if seat not in kept], people - len(kept)
    places.release_all(enrollments=surplus, reason=Reason.GIVEN_BACK, now=now)
    places.hold_longer(booking=draft, until=now + DRAFT_TIME, now=now)
    if more > 0:
        for field, value in {"region": region, "language": language, **terms_of(run)}.items():
            setattr(draft, field, value)
        draft.save()

        def attempt(place_ids: list[int]) -> None:
            _seats(draft, more, place_ids, now=now)

        try:
            _patiently(attempt, run=run, people=more, region=region, now=now)
        except places.RunFull as full:
            raise places.RunFull(full.free + len(kept)) from None
    return draft


def _patiently(
    attempt: Callable[[list[int]], T],
    *,
    run: Run,
    people: int,
    region: Region | None,
    now: datetime,
) -> T:
    return places.patiently(
        attempt,
        run=run,
        count=places.places_for(run, people),
        region_id=region.pk if region else None,
        now=now,
    )


def _seats(draft: Booking, people: int, place_ids: Sequence[int], *, now: datetime) -> None:
    places.take(
        booking=draft,
        run=draft.run,
        people=[None] * people,
        place_ids=place_ids,
        hold_until=now + DRAFT_TIME,
        actor=None,
        now=now,
    )


def same_county(booking: Booking, region: Region | None) -> bool:
    """Whether a draft was made for this region: its places may be kept for it."""
    return booking.region_id == (region.pk if region else None)


def keeps(booking: Booking, *, people: int, region: Region | None, now: datetime) -> bool:
    """Whether a draft still holds exactly so many seats for this region."""
    held = booking.enrollments.held().filter(hold_until__gt=now).count()
    return held == people and same_county(booking, region)


@transaction.atomic
def let_go(*, booking: Booking, now: datetime) -> None:
    """Give a draft's places back: its form was refused. Nothing happens to one that has been sent meanwhile."""
    draft = Booking.objects.select_for_update(no_key=True, of=("self",)).get(pk=booking.pk)
    if not draft.is_draft:
        return
    held = list(draft.enrollments.held().select_related("run").order_by("pk"))
    places.release_all(enrollments=held, reason=Reason.GIVEN_BACK, now=now)


@transaction.atomic
def keep(*, booking: Booking, now: datetime) -> datetime:
    """Hold a draft's places for twenty minutes from now; until when. May be asked any number of times
    (WCAG 2.2.1). Raises HoldEnded when the time had run out."""
    if not booking.enrollments.held().filter(hold_until__gt=now).exists():
        raise HoldEnded
    places.hold_longer(booking=booking, until=now + DRAFT_TIME, now=now)
    return now + DRAFT_TIME


def forget_old(*, now: datetime, most: int = 500) -> int:
    """Delete drafts a week after their places were given back, at most so many at a time, each in a transaction
    of its own; how many. A form may lie open for days and take places again; after a week it makes a new draft."""
    before = now - KEPT_FOR
    old = Booking.objects.ended_drafts(before).order_by("pk").values_list("pk", flat=True)
    return sum(places.forget_draft(draft_id=pk, before=before) for pk in list(old[:most]))


def terms_of(run: Run) -> dict:
    """What a booking of the run is made under: price, VAT, cancellation terms."""
    return {
        "price_ore": run.price_ore,
        "vat_percent": run.vat_percent,
        "cancellation_id": rules_of(run).cancellation_id,
    }
