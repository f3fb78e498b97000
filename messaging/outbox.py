"""The outbox: the only way a mail leaves the house."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from accounts.models import User

from .delivery import deliver
from .models import OutgoingMail

# Somebody waits in front of the screen for a sign-in code.
URGENT = 50


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
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind}: a mail belongs in the transaction of the act it tells about")
    earlier = OutgoingMail.objects.filter(dedupe_key=dedupe_key).first()
    if earlier:
        return earlier
    person = to if isinstance(to, User) else None
    address = person.email if person else User.objects.normalise(str(to))
    language = language or (person.language if person else settings.LANGUAGE_CODE)
    subject, text, html = render(
        kind=kind, language=language, context={**context, "person": person, "to_address": address}
    )
    try:
        with transaction.atomic():
            mail = OutgoingMail.objects.create(
                kind=kind,
                dedupe_key=dedupe_key,
                message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>",
                recipient=person,
                to_address=address,
                language=language,
                subject=subject,
                text=text,
                html=html,
                calendar=calendar,
                calendar_method=calendar_method,
                created_at=now,
                due_at=now,
            )
    except IntegrityError:
        return OutgoingMail.objects.get(dedupe_key=dedupe_key)
    priority = URGENT if kind.startswith("account_") else 0
    deliver.using(priority=priority).enqueue(mail_id=mail.pk)
    return mail


def render(*, kind: str, language: str, context: dict) -> tuple[str, str, str]:
    """Subject (one line, no control characters), plain text and HTML (or "") of a mail."""
    with translation.override(language):
        values = {
            "language": language,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            **context,
        }
        # Plain text is not HTML: escaping would print "&amp;".
        plain: Template = get_template(f"mail/{kind}.txt").template  # type: ignore[attr-defined]
        subject, _break, text = (
            plain.render(Context(values, autoescape=False)).strip().partition("\n")
        )
        try:
            html = get_template(f"mail/{kind}.html").render({**values, "subject": _line(subject)})
        except TemplateDoesNotExist:
            html = ""
    return _line(subject)[:200], text.strip() + "\n", html


def _line(words: str) -> str:
    """A header's value: one line whatever a name contains (no second header can begin)."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
