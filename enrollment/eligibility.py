"""Who may have a place on a run, and why not, in words for the person and for staff.

Each rule is one small function that answers None or a sentence. They are asked before anything is held or
booked, at every entrance, by the functions of `booking`, `group_booking` and `waiting`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import current
from courses.models import Course, Run, Session
from home import formats
from home.models import Region

from .models import Booking, Company, Enrollment, RunRules
from .models.rules import rules_of
from .status import Status


@dataclass(frozen=True)
class Candidate:
    """Somebody who wants places: what is known of them so far. Unknown is None and no reason to refuse.

    `people` are asked for in all; `addresses` are the e-mail addresses of those who are named. `booking` has
    some of the places already. `for_company`: a company books, also one that is not known here yet.
    """

    run: Run
    people: int = 1
    region: Region | None = None
    company: Company | None = None
    addresses: tuple[str, ...] = ()
    booking: Booking | None = None
    for_company: bool = False

    def emails(self) -> set[str]:
        """The addresses of the named as people are stored under."""
        return set(current([User.objects.normalise(address) for address in self.addresses]))

    def persons(self) -> list[User]:
        """Those of the named who are known here."""
        return list(User.objects.filter(email__in=self.emails()))


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


def lock_company(*, booking: Booking) -> None:
    """Bookings of one company on a run with most places per company are decided one after the other from
    here to the end of the transaction. Nothing for other runs."""
    if booking.company_id and rules_of(booking.run).most_per_company is not None:
        Company.objects.select_for_update(no_key=True).get(pk=booking.company_id)


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
    if reason := _most_per_company(candidate, rules_of(booking.run), now):
        raise NotEligible([reason])


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


@eligibility("small companies only")
def _small_companies(candidate: Candidate, rules: RunRules, now: datetime) -> str | None:
    """A company that has not declared its size may book; the size is a requirement then."""
    if not rules.sme_only:
        return None
    if candidate.company is None and not candidate.for_company:
        return gettext(
            "This course run is for small and medium-sized companies. Book it for a company, with its"
            " registration number."
        )
    if candidate.company is None or candidate.company.size != Company.Size.LARGE:
        return None
    return gettext(
        "This course run is for companies with fewer than 250 people. %(company)s has declared 250 or more."
    ) % {"company": candidate.company.name}


@eligibility("counties")
def _counties(candidate: Candidate, rules: RunRules, now: datetime) -> str | None:
    if not rules.regions_only:
        return None
    regions = list(candidate.run.open_to.all())
    if not regions or candidate.region in regions:
        return None
    names = _listed([region.name for region in regions])
    if candidate.region is None:
        return gettext(
            "This course run is only open to companies in %(counties)s. Choose the municipality where the"
            " participants work."
        ) % {"counties": names}
    return gettext(
        "This course run is only open to companies in %(counties)s, not in %(county)s."
    ) % {
        "counties": names,
        "county": candidate.region.name,
    }


@eligibility("most per company")
def _most_per_company(candidate: Candidate, rules: RunRules, now: datetime) -> str | None:
    """Counts what the company's other bookings have on the run: people, or teams where teams are booked."""
    most, company = rules.most_per_company, candidate.company
    if most is None:
        return None
    per_team = candidate.run.course.unit == Course.Unit.TEAM
    taken = 0
    if company is not None:
        live = Enrollment.objects.live().filter(run=candidate.run, booking__company=company)
        if candidate.booking is not None:
            live = live.exclude(booking=candidate.booking)
        taken = live.values("booking").distinct().count() if per_team else live.count()
    if taken + (1 if per_team else candidate.people) <= most:
        return None
    facts = {"most": most, "taken": taken, "company": company.name if company else ""}
    if taken:
        return (
            ngettext(
                "A company can have %(most)s place on this course run. %(company)s has %(taken)s already.",
                "A company can have %(most)s places on this course run. %(company)s has %(taken)s already.",
                most,
            )
            % facts
        )
    return (
        ngettext(
            "A company can have %(most)s place at most on this course run.",
            "A company can have %(most)s places at most on this course run.",
            most,
        )
        % facts
    )


@eligibility("another course at the same time")
def _overlap(candidate: Candidate, rules: RunRules, now: datetime) -> str | None:
    """Says which meeting collides, not with what: whoever fills in the form may be somebody else."""
    if not rules.no_overlap or not candidate.addresses:
        return None
    meetings = Session.objects.exclude(status=Session.Status.CANCELLED)
    others = meetings.exclude(run=candidate.run).filter(
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
        run__enrollments__person__email__in=candidate.emails(),
        run__enrollments__status__in=Status.LIVE,
    )
    if candidate.booking is not None:
        others = others.exclude(run__enrollments__booking=candidate.booking)
    own = meetings.filter(run=candidate.run, ends_at__gt=now).order_by("starts_at")
    collides = own.filter(Exists(others)).first()
    if collides is None:
        return None
    return gettext(
        "This course run is not for people who have another course at the same time. The meeting %(when)s"
        " collides with a course that is booked already."
    ) % {"when": formats.time_span(collides.starts_at, collides.ends_at)}


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
