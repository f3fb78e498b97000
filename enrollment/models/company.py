from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    """A legal entity or sole trader that takes part: `(country, registration_number)` is unique (R-CO-01)."""

    class Size(models.TextChoices):
        """Staff of the whole undertaking; the ceilings of Recommendation 2003/361/EC."""

        MICRO = "micro", _("fewer than 10 people")
        SMALL = "small", _("10–49 people")
        MEDIUM = "medium", _("50–249 people")
        LARGE = "large", _("250 people or more")

    country = models.CharField(_("country"), max_length=2, default="SE")
    registration_number = models.CharField(_("company registration number"), max_length=20)
    name = models.CharField(_("name"), max_length=160)
    is_personal_identity = models.BooleanField(
        _("the number is a person's"), default=False, help_text=_("Masked everywhere (R-CO-02).")
    )
    email_domain = models.CharField(_("e-mail domain"), max_length=120, blank=True)
    size = models.CharField(_("size"), max_length=6, choices=Size, blank=True)
    size_declared_at = models.DateTimeField(_("size declared"), null=True, blank=True)
    made_at = models.DateTimeField(_("first seen"), null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "registration_number"], name="enrollment_company_number"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Workplace(models.Model):
    """A company's site; its municipality decides the region (R-CO-06)."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="workplaces")
    name = models.CharField(_("name"), max_length=120, blank=True)
    municipality = models.ForeignKey(
        "home.Municipality",
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")
        ordering = ["company", "pk"]

    def __str__(self) -> str:
        return self.name or str(self.municipality)


class CompanyMembershipQuerySet(models.QuerySet):
    def valid(self, today):
        """Verified and not ended: what counts."""
        return self.exclude(verified_at=None).filter(Q(valid_to=None) | Q(valid_to__gte=today))


class CompanyMembership(models.Model):
    """What a person may do for a company (R-ID-04). Knowing a number proves nothing: `verified_at`."""

    class Role(models.TextChoices):
        EMPLOYEE = "employee", _("employee")
        BOOKER = "booker", _("booker")
        SIGNATORY = "signatory", _("signatory")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="company_memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    asked_at = models.DateTimeField(_("asked for"), null=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    objects = CompanyMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("company membership")
        verbose_name_plural = _("company memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user", "role"], name="enrollment_one_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.company_id}"
