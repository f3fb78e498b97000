from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    for action, label, message in (
        ("payments.begin", _("Begin payment"), _("Payment begun")),
        ("payments.move", _("Change payment"), _("Status of the payment changed")),
        ("payments.paid", _("Pay"), _("Order paid")),
        ("payments.problem", _("Flag payment"), _("Payment needs a look")),
        ("payments.handle", _("Mark as handled"), _("Payment looked at by staff")),
        ("payments.receipt", _("Issue receipt"), _("Receipt issued")),
        ("payments.refund", _("Refund"), _("Refund requested")),
        ("payments.refund_move", _("Change refund"), _("Status of the refund changed")),
    ):
        actions.register_action(action, label, message)
