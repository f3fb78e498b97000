"""Registry lines of this room: policy, personal data, invariants, work-list."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.policy import rule, visibility, visible
from accounts.registries import register_impersonal, register_personal_data
from accounts.roles import Role, has_role

from . import (  # noqa: F401 - they register; the worker composes mails
    change_rules,
    checks,
    eligibility_rules,
    invariants,
    mails,
    work,
)
from .company_rules import acted_for
from .models import (
    Application,
    Booking,
    CancellationPolicy,
    CompanyMembership,
    Enrollment,
    Needs,
    Place,
    Team,
    WaitingEntry,
)


@rule("enrollment.see")
def _allowed(actor, obj=None) -> bool:
    """The lists of enrolments, bookings and the waiting list in the admin."""
    return has_role(actor, Role.COORDINATOR, Role.PROMOTER)


@rule("enrollment.handle")
def _allowed(actor, obj=None) -> bool:
    """Cancel, confirm, add a participant, change the number of places."""
    return has_role(actor, Role.COORDINATOR, Role.PROMOTER)


@rule("enrollment.terms")
def _allowed(actor, obj=None) -> bool:
    """Write cancellation terms, which every host may choose for its runs."""
    return has_role(actor, Role.COORDINATOR)


@visibility(CancellationPolicy)
def _rows_of(actor):
    """No secret: every run's page tells its own."""
    return CancellationPolicy.objects.all()


def _staff_of(actor) -> Q:
    """Rows of runs that the actor's promoter hosts or that the actor leads."""
    return Q(run__host__staff=actor) | Q(run__leaders=actor)


def _shared_with(actor, region: str) -> Q:
    """Rows of the counties that the actor's promoter keeps places for, on runs that others host."""
    partner = {"run__partners__promoter__staff": actor, "run__partners__region": F(region)}
    return Q(**partner)


def _rows(model, actor, own: Q, *, region: str = "region"):
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return model.objects.none()
    if has_role(actor, Role.COORDINATOR):
        return model.objects.all()
    if has_role(actor, Role.PROMOTER, Role.LEADER):
        own |= _staff_of(actor)
    if has_role(actor, Role.PROMOTER):
        own |= _shared_with(actor, region)
    matching = model.objects.filter(own).order_by().values("pk")
    return model.objects.filter(pk__in=matching)


@visibility(Enrollment)
def _rows_of(actor):
    """One's own and those one booked or one's company did; a leader's and a promoter's own runs, and what is
    booked from the counties of a promoter's shares; coordinators all."""
    own = Q(person=actor.pk) | Q(booking__booked_by=actor.pk)
    own |= Q(booking__company__in=acted_for(actor))
    return _rows(Enrollment, actor, own, region="booking__region")


@visibility(Booking)
def _rows_of(actor):
    own = Q(booked_by=actor.pk) | Q(enrollments__person=actor.pk)
    return _rows(Booking, actor, own | Q(company__in=acted_for(actor)))


@visibility(WaitingEntry)
def _rows_of(actor):
    return _rows(WaitingEntry, actor, Q(person=actor.pk) | Q(company__in=acted_for(actor)))


@visibility(Application)
def _rows_of(actor):
    """Those of the bookings that one sees."""
    return Application.objects.filter(booking__in=visible(actor, Booking))


register_personal_data(
    Booking,
    purpose=_("To keep the agreement about a place on a course run."),
    until=_(
        "Two years after the run's last meeting; bookings with an invoice as long as the invoice."
    ),
    erase="anonymise",
    path="booked_by",
    fields=("booked_as", "company_name", "language", "terms_accepted_at", "created_at"),
)
register_personal_data(
    Enrollment,
    purpose=_("To hold a place on a course run and to give evidence of taking part."),
    until=_("As long as the evidence for the funder of the run must be kept."),
    erase="anonymise",
    path="person",
    fields=("named_as", "status", "reason", "created_at", "confirmed_at", "cancelled_at"),
)
register_personal_data(
    WaitingEntry,
    purpose=_("To offer a place that becomes free, in the order of the line."),
    until=_("Six months after the run's last meeting."),
    erase="delete",
    path="person",
    fields=("company_name", "language", "status", "created_at"),
)
register_personal_data(
    CompanyMembership,
    purpose=_("To know who may book for a company."),
    until=_("Until the membership ends, or the person asks."),
    erase="delete",
    path="user",
    fields=("role", "verified_at", "valid_to"),
)
register_personal_data(
    Application,
    purpose=_("To choose among those who apply for a course run."),
    until=_("Six months after the run's last meeting."),
    erase="delete",
    path="booking__booked_by",
    fields=("motivation",),
)
register_personal_data(
    Needs,
    purpose=_("To serve food and to make it possible to take part."),
    until=_("Seven days after the run's last meeting."),
    erase="delete",
    path="enrollment__person",
    fields=("diet", "access", "consent_at", "delete_after"),
)
register_impersonal(Team, why=_("The people of a booking; their enrolments say who they are"))
register_impersonal(Place, why=_("A place of a run; the enrolment it points at says whose it is"))
