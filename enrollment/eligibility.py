"""Who may have a place on a run, and why not, in words for the person and for staff.

Each rule is one small function that answers None or a sentence. They are asked before anything is held or
booked, at every entrance, by the functions of `booking`, `group_booking` and `waiting`, and once more of whoever
waits in line when places are passed on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import current
from courses.models import Run
from home.models import Region

from .models import Booking, Company, RunRules
from .models.rules import rules_of


@dataclass(frozen=True)
class Candidate:
    """Somebody who wants places: what is known of them so far. Unknown is None and no reason to refuse.

    `people` are asked for in all; `addresses` are the e-mail addresses of those who are named. `booking` has
    some of the places already. `for_company`: a company books, also one that is not known here yet; `size` is what
    its booker says of it. `leaves` is the run whose places are given up for these.
    """

    run: Run
    people: int = 1
    region: Region | None = None
    company: Company | None = None
    addresses: tuple[str, ...] = ()
    booking: Booking | None = None
    for_company: bool = False
    size: str = ""
    leaves: Run | None = None


class NotEligible(Exception):
    """The run's rules do not allow it; `reasons` are sentences in the reader's language. `of_people`: one of them
    is about somebody's other courses, which is said to that person and to who may know (`discretion`)."""

    message = _("This course run cannot be booked.")

    def __init__(self, reasons: list[str], *, of_people: bool = False):
        super().__init__(*reasons)
        self.reasons, self.of_people = reasons, of_people


Check = Callable[[Candidate, RunRules, Any], str | None]
Facts = Callable[[Sequence[Candidate], RunRules, datetime], Any]


@dataclass(frozen=True)
class Rule:
    check: Check
    facts: Facts | None
    of_people: bool


_rules: dict[str, Rule] = {}


def eligibility(
    name: str, *, facts: Facts | None = None, of_people: bool = False
) -> Callable[[Check], Check]:
    """Register `check(candidate, rules, facts)`: None when it allows, else the reason in the active language.

    What a rule must read, `facts(candidates, rules, now)` reads for all candidates of a run at once; a rule that
    the run does not use must not cost a query. `of_people`: it is about who is named, not about the booking, so
    that it is asked again of whoever is named later.
    """

    def register(check: Check) -> Check:
        _rules[name] = Rule(check, facts, of_people)
        return check

    return register


def reasons_of_many(
    candidates: Sequence[Candidate], *, now: datetime, only_people: bool = False
) -> list[dict[str, str]]:
    """As `reasons_against` for several candidates of one run, in their order, in a number of queries that does
    not grow with them."""
    found: list[dict[str, str]] = [{} for _candidate in candidates]
    if not candidates:
        return found
    rules = rules_of(candidates[0].run)
    for name, rule in _rules.items():
        if only_people and not rule.of_people:
            continue
        facts = rule.facts(candidates, rules, now) if rule.facts else None
        for candidate, reasons in zip(candidates, found, strict=True):
            if reason := rule.check(candidate, rules, facts):
                reasons[name] = reason
    return found


def reasons_against(candidate: Candidate, *, now: datetime) -> dict[str, str]:
    """Every reason why the candidate may not have the places, by name of the rule; empty when none."""
    return reasons_of_many([candidate], now=now)[0]


def require(candidate: Candidate, *, now: datetime) -> None:
    """Raises NotEligible with every reason."""
    if reasons := reasons_against(candidate, now=now):
        of_people = any(_rules[name].of_people for name in reasons)
        raise NotEligible(list(reasons.values()), of_people=of_people)


def require_person(*, run: Run, person: User, now: datetime) -> None:
    """Ask of somebody who gets a place that is booked already: only what is about people can refuse, since the
    booking stays as it was booked. Raises NotEligible with every reason."""
    candidate = Candidate(run=run, addresses=(person.email,))
    if reasons := reasons_of_many([candidate], now=now, only_people=True)[0]:
        raise NotEligible(list(reasons.values()), of_people=True)


def lock_company(*, run: Run, company_id: int | None) -> None:
    """Bookings of one company on a run with most places per company are decided one after the other from
    here to the end of the transaction. Nothing for other runs."""
    if company_id and rules_of(run).most_per_company is not None:
        Company.objects.select_for_update(no_key=True).get(pk=company_id)


def try_lock_company(*, run: Run, company_id: int | None) -> bool:
    """As `lock_company` for who must not wait: False when a booking of the company is being decided on."""
    if company_id is None or rules_of(run).most_per_company is None:
        return True
    rows = Company.objects.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(pk=company_id).first() is not None


def require_of(*, booking: Booking, people: int, now: datetime) -> None:
    """Ask once more for a booking that has a company and its places: with `lock_company` before, two forms of
    one company that were sent at once are counted one after the other. Raises NotEligible."""
    if booking.company_id is None or rules_of(booking.run).most_per_company is None:
        return
    candidate = Candidate(
        run=booking.run,
        people=people,
        company=booking.company,
        booking=booking,
        for_company=True,
    )
    require_number(candidate, now=now)


def require_number(candidate: Candidate, *, now: datetime) -> None:
    """Ask only how many places the candidate's company may have; with `lock_company` before, the answer stands to
    the end of the transaction. Raises NotEligible."""
    if candidate.company is None or rules_of(candidate.run).most_per_company is None:
        return
    reasons = reasons_against(candidate, now=now)
    if "most per company" in reasons:
        raise NotEligible([reasons["most per company"]])


def known_under(candidates: Iterable[Candidate]) -> dict[str, str]:
    """The addresses that the candidates name, each with the one its person is stored under. One query."""
    given = sorted({address for candidate in candidates for address in candidate.addresses})
    kept = current([User.objects.normalise(address) for address in given]) if given else []
    return dict(zip(given, kept, strict=True))
