"""What an enrolment still lacks before it is confirmed, in words for the person and for staff.

Upper rooms register what they know (payment, aid decision). `confirmed` means: this list is empty.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from .models import Company, Enrollment
from .models.rules import rules_of
from .status import Status

Requirement = Callable[[Enrollment], str | None]
ForMany = Callable[[Sequence[Enrollment]], dict[int, str]]
HoldBlocker = Callable[[Enrollment, datetime], bool]

_requirements: dict[str, Requirement] = {}
_for_many: dict[str, ForMany] = {}
_hold_blockers: dict[str, HoldBlocker] = {}

# What may follow after booking, until names are due.
MAY_FOLLOW = frozenset({"name", "size"})


def requirement(name: str) -> Callable[[Requirement], Requirement]:
    """Register `check(enrollment)`: None when met, else the reason in the active language."""

    def register(check: Requirement) -> Requirement:
        _requirements[name] = check
        return check

    return register


def requirement_of_many(name: str) -> Callable[[ForMany], ForMany]:
    """Register the same answer for a whole list, `check(enrollments) -> {enrolment id: reason}`, where one by
    one would be a query each."""

    def register(check: ForMany) -> ForMany:
        _for_many[name] = check
        return check

    return register


def hold_blocker(name: str) -> Callable[[HoldBlocker], HoldBlocker]:
    """Register `check(enrollment, now)`: True while a hold past its end must not be released yet, because
    something outside (a payment page) could still complete it. Must not call anything remote."""

    def register(check: HoldBlocker) -> HoldBlocker:
        _hold_blockers[name] = check
        return check

    return register


def missing(enrollment: Enrollment) -> dict[str, str]:
    """What is lacking, by name of the requirement; empty when the enrolment may be confirmed."""
    answers = {name: check(enrollment) for name, check in _requirements.items()}
    return {name: answer for name, answer in answers.items() if answer}


def missing_of(enrollments: Sequence[Enrollment]) -> dict[int, dict[str, str]]:
    """As `missing` for a whole list, by enrolment id, in a number of queries that does not grow with it."""
    found: dict[int, dict[str, str]] = {enrollment.pk: {} for enrollment in enrollments}
    for name, check in _requirements.items():
        many = _for_many.get(name)
        answers = many(enrollments) if many else {e.pk: check(e) for e in enrollments}
        for pk, answer in answers.items():
            if answer:
                found[pk][name] = answer
    return found


def is_blocked(enrollment: Enrollment, *, now: datetime) -> bool:
    """Whether something still speaks for a hold that is past its end."""
    return any(check(enrollment, now) for check in _hold_blockers.values())


@requirement("terms")
def _terms(enrollment: Enrollment) -> str | None:
    return None if enrollment.booking.terms_accepted_at else _("The terms have not been accepted.")


@requirement("name")
def _name(enrollment: Enrollment) -> str | None:
    if enrollment.person is not None and enrollment.person.get_full_name():
        return None
    return _("The participant's name is missing.")


@requirement("size")
def _size(enrollment: Enrollment) -> str | None:
    """Who may take part only as a small or medium-sized company must have said how large it is. What was confirmed
    before the rule came, or before the company grew, stays."""
    booking = enrollment.booking
    if booking.company_id is None or not rules_of(enrollment.run).sme_only:
        return None
    if enrollment.status == Status.CONFIRMED:
        return None
    size = (booking.company.size if booking.company else "") or booking.size
    if size and size != Company.Size.LARGE:
        return None
    return _("The company has not declared how many people it employs.")


@requirement("approved")
def _approved(enrollment: Enrollment) -> str | None:
    return (
        _("The application has not been decided yet.") if enrollment.status == "applied" else None
    )
