"""What must always hold about places, statuses and the waiting list. Numbers as in the house's list."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from accounts.registries import invariant
from courses.models import Run
from home.prepared import Prepared

from .models import Enrollment, Place, WaitingEntry
from .places import takes_bookings, turns
from .requirements import is_blocked, missing
from .status import Status

GRACE = timedelta(minutes=10)


def _ids(build: Callable[..., QuerySet]) -> Callable[..., list[int]]:
    """The ids that `build(**values)` finds. Compiled once: these are asked after every test that writes, and after
    each of a hundred thousand random steps."""
    ask = Prepared(lambda **values: build(**values).values_list("pk"))
    return lambda **values: [pk for (pk,) in ask(**values)]


_held_by_ended_teams = _ids(
    lambda: Place.objects.exclude(team=None).exclude(
        team__in=Enrollment.objects.placed().values("team")
    )
)
_occupied = Place.objects.exclude(enrollment=None)
_without_place = _ids(lambda: Enrollment.objects.placed().filter(place=None, team__place=None))
_held_by_ended = _ids(lambda: _occupied.exclude(enrollment__status__in=Status.PLACED))
_held_from_elsewhere = _ids(lambda: _occupied.exclude(run=F("enrollment__run")))


@invariant("1 places")
def _(now: datetime) -> Iterator[str]:
    """Every enrolment that needs a place has one, of its own run; no other enrolment has one."""
    for pk in _without_place():
        yield f"enrolment {pk} has no place"
    for pk in _held_by_ended_teams():
        yield f"place {pk} is held by a team of which nobody is left"
    for pk in _held_by_ended():
        yield f"place {pk} is held by an enrolment that is not live"
    for pk in _held_from_elsewhere():
        yield f"place {pk} is held by an enrolment of another run"


_live_on_cancelled = _ids(
    lambda: Enrollment.objects.live().filter(run__status=Run.Status.CANCELLED)
)
_waits_for_cancelled = _ids(
    lambda: WaitingEntry.objects.open().filter(run__status=Run.Status.CANCELLED)
)


@invariant("1 cancelled runs")
def _(now: datetime) -> Iterator[str]:
    """Nobody has or waits for a place on a run that its organiser has cancelled, not even while a payment is open:
    money that comes later goes back."""
    for pk in _live_on_cancelled():
        yield f"enrolment {pk} is live on a cancelled run"
    for pk in _waits_for_cancelled():
        yield f"entry {pk} waits for a cancelled run"


_merged_away = _ids(lambda: Enrollment.objects.live().exclude(person__merged_into=None))
_twice = Prepared(
    lambda: (
        Enrollment.objects.live()
        .exclude(person=None)
        .order_by()
        .values_list("run", "person")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
)


@invariant("2 one live enrolment")
def _(now: datetime) -> Iterator[str]:
    for pk in _merged_away():
        yield f"enrolment {pk} is of somebody who was merged into another person"
    for run, person, n in _twice():
        yield f"person {person} has {n} live enrolments on run {run}"


def _foreign(share: str) -> Callable[..., list[int]]:
    """Enrolments that have got a place of another county's share."""
    return _ids(
        lambda now: (
            Enrollment.objects.placed()
            .filter(
                **{f"{share}__release_at__gt": now, "created_at__lt": F(f"{share}__release_at")}
            )
            .exclude(booking__region=F(f"{share}__region"), booking__region__isnull=False)
        )
    )


_with_foreign_place = _foreign("place__share"), _foreign("team__place__share")


@invariant("3 shares")
def _(now: datetime) -> Iterator[str]:
    """A place kept for a county was not given to another one before its release."""
    for foreign in _with_foreign_place:
        for pk in foreign(now=now):
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


_overdue = Prepared(lambda at: Enrollment.objects.overdue(at).select_related("booking"))


@invariant("6 holds")
def _(now: datetime) -> Iterator[str]:
    for enrollment in _overdue(at=now - GRACE):
        if not is_blocked(enrollment, now=now):
            yield f"enrolment {enrollment.pk} holds a place past {enrollment.hold_until}"


_spent = _ids(
    lambda: WaitingEntry.objects.filter(status=WaitingEntry.Status.OFFERED).exclude(
        booking__enrollments__status=Status.OFFERED
    )
)
_waited_for = Prepared(
    lambda: (
        Run.objects.filter(waiting__status=WaitingEntry.Status.WAITING)
        .distinct()
        .order_by("pk")
        .select_related("course", "rules")
    )
)


@invariant("7 waiting list")
def _(now: datetime) -> Iterator[str]:
    """No free place while an eligible entry waits, and no entry stands open without an offer."""
    for pk in _spent():
        yield f"entry {pk} stands open, and nothing of its offer is left"
    for run in _waited_for():
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
