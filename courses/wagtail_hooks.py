from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    for name, label, message in (
        ("create_run", _("Create course run"), _("Course run created")),
        ("set_meetings", _("Set meetings"), _("Meetings set")),
        ("change_meeting", _("Change meeting"), _("Meeting changed")),
        ("publish", _("Publish course run"), _("Course run published")),
    ):
        actions.register_action(f"courses.{name}", label, message)
