"""Places change hands and runs."""

from django.utils import timezone

from accounts.models import User
from courses.models import Run
from enrollment import booking, changes, merging, moving, naming, places
from enrollment.eligibility import NotEligible
from enrollment.group_booking import Named
from enrollment.models import Enrollment

from .patience import patient


def substitute(*, enrollment: int, email: str) -> str:
    """What became of handing one place over: done (with the new enrolment's id), or the refusal's name."""
    old = Enrollment.objects.select_related("booking__booked_by", "run", "person").get(
        pk=enrollment
    )
    try:
        made = changes.substitute(
            enrollment=old, named=Named(email, "Kim", "Kollega"), actor=None, now=timezone.now()
        )
    except changes.ChangeError as error:
        return type(error).__name__
    return f"done {made.pk}"


@patient
def move(*, enrollment: int, run: int) -> str:
    """What became of moving one enrolment: done (with the new one's id), full, or the refusal's name."""
    old = Enrollment.objects.select_related("booking", "run", "person").get(pk=enrollment)
    try:
        (made,) = moving.move(
            enrollment=old, to_run=Run.objects.get(pk=run), actor=None, now=timezone.now()
        )
    except places.RunFull:
        return "full"
    except NotEligible:
        return "refused"
    except changes.ChangeError as error:
        return type(error).__name__
    return f"done {made.pk}"


def name(*, seat: int, email: str) -> str:
    """A seat without a name gets one: named or refused."""
    booked = Enrollment.objects.select_related("booking__booked_by").get(pk=seat).booking
    named = {seat: Named(email, "Kim", "Kollega")}
    try:
        naming.name_seats(booking=booked, named=named, actor=booked.booked_by, now=timezone.now())
    except naming.SeatsRefused:
        return "refused"
    return "named"


def merge(*, keep: int, gone: int) -> str:
    one, other = User.objects.get(pk=keep), User.objects.get(pk=gone)
    merging.merge(keep=one, gone=other, actor=one, now=timezone.now())
    return "merged"


def leave_team(*, enrollment: int) -> str:
    """The fee that giving up one's part of a team's place cost."""
    member = Enrollment.objects.select_related("booking", "run", "person").get(pk=enrollment)
    booking.cancel(enrollment=member, reason="by_person", actor=None, now=timezone.now())
    member.refresh_from_db()
    return f"owes {member.fee_ore}"
