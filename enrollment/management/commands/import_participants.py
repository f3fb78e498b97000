from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.policy import can
from enrollment import importing, participant_file
from enrollment.scope import runs_of


class Command(BaseCommand):
    help = (
        "Enrol the people of a CSV file on a run. Without --send it only tells what would happen."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("run", help="code of the run")
        parser.add_argument("file", type=Path, help="CSV, UTF-8")
        parser.add_argument("--actor", required=True, help="e-mail address of who imports")
        parser.add_argument("--send", action="store_true", help="enrol, and tell everybody by mail")

    def handle(self, *, run: str, file: Path, actor: str, send: bool, **options) -> None:
        who = User.objects.filter(email=User.objects.normalise(actor), is_active=True).first()
        if who is None or not can(who, "enrollment.handle"):
            raise CommandError(f"{actor} may not enrol anybody")
        found = runs_of(who).select_related("course", "host", "rules").filter(code=run).first()
        if found is None:
            raise CommandError(f"{actor} handles no run {run}")
        try:
            lines = participant_file.lines_of(participant_file.decoded(file.read_bytes()))
        except (participant_file.Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        now = timezone.now()
        if send:
            verdicts = importing.import_lines(run=found, lines=lines, actor=who, now=now)
        else:
            verdicts = importing.preview(run=found, lines=lines, now=now)
        for verdict in verdicts:
            line = verdict.line
            self.stdout.write(f"{line.number_in_file}: {line.email}: {verdict.words}")
        refused = sum(verdict.outcome == importing.Outcome.ERROR for verdict in verdicts)
        if refused:
            raise CommandError(f"{refused} of {len(verdicts)} rows were refused")
