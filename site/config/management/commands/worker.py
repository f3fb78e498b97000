import os
import socket
import threading
import time
from datetime import datetime

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from config import care
from messaging import periodic

TASKS_AT_A_TIME = 20


class Worker(TaskWorker):
    """Background tasks, and between them the duties that come back by the clock."""

    def __init__(self, *, interval: float) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            # Returns when the queue is empty or after some tasks, so that duties get their turn.
            batch=True,
            max_tasks=TASKS_AT_A_TIME,
            backend_name="default",
            startup_delay=False,
            worker_id=f"{socket.gethostname()[:30]}-{os.getpid()}-{get_random_string(8)}",
        )
        self.ended = threading.Event()

    def run(self) -> None:
        last: dict[str, datetime] = {}
        while self.running:
            self._run_tasks = 0
            super().run()
            worked = self._run_tasks
            close_old_connections()
            periodic.run_due(last=last, now=timezone.now())
            if self.running and not worked:
                time.sleep(self.interval)

    def beat_until_ended(self) -> None:
        """Signs of life from a thread of its own: a long task must not look like a dead worker."""
        while not self.ended.is_set():
            try:
                care.beat(worker_id=self.worker_id, now=timezone.now())
            except Exception:  # noqa: BLE001 - logged; the thread must go on
                care.logger.exception("no sign of life written")
                connection.close()
            self.ended.wait(care.BEAT_SECONDS)
        connection.close()


class Command(BaseCommand):
    help = "Runs background tasks and the duties that come back by the clock, until SIGTERM."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--interval", type=float, default=0.5, help="seconds between looks at an empty queue"
        )

    def handle(self, *args, **options) -> None:
        periodic.discover()
        worker = Worker(interval=options["interval"])
        worker.configure_signals()
        beats = threading.Thread(target=worker.beat_until_ended, daemon=True)
        beats.start()
        try:
            worker.run()
        finally:
            worker.ended.set()
            beats.join(5)
            care.gone(worker_id=worker.worker_id)
