"""The rules of a run about who may have its places, as staff have set them (`RunRules`). A rule that rests on what
a room above knows stands there.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext, ngettext

from courses.models import Course, Session
from home import formats
from home.models import Region

from .eligibility import Candidate, eligibility, known_under
from .models import Company, Enrollment, RunRules
from .status import Status


@eligibility("team")
def _team(candidate: Candidate, rules: RunRules, facts: None) -> str | None:
    if candidate.run.course.unit != Course.Unit.TEAM:
        return None
    if rules.team_min <= candidate.people <= rules.team_max:
        return None
    return gettext("This course is taken by a team of %(min)s–%(max)s people from one company.") % {
        "min": rules.team_min,
        "max": rules.team_max,
    }


@eligibility("booking size")
def _booking_size(candidate: Candidate, rules: RunRules, facts: None) -> str | None:
    if candidate.run.course.unit == Course.Unit.TEAM or candidate.people <= rules.most_per_booking:
        return None
    return ngettext(
        "One booking can have %(most)s person at most. Contact the host if you are more.",
        "One booking can have %(most)s people at most. Contact the host if you are more.",
        rules.most_per_booking,
    ) % {"most": rules.most_per_booking}


@eligibility("small companies only")
def _small_companies(candidate: Candidate, rules: RunRules, facts: None) -> str | None:
    """A company that has not declared its size may book; the size is a requirement then."""
    if not rules.sme_only:
        return None
    if candidate.company is None and not candidate.for_company:
        return gettext(
            "This course run is for small and medium-sized companies. Book it for a company, with its"
            " registration number."
        )
    company = candidate.company
    if company is None or (company.size or candidate.size) != Company.Size.LARGE:
        return None
    return gettext(
        "This course run is for companies with fewer than 250 people. %(company)s has declared 250 or more."
    ) % {"company": company.name}


def _open_to(candidates: Sequence[Candidate], rules: RunRules, now: datetime) -> list[Region]:
    return list(candidates[0].run.open_to.all()) if rules.regions_only else []


@eligibility("counties", facts=_open_to)
def _counties(candidate: Candidate, rules: RunRules, regions: list[Region]) -> str | None:
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


def _of_companies(
    candidates: Sequence[Candidate], rules: RunRules, now: datetime
) -> dict[int, dict[int, int]]:
    """How many people of each booking the companies have on the run, `{company id: {booking id: people}}`."""
    companies = {candidate.company.pk for candidate in candidates if candidate.company}
    if rules.most_per_company is None or not companies:
        return {}
    live = Enrollment.objects.live().filter(run=candidates[0].run, booking__company__in=companies)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = live.order_by().values_list("booking__company", "booking").annotate(n=Count("pk"))
    for company, booking, people in rows:
        found[company][booking] = people
    return found


@eligibility("most per company", facts=_of_companies)
def _most_per_company(
    candidate: Candidate, rules: RunRules, on_the_run: dict[int, dict[int, int]]
) -> str | None:
    """Counts what the company's other bookings have on the run: people, or teams where teams are booked."""
    most, company = rules.most_per_company, candidate.company
    if most is None:
        return None
    per_team = candidate.run.course.unit == Course.Unit.TEAM
    own = candidate.booking.pk if candidate.booking else None
    others = on_the_run.get(company.pk, {}) if company else {}
    people = [n for booking, n in others.items() if booking != own]
    taken = len(people) if per_team else sum(people)
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


@dataclass(frozen=True)
class _Meetings:
    """The run's meetings to come, and those of the other courses of everybody named: `(address, run id, starts,
    ends)`. `stored` says under which address each of the named is known."""

    own: list[Session]
    others: list[tuple[str, int, datetime, datetime]]
    stored: dict[str, str]


def _meetings(candidates: Sequence[Candidate], rules: RunRules, now: datetime) -> _Meetings | None:
    if not rules.no_overlap or not any(candidate.addresses for candidate in candidates):
        return None
    run, stored = candidates[0].run, known_under(candidates)
    standing = Session.objects.exclude(status=Session.Status.CANCELLED)
    own = list(standing.filter(run=run, ends_at__gt=now).order_by("starts_at"))
    others = standing.exclude(run=run).filter(
        ends_at__gt=min((meeting.starts_at for meeting in own), default=now),
        run__enrollments__person__email__in=stored.values(),
        run__enrollments__status__in=Status.LIVE,
    )
    facts = ("run__enrollments__person__email", "run", "starts_at", "ends_at")
    return _Meetings(own, list(others.order_by().values_list(*facts)) if own else [], stored)


@eligibility("another course at the same time", facts=_meetings, of_people=True)
def _overlap(candidate: Candidate, rules: RunRules, meetings: _Meetings | None) -> str | None:
    """Says which meeting collides, not with what: whoever fills in the form may be somebody else."""
    if meetings is None or not candidate.addresses:
        return None
    named = {meetings.stored[address] for address in candidate.addresses}
    left = candidate.leaves.pk if candidate.leaves else None
    booked = [
        (starts, ends)
        for address, run, starts, ends in meetings.others
        if address in named and run != left
    ]
    for own in meetings.own:
        if any(starts < own.ends_at and ends > own.starts_at for starts, ends in booked):
            return gettext(
                "This course run is not for people who have another course at the same time. The meeting"
                " %(when)s collides with a course that is booked already."
            ) % {"when": formats.time_span(own.starts_at, own.ends_at)}
    return None


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
