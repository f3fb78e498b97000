"""From one run to another: the new place and the end of the old one in one transaction, both or neither."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from courses.models import Run, Session

from ..models import Enrollment
from ..requirements import MAY_FOLLOW, missing
from ..status import Reason, Status
from .errors import Overtaken
from .freeing import release_all
from .timing import names_due
from .writing import enter, lock_run, read_again, seat


@transaction.atomic
def relocate(
    *, enrollments: Sequence[Enrollment], run: Run, place_ids: Sequence[int], actor, now: datetime
) -> list[Enrollment]:
    """Give enrolments of one booking the places of `run` that `patiently` has picked, and pass their old
    places on; the new enrolments, in the same order, held or confirmed from the start. The booking stays.

    Only the old run is locked, so two who change places cannot wait for one another. Raises Overtaken when
    one of them has no place any more.
    """
    old = enrollments[0].run
    lock_run(old.pk)
    read_again(enrollments)
    for enrollment in enrollments:
        if enrollment.status not in (Status.HELD, Status.CONFIRMED):
            raise Overtaken(f"{enrollment.pk} has no place to move")
    newest = Session.objects.filter(run=old).aggregate(n=Max("sequence"))["n"] or 0
    made = []
    for enrollment in enrollments:
        made += enter(
            booking=enrollment.booking,
            run=run,
            people=[enrollment.person],
            named_as=enrollment.named_as,
            status=Status.HELD,
            hold_until=_held_until(enrollment, run, now=now),
            actor=actor,
            now=now,
            instead_of=enrollment,
            diary_id=enrollment.diary_id or enrollment.public_id,
            # Above everything that the diary has heard of these entries.
            calendar_sequence=enrollment.calendar_sequence + newest + 2,
        )
    seat(made, place_ids)
    release_all(enrollments=enrollments, reason=Reason.MOVED, actor=actor, now=now)
    return made


def _held_until(enrollment: Enrollment, run: Run, *, now: datetime) -> datetime | None:
    """A seat that lacks nothing but what may follow waits until names are due on the new run; for everything
    else, say a payment, the time stays what it was."""
    if missing(enrollment).keys() <= MAY_FOLLOW:
        return names_due(run, now=now)
    return enrollment.hold_until
