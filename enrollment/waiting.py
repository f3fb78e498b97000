"""The waiting list: join, leave, where one stands, answer. Passing on stands with the places."""

from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from courses.models import Run
from home.models import Region

from . import eligibility, offers, places
from .booking import AlreadyEnrolled, BookingError, NotOpen, TermsNotAccepted
from .eligibility import Candidate
from .mails import waiting_joined
from .models import Booking, Company, Enrollment, WaitingEntry, Workplace
from .offers import NotOffered, OfferEnded

__all__ = [
    "NotOffered",
    "OfferEnded",
    "PlacesFree",
    "accept",
    "decline",
    "join",
    "leave",
    "position",
    "standing",
]


class PlacesFree(BookingError):
    """There is no need to wait: `free` places can be booked."""

    message: str | Promise = _("There are free places again. Book one.")

    def __init__(self, free: int = 1):
        super().__init__(free)
        if free > 1:
            self.message = ngettext(
                "There is %(n)s free place. Book it now.",
                "There are %(n)s free places. Book them now.",
                free,
            ) % {"n": free}


class Form(TypedDict):
    """Who waits for what. `wanted` people, at least `at_least` of them; on a run for teams the people of one
    team. `takes_part`: the one who waits is one of the people."""

    company: NotRequired[Company | None]
    company_name: NotRequired[str]
    workplace: NotRequired[Workplace | None]
    region: NotRequired[Region | None]
    takes_part: NotRequired[bool]
    wanted: NotRequired[int]
    at_least: NotRequired[int]


def join(
    *,
    run: Run,
    person: User,
    language: str,
    terms_accepted: bool,
    now: datetime,
    **form: Unpack[Form],
) -> WaitingEntry:
    """Stand in line for a run; the person is told the place in line.

    Joining again keeps the place in line and takes over what is said now, also a larger number; an entry
    that has an offer is returned as it is. Looks for free places once more under the run's lock. Raises
    PlacesFree, NotOpen, TermsNotAccepted, AlreadyEnrolled, NotEligible.
    """
    if not terms_accepted:
        raise TermsNotAccepted
    by_application = run.selection == Run.Selection.APPLICATION
    if by_application or not places.takes_bookings(run, now=now):
        # Applications are selected: nobody comes past them by waiting.
        raise NotOpen
    wanted = form.setdefault("wanted", 1)
    form["at_least"] = (
        wanted if places.is_per_team(run) else min(max(form.get("at_least", 1), 1), wanted)
    )
    eligibility.require(
        Candidate(
            run=run,
            people=wanted,
            region=form.get("region"),
            company=form.get("company"),
            addresses=(person.email,) if form.get("takes_part", True) else (),
            for_company=form.get("company") is not None,
        ),
        now=now,
    )
    places.expire(run=run, now=now)
    try:
        with transaction.atomic():
            if not places.lock_run(run.pk).accepts_bookings(now):
                # Its organiser has cancelled it this very moment.
                raise NotOpen
            return _join(run, person, form, language=language, now=now)
    except IntegrityError:
        if before := WaitingEntry.objects.open().filter(run=run, person=person).first():
            return before
        raise


def _join(run: Run, person: User, form: Form, *, language: str, now: datetime) -> WaitingEntry:
    if before := WaitingEntry.objects.open().filter(run=run, person=person).first():
        return _change(before, form, now=now)
    enrolled = Enrollment.objects.live().filter(run=run, person=person).first()
    if enrolled and form.get("takes_part", True):
        raise AlreadyEnrolled(enrolled)
    region = form.get("region")
    free = places.free_for_newcomer(run, region_id=region.pk if region else None, now=now)
    if free >= places.places_for(run, form["at_least"]):
        raise PlacesFree(free)
    entry = WaitingEntry.objects.create(
        run=run, person=person, language=language, terms_accepted_at=now, created_at=now, **form
    )
    data = {"wanted": entry.wanted, "at_least": entry.at_least}
    record("enrollment.wait", entry, actor=person, data=data)
    waiting_joined(entry, turn=standing(entry, now=now), now=now)
    return entry


def _change(entry: WaitingEntry, form: Form, *, now: datetime) -> WaitingEntry:
    """Take over what is said now; who asks for less may be served by it."""
    if entry.status != WaitingEntry.Status.WAITING:
        return entry
    changed = [field for field, value in form.items() if getattr(entry, field) != value]
    if changed:
        for field in changed:
            setattr(entry, field, dict(form)[field])
        entry.save(update_fields=changed)
        data = {"wanted": entry.wanted, "at_least": entry.at_least}
        record("enrollment.wait", entry, actor=entry.person, data=data)
        waiting_joined(entry, turn=standing(entry, now=now), now=now)
        places.pass_on(run_id=entry.run_id, now=now)
        entry.refresh_from_db()
    return entry


def standing(entry: WaitingEntry, *, now: datetime) -> places.Turn | None:
    """Place in line, people before, places free for it; None for an entry that does not wait."""
    if entry.status != WaitingEntry.Status.WAITING:
        return None
    line = places.turns(entry.run, now=now)
    return next((turn for turn in line if turn.entry.pk == entry.pk), None)


def position(entry: WaitingEntry) -> int:
    """The place in line, 1 for the next; 0 for an entry that does not wait."""
    if entry.status != WaitingEntry.Status.WAITING:
        return 0
    line = WaitingEntry.objects.filter(run_id=entry.run_id).in_line().values_list("pk", flat=True)
    return list(line).index(entry.pk) + 1


def accept(
    *, entry: WaitingEntry, count: int | None = None, actor: User | None, now: datetime
) -> Booking:
    """Take the places offered to an entry; see `offers.accept`. Raises OfferEnded, NotOffered, NotEligible."""
    entry.refresh_from_db(fields=["status", "booking"])
    if not entry.booking:
        raise OfferEnded
    return offers.accept(booking=entry.booking, count=count, actor=actor, now=now)


def decline(*, entry: WaitingEntry, actor: User | None, now: datetime) -> None:
    """Give an entry's offer back; see `offers.decline`. Raises OfferEnded."""
    entry.refresh_from_db(fields=["status", "booking"])
    if not entry.booking:
        raise OfferEnded
    offers.decline(booking=entry.booking, actor=actor, now=now)


@transaction.atomic
def leave(*, entry: WaitingEntry, actor: User | None, now: datetime) -> None:
    """Step out of the line; an open offer is declined. Twice is once. Those behind may be served then."""
    Run.objects.select_for_update(no_key=True).get(pk=entry.run_id)
    entry.refresh_from_db(fields=["status"])
    if entry.status == WaitingEntry.Status.OFFERED:
        try:
            decline(entry=entry, actor=actor, now=now)
        except OfferEnded:
            # The time to answer is over, and nobody has noticed yet.
            places.expire(run=entry.run_id, now=now)
    elif entry.status == WaitingEntry.Status.WAITING:
        entry.status = WaitingEntry.Status.LEFT
        entry.save(update_fields=["status"])
        record("enrollment.leave", entry, actor=actor)
        places.pass_on(run_id=entry.run_id, now=now)
