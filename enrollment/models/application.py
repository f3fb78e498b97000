from django.db import models
from django.utils.translation import gettext_lazy as _


class Application(models.Model):
    """What a booking of a run by application says for itself, and how staff have judged it (R-CRS-01).

    Whether places are offered, accepted or refused stands with the booking's enrolments.
    """

    wagtail_reference_index_ignore = True

    booking = models.OneToOneField(
        "enrollment.Booking",
        verbose_name=_("booking"),
        on_delete=models.PROTECT,
        related_name="application",
    )
    motivation = models.TextField(_("motivation"), max_length=2000, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    shortlisted_at = models.DateTimeField(_("shortlisted"), null=True, editable=False)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["booking__created_at", "pk"]

    def __str__(self) -> str:
        return f"A{self.pk}"
