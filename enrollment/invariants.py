"""What must always hold about places, statuses and the waiting list. Numbers as in the house's list."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from accounts.registries import invariant
from courses.models import Run

from .models import Enrollment, Place, WaitingEntry
from .places import takes_bookings, turns
from .requirements import is_blocked, missing
from .status import Status

GRACE = timedelta(minutes=10)


@invariant("1 places")
def _(now: datetime) -> Iterator[str]:
    """Every enrolment that needs a place has one, of its own run; no other enrolment has one."""
    placed = Enrollment.objects.placed()
    for pk in placed.filter(place=None, team__place=None).values_list("pk", flat=True):
        yield f"enrolment {pk} has no place"
    teams = Place.objects.exclude(team=None)
    for pk in teams.exclude(team__in=placed.values("team")).values_list("pk", flat=True):
        yield f"place {pk} is held by a team of which nobody is left"
    occupied = Place.objects.exclude(enrollment=None)
    wrong = occupied.exclude(enrollment__status__in=Status.PLACED)
    for pk in wrong.values_list("pk", flat=True):
        yield f"place {pk} is held by an enrolment that is not live"
    for pk in occupied.exclude(run=F("enrollment__run")).values_list("pk", flat=True):
        yield f"place {pk} is held by an enrolment of another run"


@invariant("1 cancelled runs")
def _(now: datetime) -> Iterator[str]:
    """Nobody has or waits for a place on a run that its organiser has cancelled, not even while a payment is open:
    money that comes later goes back."""
    live = Enrollment.objects.live().filter(run__status=Run.Status.CANCELLED)
    for pk in live.values_list("pk", flat=True):
        yield f"enrolment {pk} is live on a cancelled run"
    waits = WaitingEntry.objects.open().filter(run__status=Run.Status.CANCELLED)
    for pk in waits.values_list("pk", flat=True):
        yield f"entry {pk} waits for a cancelled run"


@invariant("2 one live enrolment")
def _(now: datetime) -> Iterator[str]:
    merged = Enrollment.objects.live().exclude(person__merged_into=None)
    for pk in merged.values_list("pk", flat=True):
        yield f"enrolment {pk} is of somebody who was merged into another person"
    twice = (
        Enrollment.objects.live()
        .exclude(person=None)
        .order_by()
        .values("run", "person")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    for row in twice:
        yield f"person {row['person']} has {row['n']} live enrolments on run {row['run']}"


@invariant("3 shares")
def _(now: datetime) -> Iterator[str]:
    """A place kept for a county was not given to another one before its release."""
    for share in ("place__share", "team__place__share"):
        foreign = (
            Enrollment.objects.placed()
            .filter(
                **{f"{share}__release_at__gt": now, "created_at__lt": F(f"{share}__release_at")}
            )
            .exclude(booking__region=F(f"{share}__region"), booking__region__isnull=False)
        )
        for pk in foreign.values_list("pk", flat=True):
            yield f"enrolment {pk} has a place that is kept for another county"


@invariant("4 confirmed")
def _(now: datetime) -> Iterator[str]:
    """Confirmed means that every requirement is met. Runs that are over are not asked again."""
    confirmed = Enrollment.objects.confirmed().filter(
        Q(run__sessions__ends_at__gt=now) | Q(run__sessions=None)
    )
    for enrollment in confirmed.distinct().select_related("booking", "person", "run").iterator(500):
        if lacking := missing(enrollment):
            yield f"enrolment {enrollment.pk} is confirmed without {', '.join(lacking)}"


@invariant("6 holds")
def _(now: datetime) -> Iterator[str]:
    for enrollment in Enrollment.objects.overdue(now - GRACE).select_related("booking"):
        if not is_blocked(enrollment, now=now):
            yield f"enrolment {enrollment.pk} holds a place past {enrollment.hold_until}"


@invariant("7 waiting list")
def _(now: datetime) -> Iterator[str]:
    """No free place while an eligible entry waits, and no entry stands open without an offer."""
    unanswered = WaitingEntry.objects.filter(status=WaitingEntry.Status.OFFERED)
    spent = unanswered.exclude(booking__enrollments__status=Status.OFFERED)
    for pk in spent.values_list("pk", flat=True):
        yield f"entry {pk} stands open, and nothing of its offer is left"
    waited_for = Run.objects.filter(waiting__status=WaitingEntry.Status.WAITING).distinct()
    for run in waited_for.select_related("course", "rules"):
        if not takes_bookings(run, now=now):
            continue
        for turn in turns(run, now=now):
            if turn.can_be_served:
                yield f"entry {turn.entry.pk} waits while {turn.free} places of {run} are free"


@invariant("8 audit")
def _(now: datetime) -> Iterator[str]:
    """Each enrolment has an audit entry for its making and for its present status."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import ModelLogEntry

    kind = ContentType.objects.get_for_model(Enrollment)
    last: dict[str, str] = {}
    entries = ModelLogEntry.objects.filter(
        content_type=kind, action__in=("enrollment.enter", "enrollment.move")
    ).order_by("pk")
    for object_id, data in entries.values_list("object_id", "data").iterator(2000):
        last[object_id] = data.get("to", "")
    for pk, status in Enrollment.objects.values_list("pk", "status").iterator(2000):
        if last.get(str(pk)) != status:
            yield f"enrolment {pk} is {status}, its audit says {last.get(str(pk), 'nothing')}"
