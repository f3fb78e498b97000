"""Which runs somebody of the staff handles, and what of a run somebody sees (the promoter that hosts it, those that
keep places on it)."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.roles import Role, has_role
from courses.models import Run

from .models import RunPartner


def runs_of(actor):
    """The runs whose places the actor handles: those of the actor's promoters, for coordinators all."""
    if has_role(actor, Role.COORDINATOR):
        return Run.objects.all()
    return Run.objects.filter(host__in=actor.promoters.all())


def runs_seen_by(actor):
    """Those and the runs of others in which the actor's promoter keeps places for a county."""
    if has_role(actor, Role.COORDINATOR):
        return Run.objects.all()
    shared = RunPartner.objects.filter(promoter__staff=actor).values("run")
    return Run.objects.filter(Q(host__in=actor.promoters.all()) | Q(pk__in=shared))


@dataclass(frozen=True)
class Scope:
    """What of a run somebody of the staff sees. `regions` are ids of counties, None stands for all of it; only
    who `handles` the run changes anything."""

    handles: bool
    regions: frozenset[int] | None = None


def scope_of(actor, run: Run) -> Scope:
    """The whole run for its host and for coordinators; a co-organiser sees what concerns its counties."""
    if runs_of(actor).filter(pk=run.pk).exists():
        return Scope(handles=True)
    regions = RunPartner.objects.filter(run=run, promoter__staff=actor).values_list("region_id")
    return Scope(handles=False, regions=frozenset(region for (region,) in regions))
