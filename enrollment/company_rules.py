"""Registry lines about companies: policy, visibility, work-list. Loaded by `rules`."""

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.policy import can, rule, visibility, visible
from accounts.registries import WorkItem, work
from accounts.roles import Role, has_role
from courses.models import Run

from . import memberships
from .models import Company, CompanyMembership, Needs, Workplace


@rule("enrollment.companies")
def _companies(actor, obj=None) -> bool:
    """The lists of companies in the admin."""
    return has_role(actor, Role.COORDINATOR, Role.PROMOTER)


@rule("enrollment.personal_number")
def _personal_number(actor, obj=None) -> bool:
    """Read a sole trader's number, which is the person's own (R-CO-02)."""
    return has_role(actor, Role.COORDINATOR)


@rule("enrollment.verify")
def _verify(actor, membership=None) -> bool:
    """Say who acts for a company: its verified bookers, a promoter's staff where the company has booked,
    coordinators; nobody for themselves. Who signs for it, staff alone."""
    if not _is_active(actor) or (membership and membership.user_id == actor.pk):
        return False
    if _companies(actor):
        return (
            membership is None or visible(actor, Company).filter(pk=membership.company_id).exists()
        )
    if membership and membership.role == CompanyMembership.Role.SIGNATORY:
        return False
    acting = memberships.companies_of(actor, today=localdate())
    return acting.filter(**({"company": membership.company_id} if membership else {})).exists()


@rule("enrollment.needs")
def _needs(actor, run=None) -> bool:
    """Who of the staff reads what participants need: the host's own, nobody else."""
    if not has_role(actor, Role.PROMOTER, Role.COORDINATOR):
        return False
    return run is None or run.host.staff.filter(pk=actor.pk).exists()


def _is_active(actor) -> bool:
    return bool(getattr(actor, "is_authenticated", False) and actor.is_active)


def acted_for(actor):
    """The companies that the actor acts for today, as a subquery of their ids."""
    if not _is_active(actor):
        return CompanyMembership.objects.none().values("company")
    return memberships.companies_of(actor, today=localdate()).order_by().values("company")


def _seen_by_staff(actor):
    """The companies that a promoter's staff meet: those that have booked on their runs."""
    hosted = Run.objects.filter(host__in=actor.promoters.all()).values("pk")
    return Q(bookings__enrollments__run__in=hosted) | Q(bookings__run__in=hosted)


@visibility(Company)
def _rows_of(actor):
    """Those one acts for; for a promoter's staff those that booked on their runs; coordinators all. Nobody sees
    one that has become another."""
    if not _is_active(actor):
        return Company.objects.none()
    if has_role(actor, Role.COORDINATOR):
        return Company.objects.filter(merged_into=None)
    own = Q(pk__in=acted_for(actor))
    if has_role(actor, Role.PROMOTER):
        own |= Q(pk__in=Company.objects.filter(_seen_by_staff(actor)).order_by().values("pk"))
    return Company.objects.filter(own, merged_into=None)


@visibility(Workplace)
def _rows_of(actor):
    return Workplace.objects.filter(company__in=visible(actor, Company).order_by().values("pk"))


@visibility(CompanyMembership)
def _rows_of(actor):
    """One's own; those of the companies that one sees."""
    if not _is_active(actor):
        return CompanyMembership.objects.none()
    companies = visible(actor, Company).order_by().values("pk")
    return CompanyMembership.objects.filter(Q(user=actor.pk) | Q(company__in=companies))


@visibility(Needs)
def _rows_of(actor):
    """The person's own, and the host's staff; a booker never, nor who leads a meeting."""
    if not _is_active(actor):
        return Needs.objects.none()
    seen = Q(enrollment__person=actor.pk)
    if has_role(actor, Role.PROMOTER, Role.COORDINATOR):
        seen |= Q(enrollment__run__host__in=actor.promoters.all())
    return Needs.objects.filter(seen)


@work("bookers to verify")
def _to_verify(actor, now):
    """Who has booked for a company and does not act for it yet."""
    if not can(actor, "enrollment.companies"):
        return
    rows = memberships.waiting().filter(company__in=visible(actor, Company).order_by().values("pk"))
    for row in rows.select_related("company", "user").order_by("asked_at")[:50]:
        words = {"person": row.user.get_full_name() or row.user.email, "company": row.company.name}
        title = _("%(person)s has booked for %(company)s and is not verified") % words
        known = f" ({domain_words(row)})" if row.company.email_domain else ""
        yield WorkItem(
            title=f"{title}{known}",
            since=row.asked_at,
            url=reverse("companies:inspect", args=[row.company_id]),
        )


def domain_words(membership: CompanyMembership) -> str:
    """What the address says about the company, in words for whoever decides."""
    fits = memberships.fits_domain(membership)
    if fits is None:
        return _("the company's e-mail domain is not known yet")
    return (
        _("the e-mail address is the company's")
        if fits
        else _("the e-mail address is not the company's")
    )
