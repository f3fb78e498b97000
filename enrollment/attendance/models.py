"""Who was there, for how many minutes: evidence, so rows are only ever added (R-FR-04)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Session


class AppendOnly(Exception):
    """Somebody tried to change or delete evidence. A correction is a new row."""


class Roster(Session):
    """A meeting as the people who take its attendance see it (policy: own runs, own promoter, all)."""

    class Meta:
        proxy = True
        verbose_name = _("attendance list")
        verbose_name_plural = _("attendance lists")


class AttendanceQuerySet(models.QuerySet):
    def current(self):
        """The rows that count: those that no later row supersedes."""
        return self.filter(superseded_by=None)

    def update(self, **kwargs):
        raise AppendOnly("attendance")

    def delete(self):
        raise AppendOnly("attendance")

    def bulk_update(self, *args, **kwargs):
        raise AppendOnly("attendance")


class Attendance(models.Model):
    """Credited minutes of one person in one meeting, as somebody noted them at one moment.

    Rows of one pair form a chain by `supersedes`; the last one counts. `nonce` comes from the device, so
    that the same mark sent twice is one row; `batch` holds together what was saved with one press.
    """

    class Status(models.TextChoices):
        PRESENT = "present", _("Here")
        LATE = "late", _("Late")
        LEFT_EARLY = "left_early", _("Left early")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")
        UNMARKED = "unmarked", _("Mark withdrawn")

    class Source(models.TextChoices):
        LEADER = "leader", _("Course leader")
        PAPER = "paper", _("Signed list")
        QR = "qr", _("Check-in by code")
        LOG = "log", _("Meeting log")

    session = models.ForeignKey(
        Session, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="attendance"
    )
    enrollment = models.ForeignKey(
        "enrollment.Enrollment",
        verbose_name=_("enrolment"),
        on_delete=models.PROTECT,
        related_name="attendance",
    )
    minutes = models.PositiveIntegerField(_("credited minutes"))
    status = models.CharField(_("status"), max_length=12, choices=Status)
    source = models.CharField(_("noted by means of"), max_length=8, choices=Source)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("noted by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("noted"))
    nonce = models.UUIDField(unique=True)
    batch = models.UUIDField(db_index=True)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=0), name="attendance_minutes"),
            models.CheckConstraint(
                condition=Q(status__in=("present", "late", "left_early")) | Q(minutes=0),
                name="attendance_absent_is_zero",
            ),
            # With the one-to-one `supersedes` this makes each pair's rows a single chain.
            models.UniqueConstraint(
                fields=["session", "enrollment"],
                condition=Q(supersedes=None),
                name="attendance_one_first_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.enrollment_id}: {self.minutes}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly("attendance")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("attendance")


class SessionClosure(models.Model):
    """The leader closed the list and vouches for it; a coordinator reopened it with a reason (R-FR-04)."""

    session = models.ForeignKey(
        Session, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="closures"
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed"))
    head_count = models.PositiveSmallIntegerField(_("people in the room"))
    rows_sha256 = models.CharField(max_length=64)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reopened by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reopened_at = models.DateTimeField(_("reopened"), null=True)
    reopen_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("closed attendance list")
        verbose_name_plural = _("closed attendance lists")
        ordering = ["closed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(reopened_at=None), name="attendance_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | ~Q(reopen_reason=""),
                name="attendance_reopened_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.closed_at:%Y-%m-%d}"
