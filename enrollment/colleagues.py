"""What is known of a company when one of its people books again, so that nothing is asked twice."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import User
from courses.models import Run
from home.models import Municipality

from .models import Booking, Company, CompanyMembership, Enrollment

MOST = 30


@dataclass(frozen=True)
class Colleague:
    """Somebody who was named before, under the name that was typed then."""

    email: str
    name: str


@dataclass(frozen=True)
class Known:
    """A company that this person books for, where it works, and {id: who} of the colleagues who may be
    offered for a run, the booker first."""

    company: Company
    municipality: Municipality | None
    colleagues: dict[int, Colleague]


def known_to(person: User, *, run: Run, now: datetime) -> Known | None:
    """The company of the person's newest company booking, else of their verified membership; None for
    somebody who has neither. Colleagues are those the person has named before; a verified booker is offered
    everybody that the company has named. Nobody is offered who is on the run already."""
    member = (
        CompanyMembership.objects.valid(localdate(now))
        .filter(user=person)
        .select_related("company")
        .order_by("-verified_at", "-pk")
        .first()
    )
    last = (
        Booking.objects.filter(booked_by=person, company__isnull=False)
        .select_related("company", "workplace__municipality__region")
        .order_by("-created_at", "-pk")
        .first()
    )
    company = last.company if last else member.company if member else None
    # A sole trader's number would stand in the form: only who has written it before gets it back (R-CO-02).
    if company is None or (last is None and company.is_personal_identity):
        return None
    workplace = last.workplace if last else None
    if workplace is None:
        sites = company.workplaces.select_related("municipality__region").order_by("pk")
        workplace = sites.first()
    municipality = workplace.municipality if workplace else None
    return Known(company, municipality, _colleagues(person, company, run=run, now=now))


def _colleagues(person: User, company: Company, *, run: Run, now: datetime) -> dict[int, Colleague]:
    verified = CompanyMembership.objects.valid(localdate(now)).filter(
        user=person,
        company=company,
        role__in=(CompanyMembership.Role.BOOKER, CompanyMembership.Role.SIGNATORY),
    )
    mine = Q(booking__company=company)
    if not verified.exists():
        mine &= Q(booking__booked_by=person)
    named = Enrollment.objects.filter(mine, person__isnull=False).values("person")
    here = Enrollment.objects.live().filter(run=run, person__isnull=False).values("person")
    people = (
        User.objects.filter(Q(pk__in=named) | Q(pk=person.pk), is_active=True)
        .exclude(pk__in=here)
        .exclude(first_name="", last_name="")
        .order_by("first_name", "last_name", "pk")
    )
    listed = sorted(people[:MOST], key=lambda one: one.pk != person.pk)
    typed = dict(
        Enrollment.objects.filter(mine, person__in=listed)
        .exclude(Q(named_as="") | Q(person=person))
        .order_by("created_at", "pk")
        .values_list("person", "named_as")
    )
    return {
        one.pk: Colleague(one.email, typed.get(one.pk) or one.get_full_name()) for one in listed
    }
