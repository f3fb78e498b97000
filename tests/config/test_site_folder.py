"""`site/` bears the name of a standard module: what must stay true so that nothing breaks by it."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SITE = ROOT / "site"


@pytest.mark.parametrize("folder", [SITE, SITE / "locale", SITE / "static"])
def test_folder_is_no_package(folder):
    assert folder.is_dir()
    assert not (folder / "__init__.py").exists()


def test_nothing_else_in_site_is_named_after_a_standard_module():
    names = {path.stem for path in SITE.iterdir()} & set(sys.stdlib_module_names)
    assert names == {"locale"}


def test_standard_library_keeps_its_names():
    code = "import site, locale; locale.getlocale(); print(site.__file__, locale.__file__)"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{ROOT}:{SITE}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ROOT / "site") not in answer.stdout


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no git checkout")
def test_nothing_in_site_is_ignored_by_git():
    files = [
        str(path.relative_to(ROOT))
        for path in SITE.rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".mo", ".partial")
    ]
    answer = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        input="\n".join(files),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert answer.stdout == ""


def test_every_test_folder_is_a_package():
    """Without, `tests/courses` would hide the app `courses`."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
