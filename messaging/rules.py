"""Registry lines of this room."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policy import can, rule, visibility
from accounts.registries import WorkItem, invariant, register_personal_data, work
from accounts.roles import Role, has_role

from . import delivery  # noqa: F401 - registers the duties
from .models import OutgoingMail


@rule("messaging.mails")
def _mails(actor, obj=None) -> bool:
    """Mails hold what people were told about themselves: coordinators only."""
    return has_role(actor, Role.COORDINATOR)


@visibility(OutgoingMail)
def _visible(actor):
    mails = OutgoingMail.objects.select_related("recipient")
    # A sign-in code is nobody's but the recipient's.
    mails = mails.exclude(kind="account_login_code")
    return mails if can(actor, "messaging.mails") else mails.none()


register_personal_data(
    OutgoingMail,
    purpose=gettext_lazy(
        "To tell people what happened to their bookings, and to show that they were told"
    ),
    until=gettext_lazy("90 days after sending; mails to unknown addresses 7 days"),
    erase="delete",
    path="recipient",
    fields=("kind", "to_address", "language", "subject", "text", "created_at", "sent_at"),
)


@work("messaging.parked")
def _parked(actor, now):
    if not can(actor, "messaging.mails"):
        return
    for mail in OutgoingMail.objects.exclude(parked_at=None).order_by("parked_at")[:50]:
        yield WorkItem(
            title=_("A mail could not be delivered: %(subject)s")
            % {"subject": mail.subject or mail.kind},
            since=mail.parked_at,
            url=reverse("outgoing_mails:inspect", args=[mail.pk]),
        )


@invariant("a mail is either sent or parked, never both")
def _sent_or_parked(now):
    for mail in OutgoingMail.objects.exclude(sent_at=None).exclude(parked_at=None):
        yield f"mail {mail.pk}"
