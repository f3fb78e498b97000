"""The deployment files, checked without an engine: known keys, and statements that must hold together."""

import re
import shlex
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
# What we use; a key is added here after looking it up in Fly's reference. None: the keys are our own.
KNOWN = {
    "app": {},
    "primary_region": {},
    "kill_signal": {},
    "kill_timeout": {},
    "build": {"dockerfile": {}},
    "deploy": {"release_command": {}, "release_command_timeout": {}, "strategy": {}},
    "env": None,
    "processes": None,
    "http_service": {
        "processes": {},
        "internal_port": {},
        "force_https": {},
        "auto_stop_machines": {},
        "auto_start_machines": {},
        "min_machines_running": {},
        "concurrency": {"type": {}, "soft_limit": {}, "hard_limit": {}},
        "checks": {
            "method": {},
            "path": {},
            "interval": {},
            "timeout": {},
            "grace_period": {},
            "headers": None,
        },
    },
    "vm": {"processes": {}, "memory": {}, "cpu_kind": {}, "cpus": {}},
    "restart": {"policy": {}, "processes": {}},
}


@pytest.fixture(scope="module")
def fly() -> dict:
    return tomllib.loads((ROOT / "fly.toml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def unknown_keys(node, known, where=""):
    if known is None:
        return
    for item in node if isinstance(node, list) else [node]:
        if isinstance(item, dict):
            for key, value in item.items():
                if key not in known:
                    yield where + key
                else:
                    yield from unknown_keys(value, known[key], f"{where}{key}.")


def test_every_key_is_known(fly):
    assert list(unknown_keys(fly, KNOWN)) == []


def test_processes_named_by_sections_exist(fly):
    for section in ("http_service", "vm", "restart"):
        entries = fly[section] if isinstance(fly[section], list) else [fly[section]]
        for entry in entries:
            assert set(entry["processes"]) <= set(fly["processes"]), section


def test_web_listens_where_the_proxy_knocks(fly):
    port = fly["http_service"]["internal_port"]
    assert f"--bind 0.0.0.0:{port}" in fly["processes"]["web"]
    assert fly["env"]["PORT"] == str(port)
    assert fly["http_service"]["auto_stop_machines"] in ("off", "stop", "suspend")
    assert fly["http_service"]["force_https"] is True


def test_health_check_passes_host_check_and_https_redirect(fly):
    (check,) = fly["http_service"]["checks"]
    assert check["path"] in ("/healthz/live", "/healthz/ready")
    assert check["headers"]["X-Forwarded-Proto"] == "https"
    assert check["headers"]["Host"] == urlsplit(fly["env"]["SITE_URL"]).hostname


def test_commands_exist(fly):
    commands = [fly["deploy"]["release_command"], fly["processes"]["worker"]]
    named = [shlex.split(command)[2] for command in commands]
    assert named == ["release", "worker"]
    assert set(named) <= set(get_commands())


def test_no_secret_stands_in_the_open(fly):
    assert not {"SECRET_KEY", "DATABASE_URL", "STRIPE_SECRET_KEY", "EMAIL_URL"} & set(fly["env"])


def test_region_is_stockholm_and_the_worker_gets_time_to_finish(fly):
    assert fly["primary_region"] == "arn"
    assert int(fly["kill_timeout"].rstrip("s")) >= 60


def test_image_installs_by_hash_and_ends_with_a_pdf(dockerfile):
    from config import pango

    assert dockerfile.count("FROM ") == 2
    assert "--require-hashes --no-build" in dockerfile
    assert "write_pdf" in dockerfile
    for package in pango.PACKAGES:
        assert package in dockerfile
    for command in re.findall(r"manage\.py (\w+)", dockerfile):
        assert command in get_commands()
    assert "USER 10001" in dockerfile


def test_image_leaves_secrets_and_data_out():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", "var", "tests"} <= set(ignored)


def test_deployment_page_names_every_variable_that_is_read():
    text = (ROOT / "docs" / "deploy.md").read_text()
    read = set(
        re.findall(
            r'environ(?:\.get\(|\[)"([A-Z0-9_]+)"', (ROOT / "site/config/settings.py").read_text()
        )
    )
    assert {name for name in read if f"`{name}`" not in text} == set()
