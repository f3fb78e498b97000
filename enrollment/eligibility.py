"""Who may have a place on a run, and why not, in words for the person and for staff.

Each rule is one small function that answers None or a sentence. They are asked before anything is held or
booked, at every entrance, by the functions of `booking`, `group_booking` and `waiting`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course, Run
from home.models import Region

from .models import Company, RunRules
from .models.rules import rules_of


@dataclass(frozen=True)
class Candidate:
    """Somebody who wants places: what is known of them so far. Unknown is None and no reason to refuse.

    `people` are asked for in all; `addresses` are the e-mail addresses of those who are named.
    """

    run: Run
    people: int = 1
    region: Region | None = None
    company: Company | None = None
    addresses: tuple[str, ...] = ()

    def persons(self) -> list[User]:
        """Those of the named who are known here."""
        addresses = [User.objects.normalise(address) for address in self.addresses]
        return list(User.objects.filter(email__in=addresses))


class NotEligible(Exception):
    """The run's rules do not allow it; `reasons` are sentences in the reader's language."""

    message = _("This course run cannot be booked.")

    def __init__(self, reasons: list[str]):
        super().__init__(*reasons)
        self.reasons = reasons


Rule = Callable[[Candidate, RunRules, datetime], str | None]
_rules: dict[str, Rule] = {}


def eligibility(name: str) -> Callable[[Rule], Rule]:
    """Register `check(candidate, rules, now)`: None when it allows, else the reason in the active language.
    A rule that the run does not use must not cost a query."""

    def register(check: Rule) -> Rule:
        _rules[name] = check
        return check

    return register


def reasons_against(candidate: Candidate, *, now: datetime) -> dict[str, str]:
    """Every reason why the candidate may not have the places, by name of the rule; empty when none."""
    rules = rules_of(candidate.run)
    answers = {name: check(candidate, rules, now) for name, check in _rules.items()}
    return {name: answer for name, answer in answers.items() if answer}


def require(candidate: Candidate, *, now: datetime) -> None:
    """Raises NotEligible with every reason."""
    if reasons := reasons_against(candidate, now=now):
        raise NotEligible(list(reasons.values()))


@eligibility("team")
def _team(candidate: Candidate, rules: RunRules, now: datetime) -> str | None:
    if candidate.run.course.unit != Course.Unit.TEAM:
        return None
    if rules.team_min <= candidate.people <= rules.team_max:
        return None
    return gettext("This course is taken by a team of %(min)s–%(max)s people from one company.") % {
        "min": rules.team_min,
        "max": rules.team_max,
    }


@eligibility("booking size")
def _booking_size(candidate: Candidate, rules: RunRules, now: datetime) -> str | None:
    if candidate.run.course.unit == Course.Unit.TEAM or candidate.people <= rules.most_per_booking:
        return None
    return ngettext(
        "One booking can have %(most)s person at most. Contact the host if you are more.",
        "One booking can have %(most)s people at most. Contact the host if you are more.",
        rules.most_per_booking,
    ) % {"most": rules.most_per_booking}
