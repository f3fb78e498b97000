from django import template
from django.utils import timezone

from ..availability import Availability, for_runs

register = template.Library()


@register.simple_tag
def availability(runs) -> dict[int, Availability]:
    """`{% availability runs as seats %}`: places of a whole list of runs (or of one run) in one query."""
    listed = [runs] if hasattr(runs, "pk") else list(runs)
    return for_runs(listed, now=timezone.now())


@register.filter
def of_run(seats: dict[int, Availability], run) -> Availability:
    """`{{ seats|of_run:run }}`: the run's places out of what `availability` gave."""
    return seats.get(run.pk, Availability())
