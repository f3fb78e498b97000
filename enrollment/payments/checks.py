"""System checks of this room."""

from django.conf import settings
from django.core import checks

from .webhooks import is_live


@checks.register(checks.Tags.security, deploy=True)
def live_payments(app_configs, **kwargs) -> list[checks.Warning]:
    """Real money on one file on one machine is a risk somebody should know of."""
    if settings.SQLITE and is_live(settings.STRIPE_SECRET_KEY):
        return [
            checks.Warning(
                "Live payments are taken with SQLite as the database.",
                hint="DATABASE_URL=postgres://…",
                id="payments.W001",
            )
        ]
    return []
