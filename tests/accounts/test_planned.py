"""Statements that come again are planned once per connection, where the database can."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import RateCount, User
from accounts.newrow import NewRow
from accounts.planned import SEEN_BEFORE, cursor_for

TEXT = "SELECT email FROM accounts_user WHERE first_name = %s AND is_active = %s"


def planned() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%email%%'"
        )
        return cursor.fetchone()[0]


def ask(name: str) -> list:
    with cursor_for(connection) as cursor:
        cursor.execute(TEXT, [name, True])
        return cursor.fetchall()


@pytest.mark.django_db
def test_values_travel_beside_the_statement():
    User.objects.create_user("a@example.org", first_name="A'; --%s")
    for _ in range(SEEN_BEFORE + 2):
        assert ask("A'; --%s") == [("a@example.org",)]
        assert ask("B") == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps every statement itself")
def test_a_statement_that_comes_again_is_planned_unless_connections_are_shared(monkeypatch):
    connection.connection.prepare_threshold = None
    before = planned()
    with monkeypatch.context() as pooler:
        pooler.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
        for _ in range(SEEN_BEFORE + 2):
            ask("A")
        assert planned() == before
    for _ in range(SEEN_BEFORE + 2):
        ask("A")
    assert planned() == before + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(custom_plans) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_refused_statement_leaves_the_next_one_usable():
    write = NewRow(RateCount)
    for n in range(SEEN_BEFORE + 2):
        write(RateCount(key=f"k{n}", ends=1, uses=1))
        with pytest.raises(IntegrityError), transaction.atomic():
            write(RateCount(key=f"k{n}", ends=1, uses=1))
    assert RateCount.objects.count() == SEEN_BEFORE + 2
