import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Everything `make demo` needs before it starts: database and content, fonts and static files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--only", choices=["content", "static"])

    def handle(self, *args, only: str | None, **options) -> None:
        if not settings.DEMO:
            raise CommandError("only with DEMO=1: this writes example content")
        # Only the list of demo people, printed by the last step, belongs on stdout.
        aside = {"stdout": sys.stderr, "verbosity": 0}
        if only != "content":
            call_command("build_fonts", **aside)
            call_command("collectstatic", interactive=False, **aside)
        if only != "static":
            call_command("release", **aside)
            call_command("demo", stdout=self.stdout)
