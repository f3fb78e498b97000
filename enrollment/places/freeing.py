"""Freeing places: what becomes free goes to the waiting list in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from courses.models import Run

from .. import mails
from ..models import Enrollment, Place, WaitingEntry
from ..requirements import is_blocked
from ..status import Reason, Status
from .offering import pass_on
from .writing import empty, lock_run, locked, move, read_again


@transaction.atomic
def release(
    *, enrollment: Enrollment, reason: Reason, actor=None, now: datetime, fee_ore: int = 0
) -> bool:
    """Cancel an enrolment; its place goes to the first eligible waiting entry, else it becomes free.

    `fee_ore` is what cancelling costs (öre without VAT). False when it was cancelled already: nothing happens.
    """
    return bool(
        release_all(enrollments=[enrollment], reason=reason, actor=actor, now=now, fee_ore=fee_ore)
    )


@transaction.atomic
def release_all(
    *,
    enrollments: Sequence[Enrollment],
    reason: Reason,
    actor=None,
    now: datetime,
    fee_ore: int = 0,
) -> list[Enrollment]:
    """Cancel several enrolments of one run at once and pass their places on together, so that a group that
    waits gets all of them. Gives those that were cancelled by this; each owes `fee_ore`. The caller's objects are
    read anew before."""
    if not enrollments:
        return []
    run_id = enrollments[0].run_id
    lock_run(run_id)
    read_again(enrollments)
    gone, declined = [], set()
    changes = {"fee_ore": fee_ore} if fee_ore else {}
    for enrollment in enrollments:
        before = enrollment.status
        if move(enrollment, Status.CANCELLED, now=now, actor=actor, reason=reason, **changes):
            gone.append(enrollment)
            declined |= {enrollment.booking_id} if before == Status.OFFERED else set()
    empty(gone)
    if declined:
        # An offer of which nothing is left has been answered; its entry must not stand open for ever.
        left = Enrollment.objects.filter(booking__in=declined, status=Status.OFFERED)
        WaitingEntry.objects.filter(
            status=WaitingEntry.Status.OFFERED,
            booking__in=declined - set(left.values_list("booking", flat=True)),
        ).update(status=WaitingEntry.Status.DECLINED)
    pass_on(run_id=run_id, now=now)
    return gone


@transaction.atomic
def expire(*, run: Run | int, now: datetime) -> int:
    """Release the run's holds and offers past their end and pass their places on; how many.

    A hold that something still speaks for (a payment page left open) stays until that is settled.
    """
    run_id = run if isinstance(run, int) else run.pk
    lock_run(run_id)
    gone = []
    for enrollment in locked(Enrollment.objects.filter(run_id=run_id).overdue(now)):
        offered = enrollment.status == Status.OFFERED
        if not offered and is_blocked(enrollment, now=now):
            continue
        draft = enrollment.booking.is_draft
        # What a draft held was never booked: a payment that comes late must not take it again.
        reason = Reason.GIVEN_BACK if draft else Reason.EXPIRED
        move(enrollment, Status.CANCELLED, now=now, reason=reason)
        if not draft:
            mails.place_expired(enrollment, offered=offered, now=now)
        gone.append(enrollment)
    empty(gone)
    WaitingEntry.objects.filter(
        status=WaitingEntry.Status.OFFERED, booking__in={e.booking_id for e in gone}
    ).update(status=WaitingEntry.Status.EXPIRED)
    pass_on(run_id=run_id, now=now)
    return len(gone)


@transaction.atomic
def close(*, run: Run, actor, now: datetime) -> tuple[list[Enrollment], list[WaitingEntry]]:
    """End every live enrolment and every place in line of a run that its organiser has cancelled; what was
    ended by this. Nothing is passed on. The run's status is the caller's, in the same transaction.

    Taking does not lock the run. So this waits for whoever has picked a place: who came before is found among the
    live enrolments, who picks one later sees in giving it (`writing.seat`) that the run is cancelled.
    """
    lock_run(run.pk)
    list(Place.objects.filter(run=run).order_by("pk").select_for_update(no_key=True))
    live = locked(Enrollment.objects.live().filter(run=run))
    for enrollment in live:
        move(enrollment, Status.CANCELLED, now=now, actor=actor, reason=Reason.RUN_CANCELLED)
    empty(live)
    waiting = list(WaitingEntry.objects.open().filter(run=run).select_related("person"))
    WaitingEntry.objects.filter(pk__in=[entry.pk for entry in waiting]).update(
        status=WaitingEntry.Status.CLOSED
    )
    return live, waiting
