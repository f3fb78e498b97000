"""The decision on a person's result: proposed by arithmetic, decided by a human (domain rules 4.3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Run


class LedRun(Run):
    """A run as the people who propose and decide its results see it."""

    class Meta:
        proxy = True
        verbose_name = _("results of a run")
        verbose_name_plural = _("results of runs")


class CompletionQuerySet(models.QuerySet):
    def decided(self):
        return self.filter(status=Completion.Status.DECIDED)

    def proposed(self):
        return self.filter(status=Completion.Status.PROPOSED)


class Completion(models.Model):
    """One enrolment's result. `inputs` are the numbers the arithmetic saw, `inputs_sha256` their hash."""

    class Result(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        ATTENDED = "attended", _("Attended")
        NOT_COMPLETED = "not_completed", _("Not completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NO_SHOW = "no_show", _("Did not come")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DECIDED = "decided", _("Decided")

    enrollment = models.OneToOneField(
        "enrollment.Enrollment",
        verbose_name=_("enrolment"),
        on_delete=models.PROTECT,
        related_name="completion",
    )
    result = models.CharField(_("result"), max_length=14, choices=Result)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    policy_version = models.CharField(_("policy version"), max_length=20)
    inputs = models.JSONField(_("numbers"))
    inputs_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    exception_reason = models.CharField(_("reason for an exception"), max_length=300, blank=True)
    completed_on = models.DateField(_("counts from"), null=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["enrollment__run", "enrollment__person__last_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at=None, completed_on=None)
                | Q(status="decided", decided_at__isnull=False, completed_on__isnull=False),
                name="completion_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrollment} {self.result}"
