"""The outbox: the only way a mail leaves the house."""

from datetime import datetime

from .models import OutgoingMail


def put(
    *,
    kind: str,
    dedupe_key: str,
    to,
    context: dict,
    now: datetime,
    language: str | None = None,
    calendar: str = "",
    calendar_method: str = "",
) -> OutgoingMail:
    """Write a mail to the person `to` (a User) and queue its delivery, in the caller's transaction.

    The words come from `templates/mail/<kind>.txt` and `.html`; the first line of the text template is the
    subject. `language` defaults to the person's. The same `dedupe_key` again returns the first mail
    unchanged. Raises RuntimeError outside a transaction.
    """
    raise NotImplementedError
