"""Changes to what is booked: a colleague instead, one more person in a team. Another run: `moving`.

Each function does one change as a whole, tells everybody concerned once and corrects their diaries. What
cancelling costs stands in `terms`, cancelling itself in `booking`.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import known_or_new
from courses.models import Run

from . import change_mails, eligibility, places
from .booking import BookingError, not_over, settle_made
from .models import Booking, Enrollment, Team
from .models.rules import rules_of
from .named import Named, call
from .status import Status


class ChangeError(BookingError):
    """Nothing was changed. `message` is for the reader."""

    message = _("The change could not be made.")


class Ended(ChangeError):
    """The enrolment has no place any more, or somebody else has just changed it."""

    message = _("This place has been changed in the meantime. Load the page again.")


class NoSubstitutes(ChangeError):
    message = _("The booking terms do not let a colleague take the place. Ask the host.")


class SamePerson(ChangeError):
    message = _("This is the person who has the place.")


class Taken(ChangeError):
    """The colleague has a place on the run already."""

    message = _("This person has a place on this course run already.")


class TeamFull(ChangeError):
    message = _("The team has as many people as it may have.")


def substitute(
    *, enrollment: Enrollment, named: Named, actor: User | None, now: datetime
) -> Enrollment:
    """A colleague takes the place (R-CRS-04): the old enrolment ends as substituted, the new one has the very
    same place. Minutes of attendance stay with whoever attended; what was paid stays with the booking.

    The old person's diary loses the meetings, the new one gets confirmation and invitation, a booker who is
    neither of them is told. The same again returns the first result. Raises NoSubstitutes, Over, SamePerson,
    Taken, Ended, eligibility.NotEligible; then nothing is stored.
    """
    try:
        with transaction.atomic():
            return _substitute(enrollment, named, actor, now)
    except (IntegrityError, places.StatusError, Taken, Ended) as error:
        # The same form may have been quicker in another process.
        if same := _successor(enrollment, named):
            return same
        raise told(error) from None


def told(error: Exception) -> Exception:
    """What the reader is told of a refusal by the tables or by the door."""
    if isinstance(error, IntegrityError):
        return Taken()
    return Ended() if isinstance(error, places.StatusError) else error


def _substitute(enrollment: Enrollment, named: Named, actor, now: datetime) -> Enrollment:
    booking, run = enrollment.booking, enrollment.run
    if same := _successor(enrollment, named):
        return same
    not_over(run, now=now)
    if enrollment.status not in (Status.HELD, Status.CONFIRMED) or enrollment.person is None:
        raise Ended
    if booking.cancellation and not booking.cancellation.substitutes:
        raise NoSubstitutes
    places.lock_run(run.pk)
    person = _person(named, booking, now)
    if person == enrollment.person:
        raise SamePerson
    _may_take_part(run, person, now=now)
    successor = places.hand_over(
        enrollment=enrollment,
        person=person,
        hold_until=enrollment.hold_until or places.names_due(run, now=now),
        actor=actor,
        now=now,
    )
    call(successor, named)
    if enrollment.team and enrollment.team.lead_id == enrollment.person_id:
        enrollment.team.lead = person
        enrollment.team.save(update_fields=["lead"])
    settle_made([successor], actor=actor, now=now)
    change_mails.substituted_out(enrollment, successor=successor, now=now)
    change_mails.booking_changed(
        successor, what="substituted", before=enrollment, actor=actor, now=now
    )
    return successor


def may_hand_over(enrollment: Enrollment, *, now: datetime) -> bool:
    """Whether a colleague may take the place now, as far as the terms and the time go."""
    policy = enrollment.booking.cancellation
    if enrollment.person_id is None or enrollment.status not in (Status.HELD, Status.CONFIRMED):
        return False
    if policy and not policy.substitutes:
        return False
    end = places.last_meeting_end(enrollment.run)
    return not enrollment.run.is_cancelled and (end is None or now < end)


def _successor(enrollment: Enrollment, named: Named) -> Enrollment | None:
    """The enrolment of this person that has replaced it, when this very change has been made."""
    after = Enrollment.objects.filter(instead_of=enrollment).select_related("person").first()
    email = User.objects.normalise(named.email)
    return after if after and after.person and after.person.email == email else None


def _person(named: Named, booking: Booking, now: datetime) -> User:
    return known_or_new(
        email=named.email,
        first_name=named.first_name,
        last_name=named.last_name,
        language=booking.language,
        now=now,
    )


def _may_take_part(run: Run, person: User, *, now: datetime) -> None:
    """Raises Taken, NotEligible."""
    if Enrollment.objects.live().filter(run=run, person=person).exists():
        raise Taken
    eligibility.require_person(run=run, person=person, now=now)


def add_person(
    *, enrollment: Enrollment, named: Named, actor: User | None, now: datetime
) -> Enrollment:
    """One more person in the team that `enrollment` belongs to: no place is needed, nothing is to be paid.

    The person is told, with invitation; the booker when somebody else did it. The same again returns the
    enrolment. Raises TeamFull, Taken, Over, Ended, NotEligible; then nothing is stored. Where every person has
    a place of their own there is no team to join: one books again.
    """
    if enrollment.team is None:
        raise Ended
    try:
        with transaction.atomic():
            return _add(enrollment, enrollment.team, named, actor, now)
    except (IntegrityError, places.StatusError, Taken) as error:
        email = User.objects.normalise(named.email)
        if same := enrollment.team.members.placed().filter(person__email=email).first():
            return same
        raise told(error) from None
    except places.RunFull:
        raise TeamFull from None


def _add(enrollment: Enrollment, team: Team, named: Named, actor, now: datetime) -> Enrollment:
    run, booking = enrollment.run, enrollment.booking
    not_over(run, now=now)
    places.lock_run(run.pk)
    person = _person(named, booking, now)
    if before := team.members.placed().filter(person=person).first():
        return before
    rules = rules_of(run)
    if team.members.placed().count() >= rules.team_max:
        raise TeamFull
    _may_take_part(run, person, now=now)
    added = places.join_team(
        team=team,
        most=rules.team_max,
        person=person,
        hold_until=enrollment.hold_until or places.names_due(run, now=now),
        actor=actor,
        now=now,
    )
    call(added, named)
    settle_made([added], actor=actor, now=now)
    change_mails.booking_changed(added, what="added", actor=actor, now=now)
    return added
