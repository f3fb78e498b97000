"""Tags of the learning room, for the participant's pages."""

from django import template
from django.utils import timezone

from enrollment.models import Enrollment

from ..path import Station, paths

register = template.Library()


@register.inclusion_tag("learning/path.html", takes_context=True)
def module_path(context, enrollment: Enrollment):
    """A run's modules as a path: done, next, to do. Read once per person, however many runs a page shows."""
    return {"stations": _stations(context, enrollment), "enrollment": enrollment}


@register.simple_tag(takes_context=True)
def next_module(context, enrollment: Enrollment) -> Station | None:
    """The module to read now; None when all open ones are done. Shares the reading of `module_path`."""
    return next((s for s in _stations(context, enrollment) if s.state == "next"), None)


def _stations(context, enrollment: Enrollment) -> list[Station]:
    request = context.get("request")
    kept = vars(request).setdefault("_module_paths", {}) if request else {}
    if enrollment.pk not in kept:
        own = Enrollment.objects.confirmed().filter(person=enrollment.person_id)
        kept.update(paths(list(own.select_related("run")), now=timezone.now()))
    return kept.get(enrollment.pk, [])
