"""What an enrolment still lacks before it is confirmed, in words for the person and for staff.

Upper rooms register what they know (payment, aid decision). `confirmed` means: this list is empty.
"""

from collections.abc import Callable

from .models import Enrollment

Requirement = Callable[[Enrollment], str | None]

_requirements: dict[str, Requirement] = {}


def requirement(name: str) -> Callable[[Requirement], Requirement]:
    """Register `check(enrollment)`: None when met, else the reason in the active language."""

    def register(check: Requirement) -> Requirement:
        _requirements[name] = check
        return check

    return register


def missing(enrollment: Enrollment) -> dict[str, str]:
    """What is lacking, by name of the requirement; empty when the enrolment may be confirmed."""
    answers = {name: check(enrollment) for name, check in _requirements.items()}
    return {name: answer for name, answer in answers.items() if answer}
