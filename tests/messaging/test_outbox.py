import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from messaging.models import OutgoingMail
from messaging.outbox import put
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
CODE = {"code": "ABCD-EFGH", "minutes": 15}


def write(person, now, **fields):
    fields.setdefault("dedupe_key", f"code:{person.pk}")
    with transaction.atomic():
        return put(
            kind="account_login_code",
            to=person,
            context=fields.pop("context", CODE),
            now=now,
            **fields,
        )


@pytest.mark.parametrize(("language", "word"), [("sv", "kod"), ("en", "code")])
def test_mail_speaks_the_persons_language(now, language, word):
    mail = write(make_user(language=language), now)
    assert word in mail.subject
    assert "ABCD-EFGH" in mail.text
    assert f'<html lang="{language}">' in mail.html


def test_the_same_act_writes_one_mail_and_one_task(now):
    person = make_user()
    first = write(person, now)
    again = write(person, now, context={"code": "OTHER", "minutes": 1})
    assert first == again
    assert "ABCD-EFGH" in again.text
    assert OutgoingMail.objects.count() == DBTaskResult.objects.count() == 1


def test_a_rollback_takes_mail_and_task_with_it(now):
    person = make_user()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(person, now)
        raise ZeroDivisionError
    assert not OutgoingMail.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_outside_a_transaction_is_refused(now):
    with pytest.raises(RuntimeError):
        put(kind="account_login_code", dedupe_key="x", to=make_user(), context=CODE, now=now)


def test_a_hostile_value_makes_no_header_and_no_markup(now):
    hostile = 'X\r\nBcc: alla@example.org\r\n\r\n<a href="https://evil.example.org">'
    mail = write(make_user(), now, context={"code": hostile, "minutes": 15})
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert "<a href=&quot;https://evil" not in mail.text
    assert "&lt;a href=&quot;https://evil.example.org&quot;&gt;" in mail.html
    assert '<a href="https://evil' not in mail.html
