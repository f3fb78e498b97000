"""`make demo`: prepare what is not current, then run web, worker and payment stand-in until Ctrl-C.

Standard library only and without Django, so that a second start costs no more than the children's own.
"""

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What each part of the preparation reads. Static files take most of its time and change rarely.
SOURCES = {
    "content": (
        "requirements.txt",
        "*/migrations/*.py",
        "*/*/migrations/*.py",
        "site/config/**/*.py",
        "site/locale/*/LC_MESSAGES/*.po",
    ),
    "static": (
        "requirements.txt",
        "site/config/settings.py",
        "site/static/**/*",
        "home/management/**/*.py",
        "home/fonts*.py",
    ),
}
PREPARED = {
    "content": "translations, database and example content",
    "static": "fonts and static files",
}
RESTARTS = 5
PATIENCE_SECONDS = 90


def environment() -> dict[str, str]:
    """What the children see. The demo's keys are not secrets: they open nothing but the stand-in."""
    port = int(os.environ.get("PORT") or 8000)
    values = {**os.environ, "DEMO": "1", "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    values.setdefault("SITE_URL", f"http://localhost:{port}")
    values.setdefault("DATA_DIR", str(ROOT / "var"))
    if not values.get("STRIPE_SECRET_KEY"):
        stand_in = int(os.environ.get("STRIPE_PORT") or port + 1)
        values.update(
            STRIPE_PORT=str(stand_in),
            STRIPE_SECRET_KEY="sk_test_demo",
            STRIPE_WEBHOOK_SECRET="whsec_demo",
            STRIPE_API_BASE=f"http://localhost:{stand_in}",
        )
    return values


def is_taken(port: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", int(port)))  # whether anybody holds it
        except OSError:
            return True
    return False


def fingerprint(*parts: str) -> str:
    """Changes when something changes that these parts of the preparation (else all) read."""
    digest = hashlib.sha256()
    for pattern in (pattern for part in parts or SOURCES for pattern in SOURCES[part]):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def prepare(values: dict[str, str]) -> str | None:
    """Translations, database and example content; fonts and static files: what of it is not current.

    Returns the list of demo people with their one-time sign-in addresses, None when nobody listed them.
    """
    data = Path(values["DATA_DIR"])
    data.mkdir(parents=True, exist_ok=True)
    database = values.get("DATABASE_URL") or str(data / "site.sqlite3")
    there = "://" in database or Path(database).exists()
    wanted = {part: fingerprint(part) + database for part in SOURCES}
    stamps = {part: data / f"{part}.stamp" for part in SOURCES}
    stale = [
        part
        for part, stamp in stamps.items()
        if not (there and stamp.exists() and stamp.read_text() == wanted[part])
    ]
    if not stale:
        return None
    print(f"preparing {' and '.join(PREPARED[part] for part in stale)} …", flush=True)
    subprocess.run([sys.executable, "-m", "config.catalogues"], check=True, cwd=ROOT, env=values)
    only = ["--only", *stale] if len(stale) == 1 else []
    people = manage(values, "prepare_demo", *only)
    for part in stale:
        stamps[part].write_text(wanted[part])
    return people or None


def manage(values: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=True,
        cwd=ROOT,
        env=values,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


class Children:
    """The running processes. One that dies is started again, a few times; then everything stops."""

    def __init__(self, commands: dict[str, list[str]], values: dict[str, str]) -> None:
        self.commands = commands
        self.values = values
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts = dict.fromkeys(commands, 0)

    def start(self, name: str) -> None:
        self.running[name] = subprocess.Popen(
            self.commands[name],
            cwd=ROOT,
            env=self.values,
            # Ctrl-C reaches only this process, which then asks the others one by one.
            start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )

    def start_all(self) -> None:
        for name in self.commands:
            if name not in self.running:
                self.start(name)

    def look_after(self) -> None:
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            self.restarts[name] += 1
            if self.restarts[name] > RESTARTS:
                sys.exit(f"{name} keeps ending (status {process.returncode})")
            print(f"{name} ended (status {process.returncode}); starting it again", flush=True)
            time.sleep(1)
            self.start(name)

    def stop_all(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + 10
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def die_with_parent() -> None:
    """Linux: end with the parent, even when that one is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def commands(values: dict[str, str]) -> dict[str, list[str]]:
    python = sys.executable
    found = {
        "web": [
            *(python, "-m", "gunicorn", "--config", "gunicorn.conf.py"),
            *("--log-level", "warning"),
        ],
        "worker": [python, "manage.py", "worker"],
    }
    if "STRIPE_PORT" in values:
        found["payment stand-in"] = [
            *(python, "manage.py", "stripe_stand_in"),
            *("--port", values["STRIPE_PORT"]),
        ]
    return found


def show(values: dict[str, str], seconds: float) -> None:
    site = values["SITE_URL"]
    print(
        f"\n  {site}/sv/   {site}/en/   the site, up after {seconds:.1f} s\n"
        f"  {site}/admin/   the CMS and the staff pages\n"
        f"  {site}/sv/my/   a participant's page      {site}/sv/lead/   a course leader's page\n"
        f"  mails are files in {values['DATA_DIR']}/mail/\n",
        flush=True,
    )


def show_people(people: str) -> None:
    print(
        f"{people.rstrip()}\n\n"
        "  sign in as one of them: python3 dev.py run manage.py demo --role coordinator\n"
        "  Ctrl-C stops everything\n",
        flush=True,
    )


def main() -> None:
    began = time.monotonic()
    values = environment()
    os.environ.update(values)
    for name in ("PORT", "STRIPE_PORT"):
        if name in values and is_taken(values[name]):
            sys.exit(f"Port {values[name]} is taken. Another one: {name}=8100 make demo")
    people = prepare(values)
    children = Children(commands(values), values)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        # The site first and alone: what the others need of the processor would delay it.
        children.start("web")
        deadline = time.monotonic() + PATIENCE_SECONDS
        live = f"http://127.0.0.1:{values['PORT']}/healthz/live"
        while not answers(live):
            children.look_after()
            if time.monotonic() > deadline:
                sys.exit("the site does not answer")
            time.sleep(0.1)
        show(values, time.monotonic() - began)
        show_people(manage(values, "demo", "--people") if people is None else people)
        children.start_all()
        while True:
            children.look_after()
            time.sleep(1)
    except KeyboardInterrupt:
        print()
    finally:
        children.stop_all()


if __name__ == "__main__":
    main()
