import pytest
from django.db import OperationalError, transaction
from django_tasks_db.models import DBTaskResult

from messaging import delivery, words
from messaging.models import OutgoingMail
from messaging.outbox import promise, put
from messaging.words import Said, composer, write_out
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


@pytest.fixture
def composed(monkeypatch):
    """A kind of mail whose words come from its composer; gives the list of the facts it was asked about."""
    asked = []
    monkeypatch.setattr("messaging.words.composers", {**words.composers})

    @composer("account_login_code")
    def _compose(mail):
        asked.append(mail.facts)
        return Said({"code": mail.facts["code"], "minutes": 15}, "BEGIN:VCALENDAR", "REQUEST")

    return asked


def promised(person, now, **fields):
    with transaction.atomic():
        return promise(
            kind="account_login_code",
            dedupe_key=f"code:{person.pk}",
            to=person,
            facts={"code": fields.pop("code", "ABCD-EFGH")},
            now=now,
            **fields,
        )


def test_a_promised_mail_gets_its_words_when_it_leaves_and_keeps_them(now, composed):
    person = make_user(language="en")
    mail = promised(person, now)
    assert (composed, mail.text) == ([], "")
    assert promised(person, now, code="OTHER") == mail
    assert DBTaskResult.objects.count() == 1
    assert delivery.send_one(mail_id=mail.pk, now=now) == "sent"
    mail.refresh_from_db()
    assert "ABCD-EFGH" in mail.text and "code" in mail.subject
    assert (mail.calendar, mail.calendar_method, mail.facts) == ("BEGIN:VCALENDAR", "REQUEST", None)
    write_out(mail)
    assert len(composed) == 1


def test_a_mail_whose_words_fail_is_parked_for_staff(now, composed, monkeypatch):
    mail = promised(make_user(), now)
    monkeypatch.setitem(words.composers, "account_login_code", lambda mail: 1 / 0)
    assert delivery.send_one(mail_id=mail.pk, now=now) == "parked"


def test_a_mail_whose_words_wait_for_the_database_is_tried_again(now, composed, monkeypatch):
    def busy(mail):
        raise OperationalError("database is locked")

    mail = promised(make_user(), now)
    monkeypatch.setitem(words.composers, "account_login_code", busy)
    assert delivery.send_one(mail_id=mail.pk, now=now) == "unreachable"
    mail.refresh_from_db()
    assert mail.parked_at is None
