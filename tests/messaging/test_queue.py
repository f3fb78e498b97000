"""A task that is queued here is the task that the parent would have queued."""

from datetime import timedelta

import pytest
from django_tasks_db.backend import DatabaseBackend as Plain
from django_tasks_db.models import DBTaskResult

from messaging.delivery import deliver
from messaging.queue import DatabaseBackend

pytestmark = pytest.mark.django_db


def test_it_queues_what_its_parent_queues(now, django_assert_num_queries):
    for task in (
        deliver,
        deliver.using(priority=50),
        deliver.using(run_after=now + timedelta(days=1)),
    ):
        rows = []
        for backend in (Plain, DatabaseBackend):
            result = backend("default", {}).enqueue(task, (), {"mail_id": 7})
            row = DBTaskResult.objects.filter(pk=result.id).values().get()
            assert row.pop("id") and row.pop("enqueued_at") == result.enqueued_at
            rows.append(row)
        assert rows[0] == rows[1]
    with django_assert_num_queries(1):
        deliver.enqueue(mail_id=8)


def test_the_worker_finds_it(now):
    result = deliver.enqueue(mail_id=7)
    assert [str(row.pk) for row in DBTaskResult.objects.ready()] == [str(result.id)]
    assert deliver.get_result(result.id).kwargs == {"mail_id": 7}
