"""Sign-in mails go through the outbox like every other mail."""

import uuid
from urllib.parse import urlsplit

from allauth.account import app_settings
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from accounts.adapter import AccountAdapter
from accounts.models import User
from accounts.people import kept

from .outbox import put

KINDS = {
    "account/email/login_code": "account_login_code",
    "account/email/unknown_account": "account_unknown",
}


class MailingAccountAdapter(AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Queue a mail of allauth's. An address nobody has gets a friendly hint; a closed account nothing; for a
        duplicate's address the mail goes to the address of the person who was kept."""
        person = User.objects.filter(email=User.objects.normalise(email)).first()
        person = person and kept(person)
        if person and not person.is_active:
            return
        language = person.language if person else translation.get_language() or "sv"
        kind = KINDS.get(template_prefix)
        if kind is None:
            kind = "account_notice"
            with translation.override(language):
                message = self.render_mail(
                    template_prefix, email, {**context, "email": email, "current_site": _Site}
                )
            context = {"heading": message.subject, "words": message.body}
        else:
            context = {
                "code": context.get("code", ""),
                "minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60,
                "courses_path": "/sv/kurser/" if language == "sv" else "/en/courses/",
            }
        with transaction.atomic():
            put(
                kind=kind,
                dedupe_key=f"{kind}:{uuid.uuid4().hex}",
                to=person or email,
                context=context,
                now=timezone.now(),
                language=language,
            )


class _Site:
    """What allauth's mail templates want to know of the site."""

    name = settings.WAGTAIL_SITE_NAME
    domain = urlsplit(settings.SITE_URL).netloc
