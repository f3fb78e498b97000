"""Proposing and deciding results: the leader proposes, a coordinator decides (domain rules 4.3, 9)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from courses.models import Run
from courses.models.run import STOCKHOLM

from .evidence import Evidence, NotReady, gather, last_meeting
from .models import Completion

Status = Completion.Status


class DecisionError(Exception):
    """Nothing was decided. `message` is for the reader."""

    message = _("The results could not be decided.")


class EvidenceChanged(DecisionError):
    """Attendance changed after the proposal; `enrollments` are the ids concerned."""

    message = _("The attendance has changed since the proposal. Propose the results again.")

    def __init__(self, enrollments: list[int]):
        super().__init__(enrollments)
        self.enrollments = enrollments


class NeedsReason(DecisionError):
    message = _("An exception needs a reason.")


class NeedsSecondPerson(DecisionError):
    message = _("An exception is decided by another person than the one who proposed.")


class UnknownResult(DecisionError):
    message = _("Choose a result.")


@transaction.atomic
def propose(*, run: Run, actor, now: datetime) -> list[Completion]:
    """Propose a result with its numbers for everybody who took part; returns all the run's completions.

    What is decided stays; a proposal whose evidence has not changed stays as it is, so proposing twice is
    proposing once. One audit entry per new or renewed proposal. Raises NotReady.
    """
    run = Run.objects.select_for_update().get(pk=run.pk)
    found = gather(run)
    standing = _standing(found)
    rows = []
    for evidence in found:
        row = standing.get(evidence.enrollment.pk) or Completion(enrollment=evidence.enrollment)
        if row.status != Status.DECIDED and row.inputs_sha256 != evidence.sha256:
            before = row.result
            row.result = evidence.result
            row.status = Status.PROPOSED
            row.policy_version = evidence.inputs["policy"]["version"]
            row.inputs = evidence.inputs
            row.inputs_sha256 = evidence.sha256
            row.proposed_by = actor
            row.proposed_at = now
            row.save()
            record(
                "completion.propose",
                row,
                actor=actor,
                data={"result": [before, row.result], "inputs_sha256": row.inputs_sha256},
            )
        rows.append(row)
    return rows


@transaction.atomic
def decide(*, completions: Iterable[Completion], actor, now: datetime) -> list[Completion]:
    """Decide proposed results as the arithmetic proposes them; all or none. Returns them.

    A decided one is left alone. `completed_on` is the day of the decision in Sweden, but not before the
    last required meeting. Audited. Raises EvidenceChanged, NotReady. A coordinator's act (policy line
    "completion.decide").
    """
    rows = _locked(completions)
    waiting = [row for row in rows if row.status == Status.PROPOSED]
    _refuse_changed(waiting)
    for row in waiting:
        _decide(row, actor=actor, now=now)
    return rows


@transaction.atomic
def decide_exception(
    *, completion: Completion, result: str, reason: str, actor, now: datetime
) -> Completion:
    """Decide otherwise than the arithmetic says, with a reason, by another person than the proposer.

    A decided one is left alone. Audited. Raises NeedsReason, NeedsSecondPerson, UnknownResult,
    EvidenceChanged, NotReady.
    """
    reason = reason.strip()
    if result not in Completion.Result.values:
        raise UnknownResult
    if not reason:
        raise NeedsReason
    (row,) = _locked([completion])
    if row.status == Status.DECIDED:
        return row
    if actor is None or actor.pk == row.proposed_by_id:
        raise NeedsSecondPerson
    _refuse_changed([row])
    row.result = result
    row.exception_reason = reason[:300]
    _decide(row, actor=actor, now=now)
    return row


def _standing(found: list[Evidence]) -> dict[int, Completion]:
    rows = Completion.objects.filter(enrollment__in=[e.enrollment.pk for e in found])
    return {row.enrollment_id: row for row in rows.select_related("enrollment")}


def _locked(completions: Iterable[Completion]) -> list[Completion]:
    """The rows, locked; their runs first, in one order, as everywhere."""
    ids = [completion.pk for completion in completions]
    runs = Completion.objects.filter(pk__in=ids).values("enrollment__run")
    list(Run.objects.select_for_update().filter(pk__in=runs).order_by("pk"))
    rows = Completion.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return list(
        rows.select_related("enrollment__run__policy", "enrollment__run__course").order_by("pk")
    )


def _refuse_changed(rows: list[Completion]) -> None:
    runs = {row.enrollment.run_id: row.enrollment.run for row in rows}
    fresh = {
        evidence.enrollment.pk: evidence.sha256 for run in runs.values() for evidence in gather(run)
    }
    changed = [
        row.enrollment_id for row in rows if fresh.get(row.enrollment_id) != row.inputs_sha256
    ]
    if changed:
        raise EvidenceChanged(changed)


def _decide(row: Completion, *, actor, now: datetime) -> None:
    last = last_meeting(row.enrollment.run)
    row.status = Status.DECIDED
    row.decided_by = actor
    row.decided_at = now
    row.completed_on = max(now, last or now).astimezone(STOCKHOLM).date()
    row.save()
    record(
        "completion.decide",
        row,
        actor=actor,
        data={"result": str(row.result), "exception": bool(row.exception_reason)},
    )


__all__ = ["DecisionError", "EvidenceChanged", "NotReady", "decide", "decide_exception", "propose"]
