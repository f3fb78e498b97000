from django import template
from django.db.models import Count, Q
from django.utils import timezone

from ..availability import Availability, for_runs
from ..models.place import RunPartner

register = template.Library()


@register.simple_tag
def availability(runs) -> dict[int, Availability]:
    """`{% availability runs as seats %}`: places of a whole list of runs (or of one run) in one query."""
    listed = [runs] if hasattr(runs, "pk") else list(runs)
    return for_runs(listed, now=timezone.now())


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


@register.filter
def of_run(seats: dict[int, Availability], run) -> Availability:
    """`{{ seats|of_run:run }}`: the run's places out of what `availability` gave."""
    return seats.get(run.pk, Availability())
