"""What participants need to eat and to take part: given by themselves, with consent, and soon forgotten."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from courses.models import Run, Session

from .models import Enrollment, Needs
from .status import Status

KEPT_AFTER = timedelta(days=7)
WITHOUT_DATES = timedelta(days=365)


class NeedsError(Exception):
    """Nothing was stored. `message` is for the reader."""

    message = _("This cannot be stored.")


class ConsentMissing(NeedsError):
    """Such words may tell of health or belief: without consent nothing is kept (GDPR art. 9.2 a)."""

    message = _("Tick that we may store this, or take the choices away")


class UnknownChoice(NeedsError):
    message = _("Choose among what is listed")


class TooLate(NeedsError):
    """The enrolment has ended, or the run."""

    message = _("The course run is over, or the place has been given up.")


@dataclass(frozen=True)
class Counted:
    """How many need what, by the words of the choice. Never who."""

    people: int
    diet: dict[str, int]
    access: dict[str, int]


def delete_after(run: Run, *, now: datetime) -> date:
    """The last day on which needs are kept: a week after the run's last meeting."""
    standing = run.sessions.exclude(status=Session.Status.CANCELLED)
    last = standing.aggregate(last=Max("ends_at"))["last"]
    return localdate(last) + KEPT_AFTER if last else localdate(now) + WITHOUT_DATES


@transaction.atomic
def give(
    *,
    enrollment: Enrollment,
    diet: Sequence[str],
    access: Sequence[str],
    consent: bool,
    now: datetime,
    actor: User | None = None,
) -> Needs | None:
    """Store what the participant needs; nothing chosen withdraws what was stored. Kept until a week after
    the last meeting. Audited without the choices.

    Raises ConsentMissing, UnknownChoice, TooLate."""
    chosen = {"diet": sorted(set(diet)), "access": sorted(set(access))}
    if not diet and not access:
        withdraw(enrollment=enrollment, actor=actor)
        return None
    if not consent:
        raise ConsentMissing
    if not (set(diet) <= set(Needs.Diet.values) and set(access) <= set(Needs.Access.values)):
        raise UnknownChoice
    until = delete_after(enrollment.run, now=now)
    if enrollment.status not in Status.LIVE or until < localdate(now):
        raise TooLate
    before = Needs.objects.filter(enrollment=enrollment).first()
    if before and (before.diet, before.access) == (chosen["diet"], chosen["access"]):
        return before
    kept, _made = Needs.objects.update_or_create(
        enrollment=enrollment, defaults={**chosen, "consent_at": now, "delete_after": until}
    )
    record("enrollment.needs", enrollment, actor=actor, data={"change": "given"})
    return kept


@transaction.atomic
def withdraw(*, enrollment: Enrollment, actor: User | None = None) -> bool:
    """Take the consent back: the row is deleted at once. False when there was none. Audited."""
    gone, _by_model = Needs.objects.filter(enrollment=enrollment).delete()
    if gone:
        record("enrollment.needs", enrollment, actor=actor, data={"change": "withdrawn"})
    return bool(gone)


def follow(*, old: Enrollment, new: Enrollment, now: datetime) -> None:
    """After a move the consent holds for the other run of the course, until a week after its end."""
    Needs.objects.filter(enrollment=old).update(
        enrollment=new, delete_after=delete_after(new.run, now=now)
    )


def counts(run: Run) -> Counted:
    """What the caterer is told: numbers of those who come, without a name."""
    rows = list(_of_run(run))
    return Counted(
        people=len(rows),
        diet=_count(Needs.Diet, [each for row in rows for each in row.diet]),
        access=_count(Needs.Access, [each for row in rows for each in row.access]),
    )


def of_run(run: Run) -> list[tuple[User, list[str], list[str]]]:
    """Who needs what, in words, by name. Only for whom the policy allows `enrollment.needs` on the run."""
    rows = _of_run(run).order_by("enrollment__person__last_name", "enrollment__person__first_name")
    return [
        (
            row.enrollment.person,
            [str(Needs.Diet(each).label) for each in row.diet],
            [str(Needs.Access(each).label) for each in row.access],
        )
        for row in rows
    ]


def _of_run(run: Run):
    seats = Needs.objects.filter(enrollment__run=run, enrollment__status__in=Status.PLACED)
    return seats.exclude(enrollment__person=None).select_related("enrollment__person")


def _count(choices, given: list[str]) -> dict[str, int]:
    found = Counter(given)
    return {str(choice.label): found[choice.value] for choice in choices if found[choice.value]}


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Delete what is kept no longer: a week after the last meeting, wherever meetings have moved since, and
    at once for a place that was given up. How many."""
    gone = Needs.objects.exclude(enrollment__status__in=Status.LIVE).delete()[0]
    for run in Run.objects.filter(enrollments__needs__isnull=False).distinct():
        until = delete_after(run, now=now)
        rows = Needs.objects.filter(enrollment__run=run)
        if run.sessions.exclude(status=Session.Status.CANCELLED).exists():
            rows.exclude(delete_after=until).update(delete_after=until)
    return gone + Needs.objects.filter(delete_after__lt=localdate(now)).delete()[0]
