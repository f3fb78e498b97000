import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ..status import Status
from .company import Company
from .enrollment import Enrollment


class BookingQuerySet(models.QuerySet):
    def ended_drafts(self, before):
        """Forms that nobody sent, whose last seat was given back before that moment."""
        seats = Enrollment.objects.filter(booking=OuterRef("pk"))
        there = seats.exclude(status=Status.CANCELLED) | seats.filter(cancelled_at__gte=before)
        return self.filter(~Exists(there), booked_by=None, created_at__lt=before)


class Booking(models.Model):
    """One act by one booker: one run, one to n people. `token` comes with the form, so that the same
    form sent twice is one booking.

    A draft only holds places while a company's form is open: it names nobody and nothing is accepted yet.
    `run` is where it was booked; a participant who moves keeps the booking, and with it what was paid.
    """

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(unique=True, editable=False)
    run = models.ForeignKey(
        "courses.Run",
        verbose_name=_("course run"),
        on_delete=models.PROTECT,
        related_name="bookings",
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("booked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="bookings",
    )
    booked_as = models.CharField(
        _("booked as"),
        max_length=301,
        blank=True,
        help_text="The booker's name as typed: the only one that those read who are booked.",
    )
    company = models.ForeignKey(
        "enrollment.Company",
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bookings",
    )
    company_name = models.CharField(_("company"), max_length=160, blank=True)
    workplace = models.ForeignKey(
        "enrollment.Workplace",
        verbose_name=_("workplace"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    region = models.ForeignKey(
        "home.Region",
        verbose_name=_("county"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Where the participants work; decides which kept places they may have."),
    )
    size = models.CharField(
        _("size as the booker says"),
        max_length=6,
        choices=Company.Size,
        blank=True,
        help_text=_("Counts for this booking while the company itself has declared none."),
    )
    reference = models.CharField(_("your reference"), max_length=60, blank=True)
    cancellation = models.ForeignKey(
        "enrollment.CancellationPolicy",
        verbose_name=_("cancellation terms"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    price_ore = models.PositiveIntegerField(_("price per place, öre excl. VAT"))
    vat_percent = models.PositiveSmallIntegerField(_("VAT, per cent"))
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True)
    created_at = models.DateTimeField(_("booked"))

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(booked_by__isnull=False) | Q(terms_accepted_at=None),
                name="enrollment_sent_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"B{self.pk}"

    @property
    def booker_name(self) -> str:
        """Who booked, for those who are booked: the name that was typed. Whose address it was is not proven."""
        return self.booked_as or str(self.booked_by)

    @property
    def is_draft(self) -> bool:
        """Whether the form is still open: places are held, nobody has sent anything."""
        return self.booked_by_id is None
