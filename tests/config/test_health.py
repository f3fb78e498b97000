from datetime import timedelta

import pytest

from config import care, health
from messaging.models import OutgoingMail


@pytest.fixture(autouse=True)
def _as_after_a_start(monkeypatch):
    monkeypatch.setattr(health, "_once_true", {"migrations"})


def overdue_mail(now):
    return OutgoingMail.objects.create(
        kind="test",
        dedupe_key="test",
        message_id="test",
        to_address="person@example.org",
        language="sv",
        subject="x",
        text="x",
        created_at=now,
        due_at=now - timedelta(minutes=11),
    )


def test_live_answers_without_database_and_without_redirect(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/healthz/live", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


def test_ready_is_ok_when_all_is_well(client, db, now):
    care.beat(worker_id="one", now=now)
    response = client.get("/healthz/ready")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_names_a_silent_worker(client, db, now):
    care.beat(worker_id="one", now=now - timedelta(minutes=5))
    response = client.get("/healthz/ready")
    assert (response.status_code, response.content) == (503, b"worker\n")


def test_ready_names_an_old_outbox(client, db, now):
    care.beat(worker_id="one", now=now)
    overdue_mail(now)
    assert client.get("/healthz/ready").content == b"outbox\n"


def test_ready_names_outstanding_migrations(client, db, now, monkeypatch):
    from django.db.migrations.recorder import MigrationRecorder

    care.beat(worker_id="one", now=now)
    monkeypatch.setattr(health, "_once_true", set())
    MigrationRecorder.Migration.objects.filter(app="config").delete()
    assert client.get("/healthz/ready").content == b"migrations\n"


def test_ready_names_the_database_and_asks_nothing_else(client, db, monkeypatch):
    def broken():
        raise OSError("gone")

    monkeypatch.setitem(health.PARTS, "database", broken)
    assert client.get("/healthz/ready").content == b"database\n"


def test_head_is_answered_and_other_methods_are_not(client):
    assert client.head("/healthz/live").status_code == 200
    assert client.head("/healthz/live").content == b""
    assert client.post("/healthz/live").status_code == 405
    assert client.get("/healthz/secrets").status_code == 404
