from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.stand_in import Server, StandIn


class Command(BaseCommand):
    help = "Stands in for the payment provider on 127.0.0.1; for the demo and for tests only."

    def add_arguments(self, parser) -> None:
        port = urlsplit(settings.STRIPE_API_BASE).port
        parser.add_argument("--port", type=int, default=port, help="where STRIPE_API_BASE points")
        parser.add_argument("--webhook", default=f"{settings.SITE_URL}/webhooks/stripe/")
        parser.add_argument(
            "--state", type=Path, default=settings.DATA_DIR / "stripe_stand_in.json"
        )

    def handle(self, *args, **options) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("The stand-in runs with DEMO=1 only.")
        stand_in = StandIn(
            webhook=options["webhook"],
            secret=settings.STRIPE_WEBHOOK_SECRET,
            state=options["state"],
        )
        if not options["port"]:
            raise CommandError("STRIPE_API_BASE names no port of this machine.")
        server = Server(stand_in, options["port"])
        self.stdout.write(f"payment stand-in on {server.url}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
