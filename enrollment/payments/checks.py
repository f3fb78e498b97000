"""System checks of this room."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from .webhooks import is_live


@register(Tags.security, deploy=True)
def stripe_settings(app_configs, **kwargs):
    """The provider's key and secret are there, of the right kind, and on a database fit for money."""
    found = []
    if settings.DEMO:
        return found
    if not settings.STRIPE_SECRET_KEY.startswith(("sk_", "rk_")):
        found.append(Error("STRIPE_SECRET_KEY is missing or not a secret key", id="payments.E001"))
    secrets = [each.strip() for each in settings.STRIPE_WEBHOOK_SECRET.split(",")]
    if not all(each.startswith("whsec_") for each in secrets):
        found.append(
            Error("STRIPE_WEBHOOK_SECRET is missing or not a signing secret", id="payments.E002")
        )
    if not settings.STRIPE_API_BASE.startswith("https://"):
        found.append(Error("STRIPE_API_BASE must be an https:// address", id="payments.E003"))
    if is_live(settings.STRIPE_SECRET_KEY) and settings.SQLITE:
        found.append(
            Warning("Live payments belong on PostgreSQL (DATABASE_URL)", id="payments.W001")
        )
    return found
