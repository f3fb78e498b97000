import pytest
from django.db import DatabaseError, connection, transaction
from wagtail.models import ModelLogEntry

from accounts.audit import record
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def entry() -> ModelLogEntry:
    person = make_user()
    with transaction.atomic():
        record("accounts.claim", person, actor=person, data={"role": "leader"})
    return ModelLogEntry.objects.get(action="accounts.claim")


def test_an_entry_holds_who_what_and_which_but_no_name():
    made = entry()
    assert made.user_id
    assert made.data == {"role": "leader"}
    assert "Exempel" not in made.label


def test_the_database_refuses_to_change_an_entry():
    made = entry()
    for changes in ({"action": "accounts.grant_role"}, {"data": {}}, {"user": None}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            ModelLogEntry.objects.filter(pk=made.pk).update(**changes)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite serves the demo only")
def test_the_database_refuses_to_remove_an_entry():
    made = entry()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ModelLogEntry.objects.filter(pk=made.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        record("accounts.claim", make_user())
