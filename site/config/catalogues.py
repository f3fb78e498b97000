"""Compile the translations. polib does it, so that no machine needs gettext's programs to run the site."""

from pathlib import Path

import polib

FOLDER = Path(__file__).resolve().parents[1] / "locale"


def compile_all(folder: Path = FOLDER) -> list[Path]:
    """Write `.mo` beside every `.po` that is newer; returns what was written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        partial = target.with_suffix(".partial")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_all()
