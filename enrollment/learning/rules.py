"""Registry lines of this room: policy, visibility, personal data."""

from django.utils.translation import gettext_lazy as _

from accounts.policy import visibility, visible
from accounts.registries import register_personal_data
from enrollment.models import Enrollment

from .models import ModuleProgress


@visibility(ModuleProgress)
def _progress(actor):
    return ModuleProgress.objects.filter(enrollment__in=visible(actor, Enrollment).values("pk"))


register_personal_data(
    ModuleProgress,
    purpose=_("To show how far you have come, in either language"),
    until=_("two years after the run's last meeting"),
    erase="delete",
    path="enrollment__person",
    fields=("module", "opened_at", "done_at", "quiz_score", "attempts"),
)
