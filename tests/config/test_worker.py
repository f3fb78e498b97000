"""The worker as a process: killed, followed by another, ended in order."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from config import care
from config.models import Heartbeat

from .task_samples import hang_once, note

ROOT = Path(settings.BASE_DIR)


def database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


@pytest.fixture
def start_worker():
    started = []

    def start() -> subprocess.Popen:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.test_settings",
            "DATABASE_URL": database_url(),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        }
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--interval", "0.1"],
            cwd=ROOT,
            env=environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def real_tasks(settings):
    settings.TASKS = {"default": {"BACKEND": "messaging.queue.DatabaseBackend"}}


@pytest.mark.django_db(transaction=True)
def test_task_of_a_killed_worker_is_done_by_the_next(start_worker, tmp_path, now, real_tasks):
    log = tmp_path / "log"
    result = hang_once.enqueue(path=str(log))
    first = start_worker()
    wait_for(lambda: log.exists())
    first.kill()
    first.wait()
    assert DBTaskResult.objects.get(pk=result.id).status == "RUNNING"
    # Half an hour later, as far as the rows can tell.
    earlier = now - timedelta(minutes=30)
    DBTaskResult.objects.update(started_at=earlier)
    Heartbeat.objects.update(seen_at=earlier)

    second = start_worker()
    wait_for(lambda: DBTaskResult.objects.get(pk=result.id).status == "SUCCESSFUL")
    assert log.read_text().split() == ["started", "started", "done"]
    assert len(DBTaskResult.objects.get(pk=result.id).worker_ids) == 2

    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    assert not Heartbeat.objects.filter(seen_at__gte=now).exists()


def running_task(*, now, started_ago: timedelta, workers: list[str]) -> DBTaskResult:
    result = note.enqueue(path="/dev/null", line="x")
    DBTaskResult.objects.filter(pk=result.id).update(
        status="RUNNING", started_at=now - started_ago, worker_ids=workers
    )
    return DBTaskResult.objects.get(pk=result.id)


def test_task_of_a_living_worker_is_left_alone(db, now, real_tasks):
    care.beat(worker_id="alive", now=now)
    task = running_task(now=now, started_ago=timedelta(hours=1), workers=["dead", "alive"])
    assert care.reap(now=now) == []
    task.refresh_from_db()
    assert task.status == "RUNNING"


def test_task_just_claimed_is_left_alone(db, now, real_tasks):
    running_task(now=now, started_ago=timedelta(seconds=5), workers=["unknown"])
    assert care.reap(now=now) == []


def test_task_that_costs_worker_after_worker_is_given_up(db, now, real_tasks, caplog):
    workers = [f"dead {n}" for n in range(care.ATTEMPTS)]
    task = running_task(now=now, started_ago=timedelta(hours=1), workers=workers)
    assert care.reap(now=now) == []
    task.refresh_from_db()
    assert task.status == "FAILED"
    assert "given up" in caplog.text


def test_old_results_go_and_failures_stay_longer(db, now, real_tasks):
    old = now - timedelta(days=30)
    for status in ("SUCCESSFUL", "FAILED"):
        task = running_task(now=now, started_ago=timedelta(0), workers=["w"])
        DBTaskResult.objects.filter(pk=task.pk).update(status=status, finished_at=old)
    assert care.prune(now=now) == 1
    assert DBTaskResult.objects.get().status == "FAILED"
