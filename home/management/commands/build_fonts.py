from django.conf import settings
from django.core.management.base import BaseCommand

from home.fonts import build


class Command(BaseCommand):
    help = "Make the web font from its package, for collectstatic to pick up."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        for path in build(settings.DATA_DIR / "built" / "fonts"):
            self.stdout.write(f"{path.name} {path.stat().st_size} bytes")
