from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """The people of one booking on a run that is booked per team (R-CRS-02). They hold one place together.

    A team that moves to another run leaves its row behind and gets a new one there, of the same booking.
    """

    wagtail_reference_index_ignore = True

    run = models.ForeignKey("courses.Run", on_delete=models.PROTECT, related_name="teams")
    booking = models.ForeignKey(
        "enrollment.Booking", on_delete=models.PROTECT, related_name="teams"
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lead participant"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["run", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "booking"], name="enrollment_one_team_per_booking"
            )
        ]

    def __str__(self) -> str:
        return f"T{self.pk}"
