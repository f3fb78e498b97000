from django import template
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.policy import can

from .. import companies, confirming, memberships, needs
from .. import why as reasons
from ..availability import Availability, for_runs
from ..closing import decision, decision_in_words
from ..eligibility import Candidate
from ..models import Booking, WaitingEntry
from ..models.place import RunPartner
from ..models.rules import rules_of
from ..places import is_strict
from ..terms import terms_in_words

register = template.Library()


@register.simple_tag
def availability(runs) -> dict[int, Availability]:
    """`{% availability runs as seats %}`: places of a whole list of runs (or of one run) in one query."""
    listed = [runs] if hasattr(runs, "pk") else list(runs)
    return for_runs(listed, now=timezone.now())


@register.simple_tag
def staff_run_url(run) -> str:
    """Where staff see a run's places and people."""
    return reverse("enrolments:run", args=[run.code])


@register.simple_tag
def county_shares(run) -> list[RunPartner]:
    """The places of a run that are kept for counties, with `all` and `free` of each. One query."""
    shares = RunPartner.objects.filter(run=run, places__isnull=False)
    return list(
        shares.select_related("promoter", "region")
        .annotate(
            all=Count("places"),
            free=Count("places", filter=Q(places__enrollment=None, places__team=None)),
        )
        .order_by("region__name")
    )


@register.simple_tag(takes_context=True)
def own_share(context, shares: list[RunPartner]) -> RunPartner | None:
    """Among `county_shares` the one of the county that a signed-in reader booked from last. One query, none for
    visitors."""
    user = getattr(context.get("request"), "user", None)
    if not shares or not getattr(user, "is_authenticated", False):
        return None
    regions = Booking.objects.filter(booked_by=user).exclude(region=None)
    region_id = regions.values_list("region_id", flat=True).first()
    return next((share for share in shares if share.region_id == region_id), None)


@register.filter
def of_run(seats: dict[int, Availability], run) -> Availability:
    """`{{ seats|of_run:run }}`: the run's places out of what `availability` gave."""
    return seats.get(run.pk, Availability())


@register.simple_tag
def own_data_url(enrollment) -> str:
    """The address of the participant's page about their own data, in the active language; "" while nobody is
    named. For pages and mails of that person alone."""
    return reverse("own_data", args=[confirming.token_of(enrollment)]) if enrollment.person else ""


@register.simple_tag
def own_data_notice(enrollment, language: str = "") -> confirming.Notice | None:
    """What somebody named by a colleague must be told (GDPR art. 14); None for who booked themselves."""
    return confirming.notice(enrollment, language=language or get_language())


@register.simple_tag(takes_context=True)
def needs_of_run(context, run) -> dict | None:
    """What the participants of a run need: `counts` for the kitchen, `people` by name; None for whom it is none
    of their business. Three queries."""
    if not can(context["request"].user, "enrollment.needs", run):
        return None
    return {"counts": needs.counts(run), "people": needs.of_run(run)}


@register.filter
def number_shown(company) -> str:
    """The company's number; a sole trader's is masked (R-CO-02)."""
    return companies.shown_number(company)


@register.simple_tag
def has_company(person) -> bool:
    """Whether the person has anything to do with a company here: acts for one, asked to, or is invited."""
    return memberships.any_of(person, today=timezone.localdate())


@register.simple_tag
def waiting_line(run) -> dict:
    """How a run's line moves: `strict`, `hours` to answer an offer, `entries` and `people` in it. Two queries."""
    line = WaitingEntry.objects.filter(run=run, status=WaitingEntry.Status.WAITING)
    return {
        "strict": is_strict(run),
        "hours": rules_of(run).offer_hours,
        **line.order_by().aggregate(entries=Count("pk"), people=Coalesce(Sum("wanted"), 0)),
    }


@register.simple_tag
def why(subject, seats=None) -> list:
    """`{% why subject as answers %}`: why a run (or a candidate for it) cannot be booked, an enrolment is not
    confirmed, or somebody who waits has no offer; for `enrollment/why.html`. `{% why run seats %}` where the
    run's places are at hand."""
    now = timezone.now()
    if seats is None:
        return reasons.why(subject, now=now)
    return reasons.of_candidate(Candidate(subject), run=subject, seats=seats, now=now)


@register.simple_tag
def cancellation_terms(run) -> list[str]:
    """What cancelling costs, in sentences with the run's own dates."""
    return terms_in_words(run, language=get_language())


@register.simple_tag
def run_decision(run) -> str:
    """By which day the host decides whether the run takes place, in one sentence; nothing where it does anyway."""
    return decision_in_words(decision(run))


@register.simple_tag
def why_line(run, line) -> list[tuple]:
    """`{% why_line run turns as line %}`: (turn, why there is no offer) of everybody in line."""
    answers = reasons.of_line(run, line, now=timezone.now())
    return [(turn, answers[turn.entry.pk]) for turn in line]
