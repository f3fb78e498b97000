from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.registries import invariants


class Command(BaseCommand):
    help = "Checks what must always hold; silent when all is well, exit code 1 otherwise."

    def handle(self, *args, **options) -> None:
        now = timezone.now()
        broken = [
            f"{name}: {message}" for name, check in invariants.items() for message in check(now)
        ]
        for line in broken:
            self.stderr.write(line)
        if broken:
            raise CommandError(f"{len(broken)} broken")
