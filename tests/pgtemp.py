"""A throw-away PostgreSQL server on 127.0.0.1 for tests, without docker.

    with TempPostgres() as pg:
        os.environ["DATABASE_URL"] = pg.url
        ...

    python -m tests.pgtemp         # starts one, prints its URL and times, stops it

Needs the server programs (Debian: `apt-get install postgresql`); finds them on PATH or in
/usr/lib/postgresql/<version>/bin. Works for root, too: PostgreSQL refuses to run as root, so the
server is started as user `postgres` or `nobody`.

For tests only: no TLS, no passwords (`trust`), open to every local user, and nothing survives a
crash (`fsync=off`). The port is chosen first and used later; another process could take it in
between (not seen in practice).
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

START_SECONDS = 20.0
NO_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def find_program(name: str) -> str | None:
    """Path of a PostgreSQL program; the newest installed version when it is not on PATH."""
    on_path = shutil.which(name)
    if on_path:
        return on_path

    def version(path: str) -> float:
        try:
            return float(Path(path).parents[1].name)
        except ValueError:
            return 0.0

    installed = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    return max(installed, key=version, default=None)


def is_available() -> bool:
    return find_program("postgres") is not None


class TempPostgres:
    """After start(): `port`, `url` (user app, database postgres) and `log_file`."""

    def __init__(self) -> None:
        self.port = 0
        self.url = ""
        self.log_file: Path | None = None
        self._folder: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._again: Callable[..., subprocess.Popen[bytes]]

    def start(self) -> Self:
        postgres, initdb = find_program("postgres"), find_program("initdb")
        if postgres is None or initdb is None:
            raise RuntimeError(
                "No PostgreSQL server found. Debian: apt-get install postgresql."
                " The SQLite tests run without it."
            )
        self._folder = Path(tempfile.mkdtemp(prefix="pgtemp-"))
        try:
            self._start(postgres, initdb, self._folder)
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self, postgres: str, initdb: str, folder: Path) -> None:
        as_user = self._unprivileged_user(folder)
        environment = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        data = folder / "data"
        subprocess.run(
            [
                *(initdb, "--pgdata", data, "--username", "app", "--auth", "trust"),
                *("--encoding", "UTF8", "--no-sync", "--no-instructions"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            **as_user,
        )
        self.port = free_port()
        self.log_file = folder / "log"
        command = [postgres, "-D", str(data), "-h", "127.0.0.1", "-p", str(self.port)]
        command += ["-k", str(folder)]
        for setting in NO_DURABILITY:
            command += ["-c", setting]
        self._again = partial(subprocess.Popen, command, env=environment, cwd=folder, **as_user)
        self._serve(self.log_file)
        self.url = f"postgres://app@127.0.0.1:{self.port}/postgres"

    def _serve(self, log_file: Path) -> None:
        with log_file.open("ab") as log:
            self._server = self._again(stdout=log, stderr=log)
        self._wait_until_ready(self._server, log_file)

    def restart_at_once(self) -> None:
        """As `pg_ctl restart -m immediate`: every session is cut off, and the log is replayed."""
        assert self._server
        assert self.log_file
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()
        self._serve(self.log_file)

    @staticmethod
    def _unprivileged_user(folder: Path) -> dict[str, Any]:
        """Arguments for subprocess that drop root's rights; nothing for other users."""
        if os.getuid() != 0:
            return {}
        for name in ("postgres", "nobody"):
            try:
                user = pwd.getpwnam(name)
            except KeyError:
                continue
            os.chown(folder, user.pw_uid, user.pw_gid)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        raise RuntimeError("PostgreSQL cannot run as root and there is no user postgres or nobody.")

    def _wait_until_ready(self, server: subprocess.Popen[bytes], log_file: Path) -> None:
        pg_isready = find_program("pg_isready")
        if pg_isready is None:
            raise RuntimeError("pg_isready not found. Debian: apt-get install postgresql-client.")
        check = [pg_isready, "--quiet", "--host", "127.0.0.1", "--port", str(self.port)]
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if subprocess.run(check).returncode == 0:
                return
            if server.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start:\n" + log_file.read_text(errors="replace"))

    def stop(self) -> None:
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)  # fast shutdown: ends open sessions
            try:
                self._server.wait(20)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        self._server = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    began = time.monotonic()
    with TempPostgres() as pg:
        print(f"{pg.url} ready in {time.monotonic() - began:.2f} s")
        began = time.monotonic()
    print(f"stopped in {time.monotonic() - began:.2f} s")


if __name__ == "__main__":
    main()
