import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PROGRAMS = ("xgettext", "msguniq", "msgmerge", "msgattrib")
NOT_FOR_READERS = {"tests", "bench", "docs", "var", "site", ".venv", ".uv"}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")


def extracted() -> polib.POFile:
    """Every message of code and templates, read by gettext's own programs in a folder of links."""
    with tempfile.TemporaryDirectory(prefix="focus-messages-") as folder:
        stage = Path(folder)
        (stage / "locale").mkdir()
        for entry in settings.BASE_DIR.iterdir():
            if entry.is_dir() and entry.name not in NOT_FOR_READERS and entry.name[0] != ".":
                (stage / entry.name).symlink_to(entry)
        (stage / "config").symlink_to(settings.BASE_DIR / "site" / "config")
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(
            [
                *(sys.executable, "-m", "django", "makemessages", "--locale", "sv"),
                *("--symlinks", "--no-location", "--no-wrap", "--verbosity", "0"),
            ],
            cwd=stage,
            env=environment,
            check=True,
        )
        return polib.pofile(str(stage / "locale" / "sv" / "LC_MESSAGES" / "django.po"))


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def faults(wanted: polib.POFile, catalogue: polib.POFile) -> Iterator[str]:
    """What is missing, doubtful, empty or holds other placeholders than its source."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    for message in wanted:
        entry = known.get((message.msgctxt, message.msgid))
        if entry is None:
            yield f"missing: {message.msgid!r}"
            continue
        texts = list(entry.msgstr_plural.values()) if message.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            yield f"fuzzy: {message.msgid!r}"
        elif not texts or not all(texts):
            yield f"empty: {message.msgid!r}"
        else:
            allowed = placeholders(message.msgid) | placeholders(message.msgid_plural or "")
            for text in texts:
                if placeholders(text) - allowed:
                    yield f"unknown placeholder: {text!r} for {message.msgid!r}"
                elif not message.msgid_plural and allowed - placeholders(text):
                    yield f"placeholder left out: {text!r} for {message.msgid!r}"


class Command(BaseCommand):
    help = "Fails when a visible word has no Swedish."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        missing = [program for program in PROGRAMS if not shutil.which(program)]
        if missing:
            self.stdout.write(
                f"SKIPPED: {', '.join(missing)} not found (Debian: apt-get install gettext)"
            )
            return
        catalogue = polib.pofile(str(settings.LOCALE_PATHS[0] / "sv" / "LC_MESSAGES" / "django.po"))
        found = sorted(faults(extracted(), catalogue))
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} translations to mend")
