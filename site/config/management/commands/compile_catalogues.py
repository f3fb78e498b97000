from django.core.management.base import BaseCommand

from config.catalogues import compile_all


class Command(BaseCommand):
    help = "Compiles the translations that changed."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        for target in compile_all():
            self.stdout.write(str(target))
