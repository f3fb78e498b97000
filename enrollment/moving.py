"""To another run of the same course: the booking, and with it what was paid, stays the same."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import can
from courses.models import Run

from . import change_mails, confirming, eligibility, places
from .booking import not_over
from .changes import ChangeError, Ended, Taken, told
from .eligibility import Candidate
from .models import Enrollment
from .requirements import missing
from .scope import runs_of
from .status import Status
from .terms import consequence


class NotTheSame(ChangeError):
    message = _("Choose another run of the same course, with the same price and the same host.")


class MovingCosts(ChangeError):
    message = _(
        "Moving is possible as long as cancelling is free. Now only the host can move the place."
    )


def move(
    *, enrollment: Enrollment, to_run: Run, actor: User | None, now: datetime
) -> list[Enrollment]:
    """Move to another run of the course: the new place is taken and the old one passed on in one transaction,
    both or neither. A team moves as a whole. The booking, and with it what was paid, stays the same.

    Each person gets one mail, after which the diary shows the new meetings only. The new enrolments; the same
    again returns them. Participants and bookers may move as long as cancelling is free, staff at any time.
    Raises NotTheSame, MovingCosts, NotOpen, Over, Ended, Taken, NotEligible, and from the door RunFull and
    Busy; then nothing is stored.
    """
    if moved := _moved(enrollment, to_run):
        return moved
    movers, booking = _movers(enrollment), enrollment.booking

    def locks() -> None:
        eligibility.lock_company(run=to_run, company_id=booking.company_id)
        places.lock_run(enrollment.run_id)

    def attempt(place_ids: list[int]) -> list[Enrollment]:
        eligibility.require_number(_candidate(enrollment, movers, to_run), now=now)
        made = places.relocate(
            enrollments=movers, run=to_run, place_ids=place_ids, actor=actor, now=now
        )
        for new, old in zip(made, movers, strict=True):
            _tell_of_move(new, old, actor=actor, now=now)
        return made

    try:
        _may_move(enrollment, movers, to_run, actor=actor, now=now)
        return places.patiently(
            attempt,
            run=to_run,
            count=places.places_for(to_run, len(movers)),
            region_id=booking.region_id,
            now=now,
            first=locks,
        )
    except (IntegrityError, places.StatusError, places.RunFull, Taken, Ended) as error:
        # The same form may have been quicker in another process.
        if moved := _moved(enrollment, to_run):
            return moved
        raise told(error) from None


def _movers(enrollment: Enrollment) -> list[Enrollment]:
    rows = Enrollment.objects.placed().select_related(
        "booking__booked_by", "run__course", "run__host", "person", "team"
    )
    which = Q(team=enrollment.team_id) if enrollment.team_id else Q(pk=enrollment.pk)
    return list(rows.filter(which).order_by("pk"))


def _may_move(
    enrollment: Enrollment, movers: Sequence[Enrollment], to_run: Run, *, actor, now: datetime
) -> None:
    run, booking = enrollment.run, enrollment.booking
    not_over(run, now=now)
    if not movers or any(m.status not in (Status.HELD, Status.CONFIRMED) for m in movers):
        raise Ended
    price = (booking.price_ore, booking.vat_percent if booking.price_ore else 0)
    if (
        to_run.pk == run.pk
        or to_run.course_id != run.course_id
        or price != (to_run.price_ore, to_run.vat_percent if to_run.price_ore else 0)
        or (booking.price_ore and to_run.host_id != run.host_id)
        or to_run.selection != Run.Selection.OPEN
    ):
        raise NotTheSame
    if not places.takes_bookings(to_run, now=now):
        raise places.NotOpen
    if moving_costs(enrollment, now=now) and not handles(actor, run):
        raise MovingCosts
    candidate = _candidate(enrollment, movers, to_run)
    live = Enrollment.objects.live().filter(run=to_run, person__email__in=candidate.addresses)
    if live.exists():
        raise Taken
    eligibility.require(candidate, now=now)


def _candidate(enrollment: Enrollment, movers: Sequence[Enrollment], to_run: Run) -> Candidate:
    booking = enrollment.booking
    return Candidate(
        run=to_run,
        people=len(movers),
        region=booking.region,
        company=booking.company,
        addresses=tuple(mover.person.email for mover in movers if mover.person),
        for_company=booking.company_id is not None,
        leaves=enrollment.run,
    )


def handles(actor, run: Run) -> bool:
    """Whether the actor is staff of the run, who may move people at any time."""
    return can(actor, "enrollment.handle") and runs_of(actor).filter(pk=run.pk).exists()


def moving_costs(enrollment: Enrollment, *, now: datetime) -> bool:
    """Whether cancelling has begun to cost, or the first meeting has begun."""
    free_until = consequence(enrollment, now=now).free_until
    first = places.first_meeting(enrollment.run)
    return bool((free_until and localdate(now) > free_until) or (first and first <= now))


def _moved(enrollment: Enrollment, to_run: Run) -> list[Enrollment]:
    """The enrolments that this very move has made already."""
    after = Enrollment.objects.filter(instead_of=enrollment, run=to_run).select_related("person")
    made = after.first()
    if made is None:
        return []
    return list(made.team.members.order_by("pk")) if made.team else [made]


def _tell_of_move(new: Enrollment, old: Enrollment, *, actor, now: datetime) -> None:
    if new.status == Status.HELD and not missing(new):
        places.confirm(enrollment=new, actor=actor, now=now)
    confirming.follow(old=old, new=new, now=now)
    if new.person:
        change_mails.place_moved(new, before=old, now=now)
    change_mails.booking_changed(new, what="moved", before=old, actor=actor, now=now)


def runs_to_move_to(enrollment: Enrollment, *, now: datetime) -> list[Run]:
    """Runs of the same course that the enrolment may move to as far as price, host and time go; soonest first.
    Whether they have places, `availability` tells."""
    booking, run = enrollment.booking, enrollment.run
    others = Run.objects.upcoming(now).filter(
        course=run.course_id, price_ore=booking.price_ore, selection=Run.Selection.OPEN
    )
    if booking.price_ore:
        others = others.filter(host=run.host_id, vat_percent=booking.vat_percent)
    others = others.exclude(pk=run.pk).select_related("course", "host", "municipality__region")
    return [other for other in others if places.takes_bookings(other, now=now)]
