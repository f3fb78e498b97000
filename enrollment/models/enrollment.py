import uuid

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from ..status import Reason, Status
from .door import GuardedModel, GuardedQuerySet


class EnrollmentQuerySet(GuardedQuerySet):
    def live(self):
        return self.filter(status__in=Status.LIVE)

    def placed(self):
        return self.filter(status__in=Status.PLACED)

    def confirmed(self):
        return self.filter(status=Status.CONFIRMED)

    def held(self):
        return self.filter(status=Status.HELD)

    def unnamed(self):
        """Seats of a sent booking whose participant has not been named yet."""
        return self.filter(person=None, status__in=Status.LIVE).exclude(booking__booked_by=None)

    def lost_last(self):
        """Of one booking: what it lost last because time ran out or a payment failed. It ends all at once, and
        a late payment takes that again, not what had been lost before and was replaced already."""
        lost = self.filter(
            status=Status.CANCELLED, reason__in=(Reason.EXPIRED, Reason.PAYMENT_FAILED)
        )
        return lost.filter(cancelled_at=lost.aggregate(last=Max("cancelled_at"))["last"])

    def overdue(self, now):
        """Holds and offers past their deadline."""
        return self.filter(status__in=(Status.HELD, Status.OFFERED), hold_until__lte=now)


class Enrollment(GuardedModel):
    """One person on one run. Status and place change through `enrollment.places` alone."""

    guarded = frozenset(
        (
            "run",
            "run_id",
            "person",
            "person_id",
            "status",
            "reason",
            "hold_until",
            "confirmed_at",
            "cancelled_at",
            "team",
            "team_id",
            "instead_of",
            "instead_of_id",
        )
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.ForeignKey(
        "enrollment.Booking",
        verbose_name=_("booking"),
        on_delete=models.PROTECT,
        related_name="enrollments",
    )
    run = models.ForeignKey(
        "courses.Run",
        verbose_name=_("course run"),
        on_delete=models.PROTECT,
        related_name="enrollments",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("participant"),
        null=True,
        on_delete=models.PROTECT,
        related_name="enrollments",
    )
    named_as = models.CharField(
        _("named as"),
        max_length=301,
        blank=True,
        help_text="What whoever booked typed as the name: the only name that whoever booked reads.",
    )
    team = models.ForeignKey(
        "enrollment.Team",
        verbose_name=_("team"),
        null=True,
        on_delete=models.PROTECT,
        related_name="members",
    )
    instead_of = models.OneToOneField(
        "self",
        verbose_name=_("came instead of"),
        null=True,
        on_delete=models.PROTECT,
        related_name="replacement",
    )
    status = models.CharField(_("status"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, blank=True)
    hold_until = models.DateTimeField(_("held until"), null=True)
    calendar_sequence = models.PositiveIntegerField(default=0)
    diary_id = models.UUIDField(
        null=True,
        editable=False,
        help_text="The enrolment whose diary entries this one goes on with after a move.",
    )
    created_at = models.DateTimeField(_("enrolled"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    fee_ore = models.PositiveIntegerField(_("cancellation fee, öre excl. VAT"), default=0)
    data_confirmed_at = models.DateTimeField(_("own data confirmed"), null=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person"],
                condition=Q(status__in=Status.LIVE),
                name="enrollment_one_live_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("held", "offered")) | Q(hold_until__isnull=False),
                name="enrollment_hold_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"E{self.pk}"

    @property
    def name_to_booker(self) -> str:
        """The participant for whoever booked the seat, and for the company: under the name that was typed there.
        What the person is called in the person's own account is no business of theirs."""
        return self.named_as or (str(self.person) if self.person else "")
