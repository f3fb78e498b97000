"""How far a person has come in a run's modules. Kept by module, not by page, so the language may change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ModuleProgress(models.Model):
    """One person's way through one module. `answers` holds the last answers given: per question the
    numbers of the options chosen, in the order of the page."""

    enrollment = models.ForeignKey(
        "enrollment.Enrollment",
        verbose_name=_("enrolment"),
        on_delete=models.PROTECT,
        related_name="progress",
    )
    module = models.ForeignKey(
        "courses.Module",
        verbose_name=_("module"),
        on_delete=models.PROTECT,
        related_name="progress",
    )
    opened_at = models.DateTimeField(_("opened"))
    done_at = models.DateTimeField(_("done"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    quiz_score = models.PositiveSmallIntegerField(_("quiz, per cent right"), null=True)
    answers = models.JSONField(_("answers"), default=list)

    class Meta:
        verbose_name = _("module progress")
        verbose_name_plural = _("module progress")
        ordering = ["enrollment", "module"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "module"], name="learning_one_progress"),
            models.CheckConstraint(
                condition=Q(quiz_score=None) | Q(quiz_score__lte=100), name="learning_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.module_id}"


class ModuleOpening(models.Model):
    """Another opening than the usual one (seven days before the meeting that covers the module)."""

    run = models.ForeignKey(
        "courses.Run", verbose_name=_("course run"), on_delete=models.CASCADE, related_name="+"
    )
    module = models.ForeignKey(
        "courses.Module", verbose_name=_("module"), on_delete=models.CASCADE, related_name="+"
    )
    opens_at = models.DateTimeField(_("opens"))

    class Meta:
        verbose_name = _("module opening")
        verbose_name_plural = _("module openings")
        ordering = ["run", "module"]
        constraints = [
            models.UniqueConstraint(fields=["run", "module"], name="learning_one_opening")
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.module}"
