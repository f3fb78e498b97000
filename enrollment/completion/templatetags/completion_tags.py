"""Tags of the completion room, for the leader's page."""

from django import template
from django.utils import timezone

from accounts.policy import can, visible

from ..models import LedRun

register = template.Library()


@register.inclusion_tag("completion/led_runs.html")
def led_runs(actor):
    """The runs that have begun and whose results the actor may propose, latest first."""
    if not can(actor, "completion.propose"):
        return {"runs": []}
    runs = visible(actor, LedRun).select_related("course").with_dates()
    return {"runs": runs.filter(first_at__lte=timezone.now()).order_by("-last_at", "code")[:20]}
