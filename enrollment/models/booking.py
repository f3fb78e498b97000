import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Booking(models.Model):
    """One act by one booker: one run, one to n people. `token` comes with the form, so that the same
    form sent twice is one booking."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(unique=True, editable=False)
    run = models.ForeignKey("courses.Run", on_delete=models.PROTECT, related_name="bookings")
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings"
    )
    company = models.ForeignKey(
        "enrollment.Company",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bookings",
    )
    company_name = models.CharField(_("company"), max_length=160, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    price_ore = models.PositiveIntegerField(_("price per place, öre excl. VAT"))
    vat_percent = models.PositiveSmallIntegerField(_("VAT, per cent"))
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True)
    created_at = models.DateTimeField(_("booked"))

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"B{self.pk}"
