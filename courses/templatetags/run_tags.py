"""The next runs for pages of the rooms below: read once, then drawn on a map and listed."""

from django import template
from django.utils import timezone

from courses.models import Run

register = template.Library()


@register.simple_tag(takes_context=True)
def next_runs(context, limit=4, region=None, area=None) -> list[Run]:
    """The next bookable runs, soonest first, with everything a run row shows. `region`: held there or
    open to it. `area`: of courses in that action area."""
    runs = Run.objects.upcoming(context.get("now") or timezone.now()).for_list()
    if region is not None:
        runs = runs.for_region(region)
    if area is not None:
        runs = runs.filter(course__area=area)
    return list(runs[:limit])
