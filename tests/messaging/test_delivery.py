"""Delivery against a real mail server that refuses, is down, or whose client is killed."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import transaction
from django.test import override_settings

from messaging import delivery
from messaging.models import OutgoingMail
from messaging.outbox import put
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def write(now, *, key="1", to=None, **fields) -> OutgoingMail:
    with transaction.atomic():
        return put(
            kind="account_login_code",
            dedupe_key=key,
            to=to or make_user(),
            context={"code": "ABCD-EFGH", "minutes": 15},
            now=now,
            **fields,
        )


def send(mail, now) -> str:
    outcome = delivery.send_one(mail_id=mail.pk, now=now)
    mail.refresh_from_db()
    return outcome


def test_a_mail_arrives_whole(now, smtp):
    mail = write(now, calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", calendar_method="REQUEST")
    with override_settings(**smtp.settings()):
        assert send(mail, now) == "sent"
    message: EmailMessage = smtp.messages[0]
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == mail.to_address
    kinds = {part.get_content_type(): part for part in message.walk()}
    assert "ABCD-EFGH" in kinds["text/plain"].get_content()
    assert "ABCD-EFGH" in kinds["text/html"].get_content()
    assert kinds["text/calendar"].get_param("method") == "REQUEST"
    assert kinds["text/calendar"].get_filename() == "invite.ics"
    assert "<img" not in mail.html


def test_a_sent_mail_is_never_sent_again(now, smtp):
    mail = write(now)
    with override_settings(**smtp.settings()):
        send(mail, now)
        assert send(mail, now + timedelta(days=1)) == "skipped"
        assert delivery.send_due(now=now + timedelta(days=1)) == 0
    assert len(smtp.messages) == 1


def test_a_greylisted_mail_passes_at_the_next_sweep(now, smtp):
    mail = write(now)
    smtp.answers = ["451 4.7.1 try again"]
    with override_settings(**smtp.settings()):
        assert send(mail, now) == "later"
        assert delivery.send_due(now=now + timedelta(seconds=30)) == 0
        assert delivery.send_due(now=now + timedelta(minutes=1)) == 1
    mail.refresh_from_db()
    assert (mail.attempts, mail.last_error) == (2, "")
    assert len(smtp.messages) == 1


def test_a_refused_mail_is_parked_and_can_be_retried(now, smtp):
    mail = write(now)
    coordinator = make_user(role="coordinator")
    smtp.answers = ["550 5.1.1 no such user"]
    with override_settings(**smtp.settings()):
        assert send(mail, now) == "parked"
        assert "550" in mail.last_error
        assert send(mail, now + timedelta(days=1)) == "skipped"
        delivery.retry(mail=mail, actor=coordinator, now=now)
        delivery.retry(mail=mail, actor=coordinator, now=now)
        assert send(mail, now) == "sent"
    assert len(smtp.messages) == 1


def test_a_mail_gives_up_after_about_a_day(now, smtp):
    mail = write(now)
    clock = now
    with override_settings(**smtp.settings()):
        while mail.parked_at is None:
            smtp.answers = ["451 later"]
            send(mail, clock)
            clock = mail.due_at
    assert mail.attempts == delivery.MAX_ATTEMPTS
    assert timedelta(hours=18) < mail.parked_at - now < timedelta(hours=36)


def test_fifty_mails_wait_for_a_server_that_is_down_for_an_hour(now, smtp):
    person = make_user()
    mails = [write(now, key=str(n), to=person) for n in range(50)]
    nobody_listens = {**smtp.settings(), "EMAIL_PORT": 1}
    with override_settings(**nobody_listens, EMAIL_TIMEOUT=2):
        for minute in range(60):
            assert delivery.send_due(now=now + timedelta(minutes=minute)) == 0
    with override_settings(**smtp.settings()):
        back = now + timedelta(hours=1)
        for minute in range(90):
            delivery.send_due(now=back + timedelta(minutes=minute))
    assert sorted(m["Message-ID"] for m in smtp.messages) == sorted(m.message_id for m in mails)
    assert not OutgoingMail.objects.unsent().exists()


def test_a_worker_killed_after_the_server_took_the_mail_leaves_one_duplicate(
    now, smtp, monkeypatch
):
    mail = write(now)

    class Killed(BaseException):
        pass

    quit_properly = smtplib.SMTP.quit

    def die(self):
        quit_properly(self)
        raise Killed

    with override_settings(**smtp.settings()):
        with monkeypatch.context() as fault:
            fault.setattr(smtplib.SMTP, "quit", die)
            with pytest.raises(Killed):
                delivery.send_one(mail_id=mail.pk, now=now)
        assert delivery.send_due(now=now + timedelta(minutes=1)) == 0
        assert delivery.send_due(now=now + delivery.CLAIM) == 1
        assert delivery.send_due(now=now + timedelta(days=1)) == 0
    assert [m["Message-ID"] for m in smtp.messages] == [mail.message_id] * 2


def test_a_claimed_mail_is_left_alone_by_another_worker(now, smtp):
    mail = write(now)
    assert delivery._claim(mail.pk, now)
    with override_settings(**smtp.settings()):
        assert send(mail, now) == "skipped"
    assert not smtp.messages


def test_one_bad_mail_does_not_stop_the_others(now, smtp):
    bad, good = write(now, key="bad"), write(now, key="good")
    OutgoingMail.objects.filter(pk=bad.pk).update(to_address="elin@example.org\nBcc: x@example.org")
    with override_settings(**smtp.settings()):
        assert delivery.send_due(now=now) == 1
    bad.refresh_from_db()
    assert bad.parked_at
    assert [m["Message-ID"] for m in smtp.messages] == [good.message_id]


def test_texts_are_forgotten_90_days_after_sending(now):
    old, young, waiting = write(now, key="1"), write(now, key="2"), write(now, key="3")
    OutgoingMail.objects.filter(pk=old.pk).update(sent_at=now - timedelta(days=91))
    OutgoingMail.objects.filter(pk=young.pk).update(sent_at=now - timedelta(days=89))
    assert delivery.forget_old(now=now) == 1
    assert delivery.forget_old(now=now) == 0
    old.refresh_from_db()
    assert (old.text, old.html, old.subject, old.to_address) == ("", "", "", "")
    for mail in (young, waiting):
        mail.refresh_from_db()
        assert mail.text


def test_mails_to_strangers_are_dropped_after_a_week(now):
    mail = write(now, to="ingen@example.org", language="sv")
    OutgoingMail.objects.filter(pk=mail.pk).update(created_at=now - timedelta(days=8))
    assert delivery.forget_old(now=now) == 1
    assert not OutgoingMail.objects.exists()
