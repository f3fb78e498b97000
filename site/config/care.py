"""Care for background work: signs of life, tasks of a killed worker, old results."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from .models import Heartbeat

logger = logging.getLogger("config.care")

BEAT_SECONDS = 10
SILENT_AFTER = timedelta(seconds=60)
ATTEMPTS = 5
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)


def beat(*, worker_id: str, now: datetime) -> None:
    """Note that a worker lives."""
    Heartbeat.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": now})


def gone(*, worker_id: str) -> None:
    """Note that a worker ended in order; it left nothing behind."""
    Heartbeat.objects.filter(worker_id=worker_id).delete()


@transaction.atomic
def reap(*, now: datetime) -> list[str]:
    """Put the tasks of silent workers back into the queue; returns their ids.

    A task that has cost ATTEMPTS workers their life is marked as failed instead, and logged as an error. A
    task may have done its work before its worker died: tasks are idempotent.
    """
    alive = set(
        Heartbeat.objects.filter(seen_at__gte=now - SILENT_AFTER).values_list("pk", flat=True)
    )
    reaped = []
    started_before = now - SILENT_AFTER
    running = DBTaskResult.objects.running().filter(started_at__lt=started_before)
    for task in running.select_for_update(skip_locked=True):
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        if len(task.worker_ids) >= ATTEMPTS:
            task.set_failed(RuntimeError(f"{ATTEMPTS} workers ended while they ran it"))
            logger.error("task %s %s given up", task.task_path, task.pk)
            continue
        task.status = "READY"
        task.started_at = None
        task.save(update_fields=["status", "started_at"])
        reaped.append(str(task.pk))
        logger.warning("task %s %s put back: its worker is gone", task.task_path, task.pk)
    Heartbeat.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    return reaped


def prune(*, now: datetime) -> int:
    """Delete old results of tasks; failures stay longer. Returns how many went."""
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED)
    return done.delete()[0] + failed.delete()[0]
