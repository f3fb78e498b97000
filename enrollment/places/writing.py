"""The writers of status and place. For the modules of this package alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.audit import record
from accounts.newrow import NewRow
from courses.models import Course, Run
from home.prepared import PreparedUpdate

from ..models import Booking, Enrollment, Place, Team
from ..models.door import opened
from ..requirements import missing
from ..status import TRANSITIONS, Status
from .errors import NotOpen, Overtaken, StatusError

# The hot path of a rush. Written past the models' latch, which only hinders other modules.
_new_enrollment = NewRow(Enrollment)


def _free_place(place_id: int) -> QuerySet:
    """Of a run that stands: this statement is the one that sees whether `freeing.close` came before the picking."""
    cancelled = Run.objects.filter(pk=OuterRef("run"), status=Run.Status.CANCELLED)
    return Place.objects.free().filter(~Exists(cancelled), pk=place_id)


_to_enrollment = PreparedUpdate(_free_place, "enrollment")
_to_team = PreparedUpdate(_free_place, "team")


def lock_run(run_id: int) -> Run:
    """Everything that frees or passes on places goes one after the other, per run."""
    return (
        Run.objects.select_for_update(no_key=True, of=("self",))
        .select_related("course", "rules")
        .get(pk=run_id)
    )


# What a change of an enrolment asks about it, and what its mails say.
_RELATED = (
    "booking__booked_by",
    "booking__company",
    "booking__cancellation",
    "booking__run__course",
    "run__course",
    "run__host",
    "run__rules",
    "person",
    "team",
)


def locked(rows: QuerySet[Enrollment]) -> list[Enrollment]:
    """Those of `rows` that are so at this moment, locked to the end of the transaction and read with their relations.

    Naming and confirming do not lock the run, so that its lock alone says nothing about a row: what is decided on
    and told must have been read after the row was locked. Relations are read by a second statement, since the first
    one would join a row that has waited with what it belonged to before.
    """
    return list(_whole().filter(pk__in=_lock(rows)).order_by("pk"))


def read_again(enrollments: Sequence[Enrollment]) -> None:
    """Lock what the caller has read before and read it anew, in place: nothing of it is stale after this."""
    _lock(Enrollment.objects.filter(pk__in=[enrollment.pk for enrollment in enrollments]))
    for enrollment in enrollments:
        enrollment.refresh_from_db(from_queryset=_whole())


def _lock(rows: QuerySet[Enrollment]) -> list[int]:
    mine = rows.order_by("pk").select_for_update(no_key=True, of=("self",))
    return list(mine.values_list("pk", flat=True))


def _whole() -> QuerySet[Enrollment]:
    return Enrollment.objects.select_related(*_RELATED)


def is_per_team(run: Run) -> bool:
    return run.course.unit == Course.Unit.TEAM


def places_for(run: Run, people: int) -> int:
    """How many places so many people need: one each, or one for the whole team."""
    return 1 if people and is_per_team(run) else people


def move(
    enrollment: Enrollment, to: Status, *, now: datetime, actor=None, reason: str = "", **changes
) -> bool:
    """The only writer of a status: by the table, by conditional update, with its audit entry.

    The same state again changes nothing and returns False. Raises StatusError, Overtaken.
    """
    before = enrollment.status
    if before == to:
        return False
    if to not in TRANSITIONS[before]:
        raise StatusError(f"{before} to {to}")
    changes = {"status": to, "reason": reason, "hold_until": None, **changes}
    if to == Status.CONFIRMED:
        changes["confirmed_at"] = now
    if to == Status.CANCELLED:
        changes.update(cancelled_at=now, calendar_sequence=enrollment.calendar_sequence + 1)
    with opened():
        changed = Enrollment.objects.filter(pk=enrollment.pk, status=before).update(**changes)
    if changed != 1:
        raise Overtaken(f"{enrollment.pk} is no longer {before}")
    for field, value in changes.items():
        setattr(enrollment, field, value)
    data = {"from": str(before), "to": str(to), "reason": str(reason)}
    record("enrollment.move", enrollment, actor=actor, data=data)
    return True


def enter(
    *,
    booking: Booking,
    run: Run,
    people: Iterable,
    status: Status,
    hold_until: datetime | None,
    actor,
    now: datetime,
    **fields,
) -> list[Enrollment]:
    """New enrolments of a booking. A held one that lacks nothing is confirmed from the start."""
    enrollments = []
    for person in people:
        enrollment = Enrollment(
            booking=booking,
            run=run,
            person=person,
            status=status,
            hold_until=hold_until,
            created_at=now,
            **fields,
        )
        if status == Status.HELD and not booking.price_ore and not missing(enrollment):
            enrollment.status, enrollment.hold_until = Status.CONFIRMED, None
            enrollment.confirmed_at = now
        _new_enrollment(enrollment)
        data = {"to": str(enrollment.status)}
        record("enrollment.enter", enrollment, actor=actor, data=data)
        enrollments.append(enrollment)
    return enrollments


def form_team(booking: Booking, enrollments: Sequence[Enrollment]) -> Team:
    """The team of a booking, with these enrolments in it."""
    lead = next((e.person for e in enrollments if e.person_id), None)
    team, _made = Team.objects.get_or_create(
        booking=booking, run=enrollments[0].run, defaults={"lead": lead}
    )
    with opened():
        Enrollment.objects.filter(pk__in=[e.pk for e in enrollments]).update(team=team)
    for enrollment in enrollments:
        enrollment.team = team
    return team


def seat(enrollments: Sequence[Enrollment], place_ids: Sequence[int]) -> None:
    """Point places at enrolments; at their team where places are for teams. The places have been picked, so only
    a run that was cancelled meanwhile does not give them: raises NotOpen then."""
    if enrollments and is_per_team(enrollments[0].run):
        team = form_team(enrollments[0].booking, enrollments)
        changed = [_to_team(place_id=place_ids[0], team=team.pk)]
    else:
        changed = [
            _to_enrollment(place_id=place_id, enrollment=enrollment.pk)
            for enrollment, place_id in zip(enrollments, place_ids, strict=True)
        ]
    if not all(changed):
        raise NotOpen


def empty(enrollments: Sequence[Enrollment]) -> None:
    """Take the places from enrolments that have ended, and from teams of which nobody is left."""
    with opened():
        Place.objects.filter(enrollment__in=[e.pk for e in enrollments]).update(enrollment=None)
        if teams := {e.team_id for e in enrollments if e.team_id}:
            staying = Enrollment.objects.placed().filter(team__in=teams).values("team")
            Place.objects.filter(team__in=teams).exclude(team__in=staying).update(team=None)
