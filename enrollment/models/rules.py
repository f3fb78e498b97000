from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class CancellationPolicy(models.Model):
    """What cancelling costs, in steps of days before the first meeting (domain practice: 14 days free, then
    half, then all). A policy that a booking was made under is not edited; a new one is made instead."""

    name_sv = models.CharField(_("name in Swedish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    substitutes = models.BooleanField(_("a colleague may take the place"), default=True)

    class Meta:
        verbose_name = _("cancellation terms")
        verbose_name_plural = _("cancellation terms")
        ordering = ["name_sv"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_sv


class CancellationStep(models.Model):
    """With fewer than `days` whole days left before the first meeting, cancelling costs `percent` of the
    price and `fee_ore` on top, per place and without VAT. With more days left than any step: nothing."""

    policy = models.ForeignKey(CancellationPolicy, on_delete=models.CASCADE, related_name="steps")
    days = models.PositiveSmallIntegerField(_("fewer than so many days before"))
    percent = models.PositiveSmallIntegerField(_("per cent of the price"), default=0)
    fee_ore = models.PositiveIntegerField(_("fee, öre excl. VAT"), default=0)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["policy", "days"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "days"], name="enrollment_step_days"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="enrollment_step_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}:{self.days}"


def between(least: int, most: int) -> list:
    return [MinValueValidator(least), MaxValueValidator(most)]


class RunRules(models.Model):
    """How places of one run are given: who may have them, how the line moves, until when names may follow.

    A run without a row has the defaults; `rules_of` gives either.
    """

    class Order(models.TextChoices):
        STRICT = "strict", _("strictly in order: the first in line is waited for")
        FILL_NEXT = "fill_next", _("in order, but a group that does not fit is passed by")

    run = models.OneToOneField("courses.Run", on_delete=models.CASCADE, related_name="rules")
    sme_only = models.BooleanField(_("small and medium-sized companies only"), default=False)
    regions_only = models.BooleanField(
        _("only companies in the counties that the run is open to"), default=False
    )
    prerequisite = models.ForeignKey(
        "courses.Course",
        verbose_name=_("course to have taken before"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    most_per_company = models.PositiveSmallIntegerField(
        _("most places per company"), null=True, blank=True, validators=between(0, 1000)
    )
    no_overlap = models.BooleanField(
        _("not for people with another course at the same time"), default=False
    )
    # One form carries two fields for each of them.
    most_per_booking = models.PositiveSmallIntegerField(
        _("most people per booking"), default=4, validators=between(1, 100)
    )
    team_min = models.PositiveSmallIntegerField(
        _("fewest people in a team"), default=2, validators=between(1, 100)
    )
    team_max = models.PositiveSmallIntegerField(
        _("most people in a team"), default=4, validators=between(1, 100)
    )
    waiting_order = models.CharField(
        _("waiting list"), max_length=9, choices=Order, default=Order.FILL_NEXT
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        default=30,
        validators=between(1, 450),
        help_text=_("Hours between 7 and 22 only. 30 are two days."),
    )
    names_days = models.PositiveSmallIntegerField(
        _("names at the latest so many days before the first meeting"),
        default=1,
        validators=between(0, 90),
    )
    min_participants = models.PositiveSmallIntegerField(
        _("fewest participants"), null=True, blank=True, validators=between(0, 1000)
    )
    decide_on = models.DateField(_("decision that the run takes place"), null=True, blank=True)
    cancellation = models.ForeignKey(
        CancellationPolicy,
        verbose_name=_("cancellation terms"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs",
    )

    class Meta:
        verbose_name = _("booking rules")
        verbose_name_plural = _("booking rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(team_min__gte=1) & Q(team_max__gte=models.F("team_min")),
                name="enrollment_team_numbers",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}"


def rules_of(run) -> RunRules:
    """The run's rules, or the defaults where none were set. No query when the run was read with them."""
    return getattr(run, "rules", None) or RunRules(run=run)
