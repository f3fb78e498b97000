"""Registry lines of this room: policy and visibility."""

from accounts.policy import visibility

from .models import Run


@visibility(Run)
def _(actor):
    return Run.objects.public()
