"""The states of a payment and the only ways between them."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentStatus(models.TextChoices):
    CREATED = "created", _("Being opened")
    OPEN = "open", _("Payment page open")
    PROCESSING = "processing", _("Waiting for the bank")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Not paid")
    EXPIRED = "expired", _("Time ran out")

    UNSETTLED = nonmember(("created", "open", "processing"))


# Money that arrives is a fact in every state: no state may swallow it.
TRANSITIONS: dict[str, frozenset[str]] = {
    PaymentStatus.CREATED: frozenset(
        {
            PaymentStatus.OPEN,
            PaymentStatus.PROCESSING,
            PaymentStatus.PAID,
            PaymentStatus.FAILED,
            PaymentStatus.EXPIRED,
        }
    ),
    PaymentStatus.OPEN: frozenset(
        {
            PaymentStatus.PROCESSING,
            PaymentStatus.PAID,
            PaymentStatus.FAILED,
            PaymentStatus.EXPIRED,
        }
    ),
    PaymentStatus.PROCESSING: frozenset(
        {PaymentStatus.PAID, PaymentStatus.FAILED, PaymentStatus.EXPIRED}
    ),
    PaymentStatus.FAILED: frozenset({PaymentStatus.PAID}),
    PaymentStatus.EXPIRED: frozenset({PaymentStatus.PAID}),
    PaymentStatus.PAID: frozenset(),
}


class Problem(models.TextChoices):
    """Why staff must look at a payment although the money is there."""

    AMOUNT = "amount", _("Another amount or currency than ordered")
    NO_PLACE = "no_place", _("Paid, but the place was gone")
    TWICE = "twice", _("Paid twice")


class RefundStatus(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    SENT = "sent", _("Sent to the bank")
    SUCCEEDED = "succeeded", _("Paid back")
    FAILED = "failed", _("Failed")
