"""The queue of tasks: the database's, with its row written by a statement compiled once.

Every mail is a task, and the transaction of the act it tells about waits for this row.
"""

from functools import cache

from django_tasks_db.backend import DatabaseBackend as Backend
from django_tasks_db.backend import normalize_json, task_enqueued

from accounts.newrow import NewRow


@cache
def _writer() -> NewRow:
    from django_tasks_db.models import DBTaskResult

    return NewRow(DBTaskResult)


class DatabaseBackend(Backend):
    def enqueue(self, task, args, kwargs):
        """As the parent's; the row goes past `save`, whose signal gives a task without a time one."""
        from django_tasks_db.models import DBTaskResult, get_date_max

        self.validate_task(task)
        row = DBTaskResult(
            id=self._get_id(),
            args_kwargs=normalize_json({"args": args, "kwargs": kwargs}),
            priority=task.priority,
            task_path=task.module_path,
            queue_name=task.queue_name,
            run_after=task.run_after or get_date_max(),
            backend_name=self.alias,
        )
        _writer()(row)
        result = row.task_result
        task_enqueued.send(type(self), task_result=result)
        return result
