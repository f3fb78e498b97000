from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.demo_links import make_link
from accounts.models import User
from accounts.roles import Role
from config.demo.build import build, is_built
from config.demo.people import DEMO_PEOPLE, demo_person


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Build the demo; with --role, print a one-time sign-in address for a demo person."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--role", choices=[str(role) for role in Role])
        parser.add_argument("--people", action="store_true", help="list the demo people")

    def handle(self, *args, role: str | None, people: bool, **options) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is for DEMO=1 only.")
        now = timezone.now()
        if role:
            self.stdout.write(self.address(role, now))
        else:
            if not people and not is_built():
                build(now=now, say=lambda words: self.stderr.write(words, self.style.NOTICE))
            self.list_people(now)

    def address(self, role: str, now) -> str:
        try:
            person = demo_person(role)
        except User.DoesNotExist:
            raise CommandError("The demo is not built yet: run manage.py demo first.") from None
        return urljoin(settings.SITE_URL, make_link(person, now))

    def list_people(self, now) -> None:
        for role, (first, last, _language) in DEMO_PEOPLE.items():
            name = f"{first} {last}"
            self.stdout.write(f"{role:13} {name:20} {self.address(role, now)}")
