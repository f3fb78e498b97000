import sys

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Everything `make demo` needs before it starts: database, fonts, static files, content."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("only with DEMO=1: this writes example content")
        # Only the list of demo people, printed by the last step, belongs on stdout.
        aside = {"stdout": sys.stderr, "verbosity": 0}
        call_command("release", **aside)
        known = get_commands()
        if "build_fonts" in known:
            call_command("build_fonts", **aside)
        call_command("collectstatic", interactive=False, **aside)
        if "demo" in known:
            call_command("demo", stdout=self.stdout)
