"""What a mail says: rendered when it is written, or by the worker just before it leaves.

A mail with an invitation costs more than the rest of a booking. Rendered inside the booking's transaction
it would keep the next booking waiting (on SQLite: every writer of the house), so such a kind registers a
composer, and its mail carries only ids until it is sent, seconds later. What the mail must say of the
moment when it was written stands in its `facts`; the rest is read when it leaves, and newer is better.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from .models import OutgoingMail


@dataclass(frozen=True)
class Said:
    """What a composer gives: the templates' context and, where there is one, the invitation."""

    context: dict
    calendar: str = ""
    calendar_method: str = ""


Composer = Callable[[OutgoingMail], Said]
composers: dict[str, Composer] = {}


def composer(kind: str) -> Callable[[Composer], Composer]:
    """Register `compose(mail)` for mails of `kind` written by `outbox.promise`. It is called in the mail's
    language, outside the act's transaction, and must write nothing."""

    def register(compose: Composer) -> Composer:
        composers[kind] = compose
        return compose

    return register


def fill(mail: OutgoingMail) -> OutgoingMail:
    """The mail with its words, in memory; untouched when it has them already."""
    if mail.facts is None:
        return mail
    with translation.override(mail.language):
        said = composers[mail.kind](mail)
    mail.subject, mail.text, mail.html = render(
        kind=mail.kind,
        language=mail.language,
        context={**said.context, "person": mail.recipient, "to_address": mail.to_address},
    )
    mail.calendar, mail.calendar_method = said.calendar, said.calendar_method
    mail.facts = None
    return mail


def write_out(mail: OutgoingMail) -> OutgoingMail:
    """Give the mail its words for good: however often it is tried, it says the same."""
    if mail.facts is not None:
        fill(mail).save(
            update_fields=["subject", "text", "html", "calendar", "calendar_method", "facts"]
        )
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
        plain = get_template(f"mail/{kind}.txt").template
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
