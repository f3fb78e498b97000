"""`make check`: everything that can be said about the code without running the suite. One line per check.

make check ARGS="lint floors"      # only these
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
SCRIPTS = Path(PYTHON).parent
REQUIRED = os.environ.get("CI") == "1"
OFFLINE = (
    "ConnectionError",
    "ConnectTimeout",
    "ReadTimeout",
    "Max retries",
    "NameResolution",
    "ServiceError",
    "HTTPError",
    "ProxyError",
    "SSLError",
)

# As production sees it; nothing here opens anything.
PRODUCTION = {
    "DEMO": "",
    "DEBUG": "",
    "SECRET_KEY": "check-" + "".join(chr(48 + n) for n in range(70)),
    "SITE_URL": "https://kurser.example.org",
    "DATABASE_URL": "postgres://app@localhost/app",
    "EMAIL_URL": "smtp://mail.example.org",
    "STRIPE_SECRET_KEY": "sk_test_" + "0" * 24,
    "STRIPE_WEBHOOK_SECRET": "whsec_" + "0" * 24,
    "STRIPE_API_BASE": "",
    "CACHE_URL": "",
    "TRUSTED_CLIENT_IP_HEADER": "Fly-Client-IP",
    "FAULT": "",
}


class Skipped(Exception):
    """The check could not be made here; the reason is printed. With CI=1 that is a failure."""


def run(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    """Output of a command; raises CalledProcessError, its output inside, when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
    return done.stdout


def scratch_environment() -> dict[str, str]:
    folder = tempfile.mkdtemp(prefix="focus-check-")
    return {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/x.sqlite3", "DEMO": "1"}


def formatting() -> None:
    run(SCRIPTS / "ruff", "format", "--check", ".")


def lint() -> None:
    run(SCRIPTS / "ruff", "check", ".")


def templates() -> None:
    run(SCRIPTS / "djlint", "templates", "--lint", "--quiet")


def floors() -> None:
    run(SCRIPTS / "lint-imports", "--no-cache", environment={"PYTHONPATH": f"{ROOT}:{ROOT}/site"})


def types() -> None:
    run(SCRIPTS / "mypy", environment=scratch_environment())


def migrations() -> None:
    run(
        *(PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"),
        environment=scratch_environment(),
    )


def translations() -> None:
    output = run(PYTHON, "manage.py", "check_translations", environment=scratch_environment())
    if "SKIPPED" in output:
        raise Skipped(output.strip())


def deployment() -> None:
    run(
        *(PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        environment={**PRODUCTION, "DATA_DIR": tempfile.mkdtemp(prefix="focus-check-")},
    )


def advisories() -> None:
    """Known weaknesses of the locked packages. Without the network nothing is known: said, not failed."""
    try:
        run(
            *(SCRIPTS / "pip-audit", "--requirement", "requirements.txt", "--no-deps"),
            *("--disable-pip", "--progress-spinner", "off", "--timeout", "10"),
        )
    except subprocess.CalledProcessError as error:
        if any(word in error.output for word in OFFLINE):
            raise Skipped("SKIPPED: the advisory service does not answer") from None
        raise


def secrets() -> None:
    """Keys, hosts of package registries and personal addresses do not belong into the repository."""
    patterns = [
        r"(sk|rk)_live_[0-9a-zA-Z]{10,}",
        r"-----BEGIN [A-Z ]*PRIVATE KEY",
        r"AKIA[0-9A-Z]{16}",
        r"gh[pousr]_[A-Za-z0-9]{30,}",
        r"https?://[a-z.]*(pypi|pythonhosted|npmjs)\.(org|com)",
    ]
    found = subprocess.run(
        ["git", "grep", "-nIE", "|".join(patterns)], cwd=ROOT, capture_output=True, text=True
    )
    if found.returncode == 0:
        raise subprocess.CalledProcessError(1, "git grep", found.stdout)
    if found.returncode > 1:
        raise Skipped("SKIPPED: no git checkout")


CHECKS: tuple[Callable[[], None], ...] = (
    formatting,
    lint,
    templates,
    floors,
    types,
    migrations,
    translations,
    deployment,
    advisories,
    secrets,
)
# Said loudly, but no failure even in CI: the outside world may be away.
MAY_BE_SKIPPED = {"advisories", "secrets"}


def main() -> int:
    wanted = sys.argv[1:] or [check.__name__ for check in CHECKS]
    unknown = set(wanted) - {check.__name__ for check in CHECKS}
    if unknown:
        sys.exit(f"no such check: {', '.join(sorted(unknown))}")
    failed = []
    for check in CHECKS:
        name = check.__name__
        if name not in wanted:
            continue
        began = time.monotonic()
        try:
            check()
            result = "ok"
        except Skipped as reason:
            result = str(reason)
            if REQUIRED and name not in MAY_BE_SKIPPED:
                failed.append(name)
        except subprocess.CalledProcessError as error:
            print(error.output.rstrip(), flush=True)
            result = "FAILED"
            failed.append(name)
        print(f"{name:<14}{time.monotonic() - began:5.1f} s  {result}", flush=True)
    for folder in Path(tempfile.gettempdir()).glob("focus-check-*"):
        shutil.rmtree(folder, ignore_errors=True)
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
