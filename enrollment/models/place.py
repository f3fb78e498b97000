from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .door import GuardedModel, GuardedQuerySet


class RunPartner(models.Model):
    """Another promoter's share of a run's places: kept for its regions until `release_at`, then for all."""

    run = models.ForeignKey("courses.Run", on_delete=models.CASCADE, related_name="partners")
    promoter = models.ForeignKey(
        "home.Promoter", verbose_name=_("promoter"), on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        "home.Region", verbose_name=_("region"), on_delete=models.PROTECT, related_name="+"
    )
    release_at = models.DateTimeField(_("released"))

    class Meta:
        verbose_name = _("co-organiser's share")
        verbose_name_plural = _("co-organisers' shares")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "region"], name="enrollment_one_share_per_region"
            )
        ]

    def __str__(self) -> str:
        return f"{self.promoter_id} on {self.run_id}"


class PlaceQuerySet(GuardedQuerySet):
    def free(self):
        return self.filter(enrollment=None, team=None)

    def taken(self):
        return self.exclude(enrollment=None, team=None)

    def of_region(self, region_id):
        """Places that are taken by bookings of this region."""
        return self.filter(
            Q(enrollment__booking__region=region_id) | Q(team__booking__region=region_id)
        )

    def of_booking(self, booking_id):
        """The places that a booking's live enrolments or its team hold."""
        return self.filter(Q(enrollment__booking=booking_id) | Q(team__booking=booking_id))

    def eligible(self, *, region_id, now):
        """Places that a person of this region may take now: the pool, released shares, the own share."""
        return self.filter(
            Q(share=None) | Q(share__release_at__lte=now) | Q(share__region_id=region_id)
        )


class Place(GuardedModel):
    """One physical place of a run. It points at one enrolment, at one team where teams are booked, or at
    nothing: never oversold, by construction. Written by `enrollment.places` alone."""

    guarded = frozenset(
        (
            "run",
            "run_id",
            "enrollment",
            "enrollment_id",
            "team",
            "team_id",
            "share",
            "share_id",
            "number",
        )
    )

    run = models.ForeignKey("courses.Run", on_delete=models.PROTECT, related_name="places")
    number = models.PositiveSmallIntegerField(_("number"))
    enrollment = models.OneToOneField(
        "enrollment.Enrollment", null=True, on_delete=models.PROTECT, related_name="place"
    )
    team = models.OneToOneField(
        "enrollment.Team", null=True, on_delete=models.PROTECT, related_name="place"
    )
    share = models.ForeignKey(
        RunPartner, null=True, blank=True, on_delete=models.PROTECT, related_name="places"
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="enrollment_place_number"),
            models.CheckConstraint(
                condition=Q(enrollment=None) | Q(team=None), name="enrollment_place_of_one"
            ),
        ]
        indexes = [
            # In the order of picking: the first free place is read, not all of them.
            models.Index(
                fields=["run", "share", "number"],
                condition=Q(enrollment__isnull=True, team__isnull=True),
                name="enrollment_place_free",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"
