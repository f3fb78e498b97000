"""A run that does not take place: the day of the decision, and cancelling it as a whole (R-CRS-05)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from courses.models import Run, Session
from home import formats

from . import change_mails, places
from .booking import BookingError
from .models import Enrollment
from .models.rules import rules_of

NOTICE = timedelta(days=7)


class HasBegun(BookingError):
    """A meeting has been held; what is left is cancelled one meeting at a time."""

    message = _("A meeting has been held already. Cancel the meetings that are left one by one.")


@dataclass(frozen=True)
class Decision:
    """When staff decide whether a run takes place: by the end of `day`, with at least `needed` of the
    participants that are `confirmed` now (teams where places are for teams)."""

    run: Run
    day: date
    needed: int
    confirmed: int

    @property
    def is_enough(self) -> bool:
        return self.confirmed >= self.needed

    @property
    def since(self) -> datetime:
        return make_aware(datetime.combine(self.day - NOTICE, time()))


def decision(run: Run) -> Decision | None:
    """What is to be decided about a run; None when it takes place however many come."""
    rules = rules_of(run)
    if not rules.decide_on or not rules.min_participants or run.status != Run.Status.PUBLISHED:
        return None
    confirmed = run.enrollments.confirmed()
    if places.is_per_team(run):
        confirmed = confirmed.order_by().values("team").distinct()
    return Decision(run, rules.decide_on, rules.min_participants, confirmed.count())


def decision_in_words(one: Decision | None) -> str:
    """For the run's page, in the active language; empty when there is nothing to decide."""
    if one is None:
        return ""
    words = {"day": formats.day(one.day), "needed": one.needed, "confirmed": one.confirmed}
    if places.is_per_team(one.run):
        return (
            gettext(
                "The host decides by %(day)s whether this course run takes place. It needs %(needed)s teams;"
                " %(confirmed)s have a place now."
            )
            % words
        )
    return (
        gettext(
            "The host decides by %(day)s whether this course run takes place. It needs %(needed)s participants;"
            " %(confirmed)s have a place now."
        )
        % words
    )


def undecided(*, now: datetime) -> list[Decision]:
    """The decisions that are due within a week, or were, about runs that still have too few participants and
    whose first meeting has not been held."""
    runs = (
        Run.objects.filter(
            status=Run.Status.PUBLISHED,
            rules__decide_on__lte=localdate(now) + NOTICE,
            rules__min_participants__isnull=False,
        )
        .exclude(sessions__starts_at__lte=now)
        .select_related("course", "host", "rules")
        .order_by("rules__decide_on", "code")
        .distinct()
    )
    found = [decision(run) for run in runs]
    return [one for one in found if one and not one.is_enough]


@transaction.atomic
def cancel_run(*, run: Run, reason_text: str = "", actor: User | None, now: datetime) -> bool:
    """The organiser cancels a run: every place and every place in line ends, its meetings are cancelled, and
    everybody concerned is told once. Nobody owes a fee; what was paid is a case of the work-list with its sum.

    `reason_text` is told to them as it is written. False when the run was cancelled already. Raises HasBegun
    when a meeting has been held.
    """
    locked = Run.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    if locked.is_cancelled:
        return False
    held = locked.sessions.filter(Q(status=Session.Status.HELD) | Q(ends_at__lte=now))
    if held.exclude(status=Session.Status.CANCELLED).exists():
        raise HasBegun
    ended, waiting = places.close(run=locked, actor=actor, now=now)
    locked.sessions.standing().update(status=Session.Status.CANCELLED, sequence=F("sequence") + 1)
    locked.status = run.status = Run.Status.CANCELLED
    locked.save(update_fields=["status"])
    record(
        "enrollment.cancel_run",
        locked,
        actor=actor,
        data={"enrolments": len(ended), "waiting": len(waiting)},
    )
    _tell(locked, ended, waiting, reason=reason_text.strip(), now=now)
    return True


def _tell(run: Run, ended: list[Enrollment], waiting: list, *, reason: str, now) -> None:
    """One mail each: who takes part and books is told as the one who takes part."""
    told = set()
    for enrollment in ended:
        if enrollment.person and enrollment.person_id not in told:
            told.add(enrollment.person_id)
            change_mails.run_cancelled(
                run, to=enrollment.person, enrollment=enrollment, reason=reason, now=now
            )
    for enrollment in ended:
        booker = enrollment.booking.booked_by
        if booker and booker.pk not in told:
            told.add(booker.pk)
            change_mails.run_cancelled(
                run, to=booker, enrollment=enrollment, reason=reason, now=now
            )
    for entry in waiting:
        if entry.person_id not in told:
            told.add(entry.person_id)
            entry.run = run
            change_mails.waiting_closed(entry, reason=reason, now=now)
