"""Swedish and English for every visible word; the catalogue is compiled without gettext's programs."""

import gettext
import shutil

import polib
import pytest
from django.core.management import CommandError, call_command

from config.catalogues import compile_all
from config.management.commands.check_translations import faults


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no gettext: apt-get install gettext")
def test_every_visible_word_has_its_swedish(capsys):
    try:
        call_command("check_translations")
    except CommandError:
        pytest.fail(capsys.readouterr().out)


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    file = polib.POFile()
    file.extend(entries)
    return file


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (None, "missing: 'Book %(count)s'"),
        (polib.POEntry(msgid="Book %(count)s", msgstr=""), "empty"),
        (polib.POEntry(msgid="Book %(count)s", msgstr="Boka %(count)s", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="Book %(count)s", msgstr="Boka %(antal)s"), "unknown placeholder"),
        (polib.POEntry(msgid="Book %(count)s", msgstr="Boka"), "placeholder left out"),
    ],
)
def test_fault_in_the_catalogue_is_found(entry, fault):
    wanted = catalogue(polib.POEntry(msgid="Book %(count)s", msgstr=""))
    (found,) = faults(wanted, catalogue(*([entry] if entry else [])))
    assert found.startswith(fault)


def test_compiled_catalogue_is_read_by_gettext(tmp_path):
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    file = catalogue(polib.POEntry(msgid="Book", msgstr="Boka"))
    file.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    file.save(str(folder / "django.po"))
    assert compile_all(tmp_path) == [folder / "django.mo"]
    assert gettext.translation("django", tmp_path, ["sv"]).gettext("Book") == "Boka"
    assert compile_all(tmp_path) == []
