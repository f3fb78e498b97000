"""Orders, payments, refunds, receipts, and the provider's events. Amounts are whole öre."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .status import PaymentStatus, Problem, RefundStatus


class Order(models.Model):
    """What a booking costs, as agreed when its first payment was begun. The seller is the run's host."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.OneToOneField(
        "enrollment.Booking", on_delete=models.PROTECT, related_name="order"
    )
    seller = models.ForeignKey(
        "home.Promoter", verbose_name=_("seller"), on_delete=models.PROTECT, related_name="orders"
    )
    currency = models.CharField(_("currency"), max_length=3, default="SEK")
    quantity = models.PositiveSmallIntegerField(_("places"))
    list_price_ore = models.PositiveIntegerField(_("list price per place, öre excl. VAT"))
    unit_price_ore = models.PositiveIntegerField(_("price per place, öre excl. VAT"))
    vat_percent = models.PositiveSmallIntegerField(_("VAT, per cent"))
    net_ore = models.PositiveIntegerField(_("sum excl. VAT, öre"))
    vat_ore = models.PositiveIntegerField(_("VAT, öre"))
    total_ore = models.PositiveIntegerField(_("to pay, öre"))
    created_at = models.DateTimeField(_("ordered"))
    paid_at = models.DateTimeField(_("paid"), null=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_ore=F("net_ore") + F("vat_ore")), name="payments_order_sum"
            )
        ]

    def __str__(self) -> str:
        return f"O{self.pk}"


class PaymentQuerySet(models.QuerySet):
    def unsettled(self):
        """Not yet decided at the provider: being opened, open, or waiting for a bank."""
        return self.filter(status__in=PaymentStatus.UNSETTLED)

    def with_problem(self):
        """Money that staff must look at."""
        return self.exclude(problem="").filter(handled_at=None)


class Payment(models.Model):
    """One attempt to pay an order. The row stands before the provider is asked; `request` is what it is
    asked, kept until the answer has come, so that a repetition is the same request with the same key.

    Its status changes through `enrollment.payments.fulfil` and `checkout` alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    provider = models.CharField(_("provider"), max_length=10, default="stripe", editable=False)
    provider_ref = models.CharField(_("provider's reference"), max_length=120, null=True)
    intent_ref = models.CharField(max_length=120, blank=True)
    idempotency_key = models.CharField(max_length=120, unique=True, editable=False)
    request = models.JSONField(default=dict, editable=False)
    url = models.URLField(max_length=1000, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=PaymentStatus, default=PaymentStatus.CREATED
    )
    amount_ore = models.PositiveIntegerField(_("amount, öre"))
    received_ore = models.PositiveIntegerField(_("received, öre"), default=0)
    received_currency = models.CharField(max_length=3, blank=True)
    problem = models.CharField(_("problem"), max_length=10, choices=Problem, blank=True)
    created_at = models.DateTimeField(_("begun"))
    expires_at = models.DateTimeField(_("page open until"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    handled_at = models.DateTimeField(_("looked at by staff"), null=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_ref"], name="payments_payment_ref"
            ),
            models.UniqueConstraint(fields=["order", "attempt"], name="payments_payment_attempt"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=PaymentStatus.UNSETTLED),
                name="payments_one_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"P{self.pk}"


class Refund(models.Model):
    """Money on its way back, belonging to one payment. It never cancels a place."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_ore = models.PositiveIntegerField(_("amount, öre"))
    idempotency_key = models.CharField(max_length=120, unique=True, editable=False)
    provider_ref = models.CharField(
        _("provider's reference"), max_length=120, null=True, unique=True
    )
    status = models.CharField(
        _("status"), max_length=10, choices=RefundStatus, default=RefundStatus.REQUESTED
    )
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("requested"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"R{self.pk}"


class WebhookEvent(models.Model):
    """A signed message of the provider, noted once. What it says is never trusted: the state is asked for."""

    stripe_id = models.CharField(_("event"), max_length=120, unique=True)
    type = models.CharField(_("type"), max_length=80)
    object_id = models.CharField(_("about"), max_length=120)
    reference = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("provider's event")
        verbose_name_plural = _("provider's events")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.stripe_id


class ReceiptSeries(models.Model):
    """A seller's receipts of one year, numbered without gaps from this row while it is locked."""

    seller = models.ForeignKey(
        "home.Promoter", on_delete=models.PROTECT, related_name="receipt_series"
    )
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "year"], name="payments_one_series")
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}/{self.year}"


class IssuedOnce(Exception):
    """A receipt is never changed or deleted; a mistake is put right by a credit note."""


class ReceiptQuerySet(models.QuerySet):
    def update(self, **fields):
        raise IssuedOnce

    def delete(self):
        raise IssuedOnce

    def bulk_update(self, *args, **kwargs):
        raise IssuedOnce


class Receipt(models.Model):
    """A numbered receipt. `content` holds every word and figure of it as they were that day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.ForeignKey(ReceiptSeries, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField(_("number"))
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="receipts"
    )
    content = models.JSONField()
    issued_at = models.DateTimeField(_("issued"))

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="payments_receipt_number")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as printed: year and six digits, in the seller's own series."""
        return self.content["label"]

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise IssuedOnce
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise IssuedOnce
