"""Locks, commands and layout that newcomers and machines rely on."""

import gc
import os
import re
import runpy
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_host_and_hashes_everything(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^#.*\n", "", text).strip(), flags=re.I)
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_lock_has_one_django_of_the_long_term_release():
    versions = re.findall(r"(?m)^django==(\S+)", (ROOT / "requirements.txt").read_text())
    assert len(versions) == 1
    assert versions[0].startswith("5.2.")


def test_both_locks_agree():
    pins = [
        dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text()))
        for name in LOCKS[:2]
    ]
    assert {
        name: (pin, pins[1].get(name)) for name, pin in pins[0].items() if pins[1].get(name) != pin
    } == {}


def make_targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))


def test_fixed_commands_exist():
    assert {"demo", "test", "check", "bench", "help"} <= make_targets()


def test_commands_named_in_the_readme_exist():
    from django.core.management import get_commands

    text = (ROOT / "README.md").read_text()
    assert set(re.findall(r"make ([a-z]+)", text)) <= make_targets()
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())
    assert len(text.splitlines()) <= 150


def test_libraries_are_compiled_once_even_where_no_byte_code_may_stand_beside_them(monkeypatch):
    import dev

    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    # So that it is gone again afterwards.
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    dev.keep_byte_code()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert os.environ["PYTHONPYCACHEPREFIX"].startswith(str(ROOT / ".venv"))
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    dev.keep_byte_code()
    assert "PYTHONPYCACHEPREFIX" not in os.environ


def test_gunicorn_loads_without_collecting_and_its_workers_collect():
    try:
        settings_of_gunicorn = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
        assert not gc.isenabled()
        settings_of_gunicorn["post_fork"](None, None)
        assert gc.isenabled()
    finally:
        gc.enable()
