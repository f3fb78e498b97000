from django.core.management.base import BaseCommand

from config.baseline import ensure_baseline


class Command(BaseCommand):
    help = "Languages, site, start pages, roles and counties. Safe to run at every release."

    def handle(self, *args, **options) -> None:
        ensure_baseline()
