"""The outbox: the only way a mail leaves the house."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from accounts.models import User
from accounts.newrow import NewRow

from .delivery import deliver
from .models import OutgoingMail
from .words import render

# Somebody waits in front of the screen for a sign-in code.
_urgent = deliver.using(priority=50)
_write = NewRow(OutgoingMail, unless_known=True)


def put(
    *,
    kind: str,
    dedupe_key: str,
    to: User | str,
    context: dict,
    now: datetime,
    language: str | None = None,
    calendar: str = "",
    calendar_method: str = "",
) -> OutgoingMail:
    """Write a mail to the person `to` and queue its delivery, in the caller's transaction.

    The words come from `templates/mail/<kind>.txt` and `.html`, rendered now; the first line of the text
    template is the subject. `language` defaults to the person's. The same `dedupe_key` again returns the
    first mail unchanged. `to` may be a bare address where there is no person; then `language` is needed.
    Raises RuntimeError outside a transaction.
    """
    _require_transaction(kind)
    earlier = OutgoingMail.objects.filter(dedupe_key=dedupe_key).first()
    if earlier:
        return earlier
    mail = _sheet(kind, dedupe_key, to, language, now)
    mail.subject, mail.text, mail.html = render(
        kind=kind,
        language=mail.language,
        context={**context, "person": mail.recipient, "to_address": mail.to_address},
    )
    mail.calendar, mail.calendar_method = calendar, calendar_method
    return _store(mail)


def promise(
    *,
    kind: str,
    dedupe_key: str,
    to: User,
    facts: dict,
    now: datetime,
    language: str | None = None,
) -> OutgoingMail:
    """As `put`, for a kind with a composer (`messaging.words`): the words are rendered when the mail is
    sent, from `facts` (what JSON carries, ids rather than names). Its Message-ID and language are fixed now.
    """
    _require_transaction(kind)
    mail = _sheet(kind, dedupe_key, to, language, now)
    mail.facts = facts
    return _store(mail)


def _require_transaction(kind: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind}: a mail belongs in the transaction of the act it tells about")


def _sheet(
    kind: str, dedupe_key: str, to: User | str, language: str | None, now: datetime
) -> OutgoingMail:
    person = to if isinstance(to, User) else None
    return OutgoingMail(
        kind=kind,
        dedupe_key=dedupe_key,
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>",
        recipient=person,
        to_address=person.email if person else User.objects.normalise(str(to)),
        language=language or (person.language if person else settings.LANGUAGE_CODE),
        created_at=now,
        due_at=now,
    )


def _store(mail: OutgoingMail) -> OutgoingMail:
    """Of two who write the same mail at once, the second gets the first one's."""
    if not _write(mail):
        return OutgoingMail.objects.get(dedupe_key=mail.dedupe_key)
    (_urgent if mail.kind.startswith("account_") else deliver).enqueue(mail_id=mail.pk)
    return mail
