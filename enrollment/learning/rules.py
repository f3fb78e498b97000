"""Registry lines of this room: policy, visibility, personal data."""

from django.utils.translation import gettext_lazy as _

from accounts.policy import visibility, visible
from accounts.registries import register_personal_data
from accounts.roles import Role, has_role
from enrollment.models import Enrollment

from .models import ModuleProgress


@visibility(ModuleProgress)
def _progress(actor):
    """One's own; for staff that of the enrolments they see. Who books for a colleague sees no progress."""
    rows = ModuleProgress.objects.filter(enrollment__in=visible(actor, Enrollment).values("pk"))
    if has_role(actor, Role.LEADER, Role.PROMOTER, Role.COORDINATOR):
        return rows
    return rows.filter(enrollment__person=actor.pk)


register_personal_data(
    ModuleProgress,
    purpose=_("To show how far you have come, in either language"),
    until=_("two years after the run's last meeting"),
    erase="delete",
    path="enrollment__person",
    fields=("module", "opened_at", "done_at", "quiz_score", "attempts"),
)
