"""Delivery: the worker's side of the outbox.

A mail is claimed in a short transaction that also sets when it is due again, sent outside of any
transaction, and marked. A worker killed in between leaves it to be sent once more when the claim runs
out, with the same Message-ID: the only way a mail can arrive twice.
"""

import re
import smtplib
from datetime import datetime, timedelta

from django.core import mail as django_mail
from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from accounts.audit import record

from .models import OutgoingMail
from .periodic import every
from .words import write_out

CLAIM = timedelta(minutes=10)
MAX_ATTEMPTS = 14
LONGEST_PAUSE = timedelta(hours=4)
SWEEP = 200
KEEP_TEXT = timedelta(days=90)
OBJECT = re.compile(r"BEGIN:VCALENDAR.*?END:VCALENDAR(?:\r?\n)?", re.DOTALL)
METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)
KEEP_STRANGERS = timedelta(days=7)


@task()
def deliver(mail_id: int) -> None:
    """Send one mail, if it is due and nobody else has it."""
    send_one(mail_id=mail_id, now=timezone.now())


@every(seconds=60)
def sweep(now: datetime) -> None:
    """Send what is due: later attempts, and mails of a worker that was killed."""
    send_due(now=now)


@every(seconds=24 * 3600)
def forget(now: datetime) -> None:
    forget_old(now=now)


def send_due(*, now: datetime) -> int:
    """Try every due mail, oldest first; stop when the server cannot be reached. Returns how many were sent."""
    due = OutgoingMail.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
    sent = 0
    for mail_id in list(due[:SWEEP]):
        outcome = send_one(mail_id=mail_id, now=now)
        if outcome == "unreachable":
            break
        sent += outcome == "sent"
    return sent


def send_one(*, mail_id: int, now: datetime) -> str:
    """One attempt: "sent", "skipped" (not due, or claimed by another worker), "later", "unreachable" or "parked"."""
    mail = _claim(mail_id, now)
    if mail is None:
        return "skipped"
    try:
        compose(write_out(mail)).send()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, staff must see it
        return _note_failure(mail, error, now)
    OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=now, last_error="")
    return "sent"


@transaction.atomic
def _claim(mail_id: int, now: datetime) -> OutgoingMail | None:
    mail = (
        OutgoingMail.objects.due(now).select_for_update(skip_locked=True).filter(pk=mail_id).first()
    )
    if mail:
        mail.attempts += 1
        mail.due_at = now + CLAIM
        mail.save(update_fields=["attempts", "due_at"])
    return mail


def compose(mail: OutgoingMail) -> django_mail.EmailMultiAlternatives:
    """The message as it goes out: one recipient, plain text with its HTML twin, the invitation attached."""
    message = django_mail.EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to_address],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for name, method, text in calendar_parts(mail):
        message.attach(name, text, f"text/calendar; method={method}")
    return message


def calendar_parts(mail: OutgoingMail) -> list[tuple[str, str, str]]:
    """File name, METHOD and text of each iCalendar object of the mail. Objects of different methods are parts
    of their own (RFC 6047 2.4)."""
    parts = []
    for text in OBJECT.findall(mail.calendar):
        found = METHOD.search(text)
        method = found[1] if found else mail.calendar_method or "REQUEST"
        parts.append(("cancelled.ics" if parts else "invite.ics", method, text))
    return parts


def _note_failure(mail: OutgoingMail, error: Exception, now: datetime) -> str:
    note = {"last_error": f"{type(error).__name__}: {error}"[:300]}
    if may_pass_later(error) and mail.attempts < MAX_ATTEMPTS:
        note["due_at"] = now + pause(mail.attempts)
        outcome = "unreachable" if is_unreachable(error) else "later"
    else:
        note["parked_at"] = now
        outcome = "parked"
    OutgoingMail.objects.filter(pk=mail.pk).update(**note)
    return outcome


def pause(attempts: int) -> timedelta:
    """1, 2, 4, 8 … minutes, at most four hours: fourteen attempts last about a day."""
    return min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_PAUSE)


def may_pass_later(error: Exception) -> bool:
    """Whether the same mail may pass at another time: 4xx answers (RFC 5321 4.2.1) and a server out of reach.

    A refused login is ours to mend and no fault of the mail, so it waits too; so does a database that is
    busy while the words are rendered.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return True
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500 or error.smtp_code == -1
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError | OperationalError)


def is_unreachable(error: Exception) -> bool:
    """The server itself is away: the next mail would fare no better."""
    return isinstance(
        error,
        smtplib.SMTPConnectError | smtplib.SMTPServerDisconnected | smtplib.SMTPAuthenticationError,
    ) or not isinstance(error, smtplib.SMTPException)


@transaction.atomic
def retry(*, mail: OutgoingMail, actor, now: datetime) -> None:
    """Send a parked mail once more, from the first attempt on. Nothing happens to any other mail. Audited."""
    changed = OutgoingMail.objects.filter(pk=mail.pk, sent_at=None).exclude(parked_at=None)
    if changed.update(parked_at=None, attempts=0, due_at=now):
        record("messaging.retry", mail, actor=actor)
        deliver.enqueue(mail_id=mail.pk)


def forget_old(*, now: datetime) -> int:
    """Empty what mails said 90 days after sending, and drop mails to addresses of no known person after 7.

    That a mail was sent (kind, when, to whose account) stays as long as the account. Returns how many
    rows changed.
    """
    strangers, _per_model = OutgoingMail.objects.filter(
        recipient=None, created_at__lt=now - KEEP_STRANGERS
    ).delete()
    emptied = (
        OutgoingMail.objects.filter(sent_at__lt=now - KEEP_TEXT)
        .exclude(text="", subject="")
        .update(subject="", text="", html="", calendar="", to_address="", last_error="")
    )
    return strangers + emptied
