"""The next runs for pages of the rooms below: read once, then drawn on a map and listed."""

from functools import lru_cache

from django import template
from django.utils import timezone

from courses.models import Run
from home.prepared import Prepared

register = template.Library()


@register.simple_tag(takes_context=True)
def next_runs(context, limit=4, region=None, area=None) -> list[Run]:
    """The next bookable runs, soonest first, with everything a run row shows. `region`: held there or
    open to it. `area`: of courses in that action area."""
    return _soonest(limit)(
        now=context.get("now") or timezone.now(),
        regions=[] if region is None else [region.pk],
        areas=[] if area is None else [area.pk],
    )


@lru_cache(maxsize=8)
def _soonest(limit: int) -> Prepared:
    def runs(now, regions: list[int], areas: list[int]):
        found = Run.objects.upcoming(now).for_list()
        if regions:
            found = found.for_region(*regions)
        if areas:
            found = found.filter(course__area__in=areas)
        return found[:limit]

    return Prepared(runs)
