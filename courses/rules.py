"""Registry lines of this room: policy and visibility."""

from django.db.models import Q

from accounts.policy import rule, visibility, visible
from accounts.roles import Role, has_role, roles_of

from .models import Course, Run, Session, Venue


@visibility(Run)
def _(actor):
    """Visitors: what is published. Staff besides: drafts of their promoter; leaders: the runs they lead."""
    if has_role(actor, Role.COORDINATOR):
        return Run.objects.all()
    held = roles_of(actor)
    more = Q()
    if Role.PROMOTER in held:
        more |= Q(host__in=actor.promoters.all())
    if Role.LEADER in held:
        more |= Q(pk__in=actor.led_runs.values("pk"))
    if not more:
        return Run.objects.public()
    return Run.objects.filter(~Q(status=Run.Status.DRAFT) | more)


def managed_runs(actor):
    """Runs that the actor plans: coordinators all, a promoter's staff those their promoter hosts."""
    if has_role(actor, Role.COORDINATOR):
        return Run.objects.all()
    if has_role(actor, Role.PROMOTER):
        return Run.objects.filter(host__in=actor.promoters.all())
    return Run.objects.none()


@visibility(Session)
def _(actor):
    return Session.objects.filter(run__in=visible(actor, Run))


@visibility(Course)
def _(actor):
    return Course.objects.all()


@visibility(Venue)
def _(actor):
    return Venue.objects.all()


@rule("manage_courses")
def _(actor, course=None) -> bool:
    return has_role(actor, Role.COORDINATOR)


@rule("manage_runs")
def _(actor, run=None) -> bool:
    """Coordinators: every run; a promoter's staff: runs that their promoter hosts."""
    if has_role(actor, Role.COORDINATOR):
        return True
    if Role.PROMOTER not in roles_of(actor):
        return False
    return run is None or actor.promoters.filter(pk=run.host_id).exists()
