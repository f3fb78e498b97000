"""What happens to a seat that stays where it is: confirmed, held longer, named, handed over."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from courses.models import Run

from ..models import Booking, Enrollment, Place, Team
from ..models.door import opened
from ..requirements import missing
from ..status import Reason, Status
from .errors import Overtaken, RunFull, StatusError
from .writing import enter, lock_run, move, read_again


@transaction.atomic
def confirm(*, enrollment: Enrollment, actor=None, now: datetime) -> bool:
    """Held or accepted to confirmed. False when it was so already.

    Raises StatusError while a requirement is not met, or from a state that does not lead there.
    """
    if enrollment.status != Status.CONFIRMED and (lacking := missing(enrollment)):
        raise StatusError(f"not met: {', '.join(lacking)}")
    return move(enrollment, Status.CONFIRMED, now=now, actor=actor)


@transaction.atomic
def hold_longer(
    *, booking: Booking, until: datetime, run: Run | None = None, actor=None, now: datetime
) -> int:
    """Move the end of a booking's holds to `until` (never backwards), of those on one run or of all; how many
    were moved.

    A hold that is already past its end stays so, whatever the clock does.
    """
    held = booking.enrollments.held().filter(hold_until__gt=now, hold_until__lt=until)
    if run is not None:
        held = held.filter(run=run)
    with opened():
        moved = held.update(hold_until=until)
    if moved:
        record("enrollment.hold_longer", booking, actor=actor, data={"until": until.isoformat()})
    return moved


@transaction.atomic
def await_name(*, enrollment: Enrollment, until: datetime, actor=None, now: datetime) -> None:
    """Keep a held seat that lacks nothing but what may follow until `until` (never backwards). Also one past its
    end that was not released, since what it waited for, say an open payment page, has come."""
    seat = Enrollment.objects.held().filter(pk=enrollment.pk, hold_until__lt=until)
    with opened():
        moved = seat.update(hold_until=until)
    if moved:
        enrollment.hold_until = until
        data = {"until": until.isoformat()}
        record("enrollment.hold_longer", enrollment.booking, actor=actor, data=data)


@transaction.atomic
def name(*, enrollment: Enrollment, person: User, named_as: str = "", actor, now: datetime) -> None:
    """Say who sits on a seat that was booked without a name, and how they were named. Raises Overtaken when it has a
    name or ended; the table refuses a person who is on the run already (IntegrityError)."""
    with opened():
        named = Enrollment.objects.filter(
            pk=enrollment.pk, person=None, status__in=Status.LIVE
        ).update(person=person, named_as=named_as)
    if not named:
        raise Overtaken(f"{enrollment.pk} has a name or has ended")
    enrollment.person, enrollment.named_as = person, named_as
    record("enrollment.name", enrollment, actor=actor)


@transaction.atomic
def hand_over(
    *, enrollment: Enrollment, person: User, hold_until: datetime, actor, now: datetime
) -> Enrollment:
    """Give a person's place to another one: the old enrolment ends as substituted, the new one has the very
    same place (its team's, where teams are booked) and is held, or confirmed when nothing is missing and
    nothing was to be paid. What was paid stays with the booking.

    Raises StatusError when there is no place to hand over, Overtaken.
    """
    lock_run(enrollment.run_id)
    read_again([enrollment])
    if enrollment.status not in (Status.HELD, Status.CONFIRMED):
        raise StatusError(f"{enrollment.pk} has no place to hand over")
    return _replace(
        enrollment,
        person,
        Reason.SUBSTITUTED,
        status=Status.HELD,
        hold_until=hold_until,
        actor=actor,
        now=now,
    )


@transaction.atomic
def vacate(*, enrollment: Enrollment, names_due: datetime, actor, now: datetime) -> Enrollment:
    """The person named for a seat says no: the enrolment ends, the seat stays the booking's and has no name. What
    is applied for, offered or not paid stays so and as long as it was; a confirmed place is held until `names_due`.

    Raises StatusError when the enrolment has ended.
    """
    lock_run(enrollment.run_id)
    read_again([enrollment])
    confirmed = enrollment.status == Status.CONFIRMED
    return _replace(
        enrollment,
        None,
        Reason.SAID_NO,
        status=Status.HELD if confirmed else Status(enrollment.status),
        hold_until=names_due if confirmed else enrollment.hold_until,
        actor=actor,
        now=now,
    )


def _replace(
    enrollment: Enrollment,
    person: User | None,
    reason: Reason,
    *,
    status: Status,
    hold_until: datetime | None,
    actor,
    now: datetime,
) -> Enrollment:
    """End an enrolment; another one, of `person` or without a name, has the very same place."""
    place = Place.objects.filter(enrollment=enrollment).first()
    if not move(enrollment, Status.CANCELLED, now=now, actor=actor, reason=reason):
        raise StatusError(f"{enrollment.pk} has ended")
    (successor,) = enter(
        booking=enrollment.booking,
        run=enrollment.run,
        people=[person],
        status=status,
        hold_until=hold_until,
        actor=actor,
        now=now,
        team=enrollment.team,
        instead_of=enrollment,
    )
    if place is not None:
        with opened():
            if not Place.objects.filter(pk=place.pk, enrollment=enrollment).update(
                enrollment=successor
            ):
                raise Overtaken(f"place {place.pk}")
    return successor


@transaction.atomic
def join_team(
    *, team: Team, most: int, person: User, hold_until: datetime, actor, now: datetime
) -> Enrollment:
    """One more person on the place that a team has: held, or confirmed when nothing is missing and nothing was
    to be paid. Raises RunFull when the team has `most` people already, Overtaken when it has no place any more.
    """
    run = lock_run(team.run_id)
    if not Place.objects.filter(team=team).exists():
        raise Overtaken(f"team {team.pk} has no place")
    if team.members.placed().count() >= most:
        raise RunFull(0)
    (enrollment,) = enter(
        booking=team.booking,
        run=run,
        people=[person],
        status=Status.HELD,
        hold_until=hold_until,
        actor=actor,
        now=now,
        team=team,
    )
    return enrollment


@transaction.atomic
def reassign(*, gone: User, keep: User, actor, now: datetime) -> int:
    """Give everything a duplicate was ever enrolled in to the person who is kept; how many enrolments. The two
    must not both be on one run: the table refuses that (IntegrityError)."""
    rows = list(Enrollment.objects.filter(person=gone))
    with opened():
        Enrollment.objects.filter(pk__in=[row.pk for row in rows]).update(person=keep)
    for row in rows:
        record("enrollment.name", row, actor=actor, data={"from": gone.pk, "to": keep.pk})
    return len(rows)
