from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action("completion.propose", _("Propose result"), _("Result proposed"))
    actions.register_action("completion.decide", _("Decide result"), _("Result decided"))
