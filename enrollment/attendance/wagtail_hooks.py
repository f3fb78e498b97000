from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action("attendance.save", _("Save attendance"), _("Attendance saved"))
    actions.register_action("attendance.close", _("Close attendance"), _("Attendance list closed"))
    actions.register_action(
        "attendance.reopen", _("Reopen attendance"), _("Attendance list reopened")
    )
