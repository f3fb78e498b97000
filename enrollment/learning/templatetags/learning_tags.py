"""Tags of the learning room, for the participant's pages."""

from django import template
from django.utils import timezone

from enrollment.models import Enrollment

from ..path import paths

register = template.Library()


@register.inclusion_tag("learning/path.html", takes_context=True)
def module_path(context, enrollment: Enrollment):
    """A run's modules as a path: done, next, to do. Read once per person, however many runs a page shows."""
    request = context.get("request")
    kept = vars(request).setdefault("_module_paths", {}) if request else {}
    if enrollment.pk not in kept:
        own = Enrollment.objects.confirmed().filter(person=enrollment.person_id)
        kept.update(paths(list(own.select_related("run")), now=timezone.now()))
    return {"stations": kept.get(enrollment.pk, []), "enrollment": enrollment}
