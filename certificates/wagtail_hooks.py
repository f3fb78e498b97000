from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action("certificates.issue", _("Issue certificate"), _("Certificate issued"))
    actions.register_action("certificates.store", _("Store certificate"), _("Certificate stored"))
    actions.register_action(
        "certificates.revoke", _("Revoke certificate"), _("Certificate revoked")
    )
    actions.register_action(
        "certificates.replace", _("Replace certificate"), _("Certificate replaced")
    )
    actions.register_action(
        "certificates.show_name", _("Show name"), _("Choice about the name changed")
    )
