"""A row written by a compiled statement is the row that Django would have written."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from accounts.newrow import NewRow
from messaging.models import OutgoingMail

pytestmark = pytest.mark.django_db


def mail(number: int, **more) -> OutgoingMail:
    now = timezone.now()
    words = {
        "kind": "x",
        "dedupe_key": f"x:{number}",
        "message_id": f"<{number}>",
        "language": "sv",
    }
    return OutgoingMail(**{**words, "created_at": now, "due_at": now, **more})


def stored(row, *but: str) -> dict:
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name not in but}


@pytest.mark.parametrize("facts", [None, {}, {"enrollment": 7, "names": ["Å", "%s"]}])
def test_it_writes_what_save_writes(facts, django_assert_num_queries):
    write, by_django = NewRow(OutgoingMail), mail(1, facts=facts)
    by_django.save()
    for number in (2, 3):
        row = mail(number, facts=facts, created_at=by_django.created_at, due_at=by_django.due_at)
        with django_assert_num_queries(1):
            assert write(row)
        assert row.pk > by_django.pk and not row._state.adding
        differing = ("id", "dedupe_key", "message_id")
        assert stored(row, *differing) == stored(by_django, *differing)
        row.attempts = 4
        row.save()
        assert OutgoingMail.objects.get(pk=row.pk).attempts == 4


def test_keys_that_the_program_chooses_and_times_that_fields_set_are_kept():
    now, key = timezone.now(), uuid.uuid4()
    row = DBTaskResult(id=key, args_kwargs={"args": []}, task_path="a.b", run_after=now)
    assert NewRow(DBTaskResult)(row)
    assert row.pk == key and model_to_dict(DBTaskResult.objects.get(pk=key))["task_path"] == "a.b"
    assert DBTaskResult.objects.get(pk=key).enqueued_at == row.enqueued_at >= now


def test_a_known_row_is_refused_or_left_alone():
    NewRow(User)(User(email="a@example.org", first_name="Ada"))
    with pytest.raises(IntegrityError), transaction.atomic():
        NewRow(User)(User(email="a@example.org"))
    again = User(email="a@example.org", first_name="Bo")
    assert not NewRow(User, unless_known=True)(again)
    assert again.pk is None and User.objects.get().first_name == "Ada"
