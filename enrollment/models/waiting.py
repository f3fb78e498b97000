import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class WaitingEntryQuerySet(models.QuerySet):
    def in_line(self):
        """Those who wait for an offer, first come first."""
        return self.filter(status=WaitingEntry.Status.WAITING).order_by("created_at", "pk")

    def open(self):
        """Waiting or with an unanswered offer."""
        return self.filter(status__in=(WaitingEntry.Status.WAITING, WaitingEntry.Status.OFFERED))


class WaitingEntry(models.Model):
    """A position on a run's waiting list: wanted n people, at least m. First come, first offered.

    `takes_part` says whether the one who waits is one of the people; a company's booker need not be.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        LEFT = "left", _("Left the list")
        CLOSED = "closed", _("The course run was cancelled")

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(
        "courses.Run",
        verbose_name=_("course run"),
        on_delete=models.PROTECT,
        related_name="waiting",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="waiting",
    )
    company = models.ForeignKey(
        "enrollment.Company",
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="waiting",
    )
    company_name = models.CharField(_("company"), max_length=160, blank=True)
    workplace = models.ForeignKey(
        "enrollment.Workplace", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        "home.Region",
        verbose_name=_("county"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    takes_part = models.BooleanField(_("takes part"), default=True)
    wanted = models.PositiveSmallIntegerField(_("places wanted"), default=1)
    at_least = models.PositiveSmallIntegerField(_("at least"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    booking = models.OneToOneField(
        "enrollment.Booking",
        verbose_name=_("booking of the offer"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="waiting_entry",
    )
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True)
    created_at = models.DateTimeField(_("joined"))

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting list entry")
        verbose_name_plural = _("waiting list entries")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person"],
                condition=Q(status__in=("waiting", "offered")),
                name="enrollment_one_entry_per_person",
            ),
            models.CheckConstraint(
                condition=Q(at_least__gte=1) & Q(wanted__gte=F("at_least")),
                name="enrollment_waiting_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"W{self.pk}"
