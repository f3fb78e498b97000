"""What is taught, without words that need an editor: code, extent, price, rule for completion.

The formal names in both languages belong here because certificates, invoices and calendars print them side by
side; everything else a visitor reads lives on the course's pages, one per language.
"""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class CompletionPolicy(models.Model):
    """What counts as completed. A version is never edited once a run uses it; a change is a new version.

    Percentages are whole numbers and compared in integers (domain rules, no rounding).
    """

    version = models.CharField(_("version"), max_length=20, unique=True)
    min_pct = models.PositiveSmallIntegerField(_("attendance, per cent"), default=80)
    module_pct = models.PositiveSmallIntegerField(_("attendance per module, per cent"), default=50)
    require_modules = models.BooleanField(_("mandatory modules must be passed"), default=True)

    class Meta:
        verbose_name = _("completion policy")
        verbose_name_plural = _("completion policies")
        ordering = ["version"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_pct__lte=100, module_pct__lte=100),
                name="courses_policy_per_cent",
            )
        ]

    def __str__(self) -> str:
        return self.version


class BilingualName(models.Model):
    name_sv = models.CharField(_("name in Swedish"), max_length=90)
    name_en = models.CharField(_("name in English"), max_length=90)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_in(get_language())

    def name_in(self, language: str | None) -> str:
        """The formal name in `language` ("sv" or "en"); Swedish for anything else."""
        return self.name_en if language == "en" else self.name_sv


class Course(BilingualName, ClusterableModel):
    class Skill(models.TextChoices):
        TECHNICAL = "technical", _("technical")
        MANAGEMENT = "management", _("management")
        ENTREPRENEURSHIP = "entrepreneurship", _("entrepreneurship")
        GREEN = "green", _("green")
        OTHER = "other", _("other")

    class Unit(models.TextChoices):
        PERSON = "person", _("person")
        TEAM = "team", _("team")

    code = models.CharField(_("course code"), max_length=10, unique=True)
    syllabus_version = models.CharField(_("syllabus version"), max_length=20, default="1.0")
    area = models.ForeignKey(
        "home.ActionArea",
        verbose_name=_("action area"),
        on_delete=models.PROTECT,
        related_name="courses",
    )
    skill = models.CharField(_("type of skill"), max_length=20, choices=Skill)
    unit = models.CharField(_("booked per"), max_length=10, choices=Unit, default=Unit.PERSON)
    teaching_minutes = models.PositiveIntegerField(_("teaching, minutes"))
    coaching_minutes = models.PositiveIntegerField(_("coaching per company, minutes"), default=0)
    own_work_minutes = models.PositiveIntegerField(_("own work, minutes"), default=0)
    price_ore = models.PositiveIntegerField(_("list price, öre excl. VAT"), default=0)
    policy = models.ForeignKey(
        CompletionPolicy,
        verbose_name=_("completion policy"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["code"]


class LearningOutcome(models.Model):
    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="outcomes")
    order = models.PositiveSmallIntegerField(_("order"))
    text_sv = models.CharField(_("outcome in Swedish"), max_length=120)
    text_en = models.CharField(_("outcome in English"), max_length=120)

    class Meta:
        verbose_name = _("learning outcome")
        verbose_name_plural = _("learning outcomes")
        ordering = ["course", "order"]
        constraints = [
            models.UniqueConstraint(fields=["course", "order"], name="courses_outcome_order")
        ]

    def __str__(self) -> str:
        return self.text_en if get_language() == "en" else self.text_sv


class Module(BilingualName):
    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="modules")
    order = models.PositiveSmallIntegerField(_("order"))
    minutes = models.PositiveIntegerField(_("teaching, minutes"))
    mandatory = models.BooleanField(_("mandatory"), default=True)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["course", "order"]
        constraints = [
            models.UniqueConstraint(fields=["course", "order"], name="courses_module_order")
        ]
