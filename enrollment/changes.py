"""Changes to what is booked: a colleague instead, another run, one more person in a team.

Each function does one change as a whole, tells everybody concerned once and corrects their diaries. What
cancelling costs stands in `terms`, cancelling itself in `booking`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from accounts.audit import record
from accounts.models import User
from accounts.people import known_or_new
from accounts.policy import can
from courses.models import Run, Session

from . import change_mails, confirming, eligibility, places
from .booking import BookingError, NotOpen, settle_made
from .eligibility import Candidate
from .group_booking import Named
from .models import Booking, Enrollment, Team
from .models.rules import rules_of
from .requirements import missing
from .scope import runs_of
from .status import Status
from .terms import Consequence, applying, consequence, cost, steps_of, terms_in_words

__all__ = [
    "ChangeError",
    "Consequence",
    "Ended",
    "MovingCosts",
    "NoSubstitutes",
    "NotTheSame",
    "Over",
    "SamePerson",
    "Taken",
    "TeamFull",
    "add_person",
    "applying",
    "consequence",
    "cost",
    "handles",
    "last_meeting_end",
    "may_hand_over",
    "move",
    "moving_costs",
    "open_fees",
    "runs_to_move_to",
    "settle_fee",
    "steps_of",
    "substitute",
    "tell_of_changed_meeting",
    "tell_of_changed_meetings",
    "terms_in_words",
]


# What of a meeting a diary shows; for how long a change is told late, when the worker has been away.
SHOWN = frozenset(("starts_at", "ends_at", "venue", "link", "status"))
LOOK_BACK = timedelta(days=2)


class ChangeError(BookingError):
    """Nothing was changed. `message` is for the reader."""

    message = _("The change could not be made.")


class Over(ChangeError):
    message = _("The course run is over.")


class Ended(ChangeError):
    """The enrolment has no place any more, or somebody else has just changed it."""

    message = _("This place has been changed in the meantime. Load the page again.")


class NoSubstitutes(ChangeError):
    message = _("The booking terms do not let a colleague take the place. Ask the host.")


class SamePerson(ChangeError):
    message = _("This is the person who has the place.")


class Taken(ChangeError):
    """The colleague has a place on the run already."""

    message = _("This person has a place on this course run already.")


class NotTheSame(ChangeError):
    message = _("Choose another run of the same course, with the same price and the same host.")


class MovingCosts(ChangeError):
    message = _(
        "Moving is possible as long as cancelling is free. Now only the host can move the place."
    )


class TeamFull(ChangeError):
    message = _("The team has as many people as it may have.")


def last_meeting_end(run: Run) -> datetime | None:
    """The end of the last meeting that takes place."""
    return run.sessions.standing().aggregate(last=Max("ends_at"))["last"]


def _not_over(run: Run, *, now: datetime) -> None:
    end = last_meeting_end(run)
    if run.is_cancelled or (end is not None and end <= now):
        raise Over


def substitute(
    *, enrollment: Enrollment, named: Named, actor: User | None, now: datetime
) -> Enrollment:
    """A colleague takes the place (R-CRS-04): the old enrolment ends as substituted, the new one has the very
    same place. Minutes of attendance stay with whoever attended; what was paid stays with the booking.

    The old person's diary loses the meetings, the new one gets confirmation and invitation, a booker who is
    neither of them is told. The same again returns the first result. Raises NoSubstitutes, Over, SamePerson,
    Taken, Ended, eligibility.NotEligible; then nothing is stored.
    """
    try:
        with transaction.atomic():
            return _substitute(enrollment, named, actor, now)
    except (IntegrityError, places.StatusError, Taken, Ended) as error:
        # The same form may have been quicker in another process.
        if same := _successor(enrollment, named):
            return same
        raise _told(error) from None


def _told(error: Exception) -> Exception:
    """What the reader is told of a refusal by the tables or by the door."""
    if isinstance(error, IntegrityError):
        return Taken()
    return Ended() if isinstance(error, places.StatusError) else error


def _substitute(enrollment: Enrollment, named: Named, actor, now: datetime) -> Enrollment:
    booking, run = enrollment.booking, enrollment.run
    if same := _successor(enrollment, named):
        return same
    _not_over(run, now=now)
    if enrollment.status not in (Status.HELD, Status.CONFIRMED) or enrollment.person is None:
        raise Ended
    if booking.cancellation and not booking.cancellation.substitutes:
        raise NoSubstitutes
    person = _person(named, booking, now)
    if person == enrollment.person:
        raise SamePerson
    _may_take_part(run, booking, person, now=now)
    successor = places.hand_over(
        enrollment=enrollment,
        person=person,
        hold_until=enrollment.hold_until or places.names_due(run, now=now),
        actor=actor,
        now=now,
    )
    if enrollment.team and enrollment.team.lead_id == enrollment.person_id:
        enrollment.team.lead = person
        enrollment.team.save(update_fields=["lead"])
    settle_made([successor], actor=actor, now=now)
    change_mails.substituted_out(enrollment, successor=successor, now=now)
    change_mails.booking_changed(
        successor, what="substituted", before=enrollment, actor=actor, now=now
    )
    return successor


def may_hand_over(enrollment: Enrollment, *, now: datetime) -> bool:
    """Whether a colleague may take the place now, as far as the terms and the time go."""
    policy = enrollment.booking.cancellation
    if enrollment.person_id is None or enrollment.status not in (Status.HELD, Status.CONFIRMED):
        return False
    if policy and not policy.substitutes:
        return False
    end = last_meeting_end(enrollment.run)
    return not enrollment.run.is_cancelled and (end is None or now < end)


def _successor(enrollment: Enrollment, named: Named) -> Enrollment | None:
    """The enrolment of this person that has replaced it, when this very change has been made."""
    after = Enrollment.objects.filter(instead_of=enrollment).select_related("person").first()
    email = User.objects.normalise(named.email)
    return after if after and after.person and after.person.email == email else None


def _person(named: Named, booking: Booking, now: datetime) -> User:
    return known_or_new(
        email=named.email,
        first_name=named.first_name,
        last_name=named.last_name,
        language=booking.language,
        now=now,
    )


def _may_take_part(
    run: Run, booking: Booking, person: User, *, more: int = 0, now: datetime
) -> None:
    """Raises Taken, NotEligible. The company and the number of places have not changed, so that only rules
    about the person, and the size of a team with `more` people, can refuse."""
    if Enrollment.objects.live().filter(run=run, person=person).exists():
        raise Taken
    seats = booking.enrollments.placed().filter(run=run).count() + more
    eligibility.require(
        Candidate(run=run, people=seats, region=booking.region, addresses=(person.email,)), now=now
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

    def attempt(place_ids: list[int]) -> list[Enrollment]:
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
        )
    except (IntegrityError, places.StatusError, places.RunFull, Taken, Ended) as error:
        # The same form may have been quicker in another process.
        if moved := _moved(enrollment, to_run):
            return moved
        raise _told(error) from None


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
    _not_over(run, now=now)
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
        raise NotOpen
    if moving_costs(enrollment, now=now) and not handles(actor, run):
        raise MovingCosts
    people = tuple(mover.person.email for mover in movers if mover.person)
    if Enrollment.objects.live().filter(run=to_run, person__email__in=people).exists():
        raise Taken
    eligibility.require(
        Candidate(
            run=to_run,
            people=len(movers),
            region=booking.region,
            company=booking.company,
            addresses=people,
        ),
        now=now,
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


def add_person(
    *, enrollment: Enrollment, named: Named, actor: User | None, now: datetime
) -> Enrollment:
    """One more person in the team that `enrollment` belongs to: no place is needed, nothing is to be paid.

    The person is told, with invitation; the booker when somebody else did it. The same again returns the
    enrolment. Raises TeamFull, Taken, Over, Ended, NotEligible; then nothing is stored. Where every person has
    a place of their own there is no team to join: one books again.
    """
    if enrollment.team is None:
        raise Ended
    try:
        with transaction.atomic():
            return _add(enrollment, enrollment.team, named, actor, now)
    except (IntegrityError, places.StatusError, Taken) as error:
        email = User.objects.normalise(named.email)
        if same := enrollment.team.members.placed().filter(person__email=email).first():
            return same
        raise _told(error) from None
    except places.RunFull:
        raise TeamFull from None


def _add(enrollment: Enrollment, team: Team, named: Named, actor, now: datetime) -> Enrollment:
    run, booking = enrollment.run, enrollment.booking
    _not_over(run, now=now)
    person = _person(named, booking, now)
    if before := team.members.placed().filter(person=person).first():
        return before
    rules = rules_of(run)
    if team.members.placed().count() >= rules.team_max:
        raise TeamFull
    _may_take_part(run, booking, person, more=1, now=now)
    added = places.join_team(
        team=team,
        most=rules.team_max,
        person=person,
        hold_until=enrollment.hold_until or places.names_due(run, now=now),
        actor=actor,
        now=now,
    )
    settle_made([added], actor=actor, now=now)
    change_mails.booking_changed(added, what="added", actor=actor, now=now)
    return added


@transaction.atomic
def settle_fee(*, enrollment: Enrollment, fee_ore: int, actor: User, now: datetime) -> None:
    """Staff have dealt with what a cancelled place costs: claimed as it stands, or lowered to `fee_ore` (0 waives
    it). It leaves the work-list; of a paid booking the difference goes back. Raises Ended for a fee that would
    grow, or of a place that is not cancelled."""
    before = Enrollment.objects.select_for_update(no_key=True, of=("self",)).get(pk=enrollment.pk)
    if before.status != Status.CANCELLED or not 0 <= fee_ore <= before.fee_ore:
        raise Ended
    Enrollment.objects.filter(pk=before.pk).update(fee_ore=fee_ore)
    data = {"from": before.fee_ore, "to": fee_ore}
    record("enrollment.fee", enrollment, actor=actor, data=data)
    enrollment.fee_ore = fee_ore


def open_fees() -> list[Enrollment]:
    """Cancelled places that cost something and were never paid for, which nobody of the staff has dealt with."""
    owed = (
        Enrollment.objects.filter(fee_ore__gt=0, booking__price_ore=0, status=Status.CANCELLED)
        .select_related("run__course", "booking", "person")
        .order_by("cancelled_at", "pk")
    )
    kind = ContentType.objects.get_for_model(Enrollment)
    entries = ModelLogEntry.objects.filter(content_type=kind, action="enrollment.fee")
    dealt_with = set(entries.values_list("object_id", flat=True))
    return [enrollment for enrollment in owed if str(enrollment.pk) not in dealt_with]


def tell_of_changed_meetings(*, now: datetime) -> int:
    """Tell the participants of every meeting that was changed within two days and is still to come; how many
    mails. What was told already, and who was confirmed after the change, is left out.

    The schedule stands on a floor below and does not know participants: the audit trail says what was changed.
    """
    entries = ModelLogEntry.objects.filter(
        action="courses.change_meeting", timestamp__gt=now - LOOK_BACK
    )
    rows = entries.order_by("pk").values_list("object_id", "data", "timestamp")
    changed = {pk: at for pk, data, at in rows if SHOWN & set(data.get("fields", ()))}
    sessions = Session.objects.filter(pk__in=changed, ends_at__gt=now)
    return sum(
        tell_of_changed_meeting(session=session, before=changed[str(session.pk)], now=now)
        for session in sessions.exclude(run__status=Run.Status.CANCELLED)
    )


@transaction.atomic
def tell_of_changed_meeting(
    *, session: Session, before: datetime | None = None, now: datetime
) -> int:
    """Write to everybody who has a place (and had it `before` then) about a meeting whose time, place or link has
    changed, or that is cancelled, with the correction for their diaries; how many. The same change is told once.
    """
    concerned = (
        Enrollment.objects.confirmed()
        .filter(run=session.run_id)
        .exclude(person=None)
        .select_related("booking", "run__course", "run__host", "person")
        .order_by("pk")
    )
    if before is not None:
        concerned = concerned.filter(confirmed_at__lt=before)
    told = change_mails.told_of(session)
    rest = [enrollment for enrollment in concerned if enrollment.pk not in told]
    for enrollment in rest:
        change_mails.meeting_changed(enrollment, session, now=now)
    return len(rest)
