"""What whoever books may be told about the people they name. Who takes part in what is nobody else's business: a
form with somebody's address must not answer it (`docs/decisions/0026-discretion.md`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import current
from accounts.policy import can
from courses.models import Run

from . import eligibility, memberships, unasked
from .booking import BookingError
from .eligibility import Candidate
from .models import Booking, Enrollment
from .scope import runs_of
from .status import Reason


@dataclass(frozen=True)
class Hindrance:
    """Why somebody cannot take a seat: `has_place` on the run already, or `by_rules` about who takes part; neither
    when strangers have named them so often today that they get no more mail."""

    email: str
    has_place: bool = False
    by_rules: bool = False


def may_know(
    asker: User | None, addresses: Iterable[str], *, run: Run, now: datetime
) -> frozenset[str]:
    """Of the addresses, those of whom the asker may be told whether they have a place, another course at the same
    time, or completed one before: the asker's own, of people they have booked, and of people whom a company that
    they act for has booked; for staff who handle the run all. `asker` has signed in; None knows nobody. Of people
    whose accounts have become one, both addresses are given back.
    """
    given = [User.objects.normalise(address) for address in addresses]
    if asker is None or not given:
        return frozenset()
    stored = dict(zip(given, current(given), strict=True))
    if can(asker, "enrollment.handle") and runs_of(asker).filter(pk=run.pk).exists():
        return frozenset([*stored, *stored.values()])
    acting = memberships.companies_of(asker, today=localdate(now)).order_by().values("company")
    named = Q(booking__booked_by=asker) | Q(booking__company__in=acting)
    booked = Enrollment.objects.filter(named, person__email__in=stored.values())
    named_before = booked.exclude(reason=Reason.SAID_NO).values_list("person__email", flat=True)
    known = {asker.email, *named_before}
    return frozenset(address for pair in stored.items() if pair[1] in known for address in pair)


def hindered(run: Run, addresses: Iterable[str], *, now: datetime) -> dict[str, Hindrance]:
    """Those of the addresses whose people cannot take a seat on the run when a stranger names them, and why."""
    given = sorted({User.objects.normalise(address) for address in addresses})
    if not given:
        return {}
    stored = dict(zip(given, current(given), strict=True))
    live = Enrollment.objects.live().filter(run=run, person__email__in=stored.values())
    there = set(live.values_list("person__email", flat=True))
    enough = unasked.written_enough(stored.values(), now=now)
    candidates = [Candidate(run=run, addresses=(address,)) for address in given]
    against = eligibility.reasons_of_many(candidates, now=now, only_people=True)
    found = {}
    for address, reasons in zip(given, against, strict=True):
        email = stored[address]
        if email in there or reasons or email in enough:
            found[address] = Hindrance(email, email in there, bool(reasons))
    return found


class CannotTake(BookingError):
    """Somebody named cannot take the place, and whoever names them is not told why."""

    message = _(
        "This person cannot take the place. If it is somebody we can write to, they have got a mail: ask them."
    )


@transaction.atomic
def turned_away(
    *, enrollment: Enrollment, address: str, asker: User, now: datetime
) -> CannotTake | None:
    """Before somebody is named for a place that a person has, or for a team: None where nothing hinders them, and
    where the asker may know what does, since the act itself says it. Else what the asker is told; those named
    read who it was."""
    run, address = enrollment.run, User.objects.normalise(address)
    if may_know(asker, [address], run=run, now=now):
        return None
    why = hindered(run, [address], now=now).get(address)
    if why is None:
        return None
    if why.has_place or why.by_rules:
        unasked.person_wanted(
            why.email, booking=enrollment.booking, has_place=why.has_place, now=now
        )
    return CannotTake()


def leave_open(
    seats: Sequence[tuple[Enrollment, str, Hindrance]], *, booking: Booking, now: datetime
) -> None:
    """The seats stay the booking's and wait for another name, `(seat, name as typed, why)`. The page says nothing
    of it: a mail goes to the booker's address, and one to each of those named, who read who wanted to book them.
    """
    for seat, typed, _why in seats:
        seat.named_as = typed
        Enrollment.objects.filter(pk=seat.pk, person=None).update(named_as=typed)
    if seats:
        unasked.names_not_taken(booking, names=[typed for _seat, typed, _why in seats], now=now)
    for _seat, _typed, why in seats:
        if why.has_place or why.by_rules:
            unasked.person_wanted(why.email, booking=booking, has_place=why.has_place, now=now)
