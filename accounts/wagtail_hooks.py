from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action("accounts.grant_role", _("Grant role"), _("Role granted"))
    actions.register_action("accounts.revoke_role", _("Revoke role"), _("Role revoked"))
    actions.register_action("accounts.claim", _("First sign-in"), _("Signed in for the first time"))
