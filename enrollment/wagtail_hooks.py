from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    for name, label, message in (
        ("enter", _("Enrol"), _("Enrolled")),
        ("move", _("Change status"), _("Status changed")),
        ("hold_longer", _("Hold longer"), _("Place held longer")),
        ("revive", _("Take places again"), _("Places taken again after a late payment")),
        ("resize", _("Change number of places"), _("Number of places changed")),
        ("wait", _("Join waiting list"), _("Joined the waiting list")),
        ("leave", _("Leave waiting list"), _("Left the waiting list")),
        ("details", _("Change own data"), _("Own data changed")),
    ):
        actions.register_action(f"enrollment.{name}", label, message)
