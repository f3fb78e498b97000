"""Language-neutral facts that pages and runs point at: regions, municipalities, action areas, promoters."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """A county. `code` is the two-digit county code (17, 20, 21), `nuts3` Eurostat's."""

    code = models.CharField(_("county code"), max_length=2, unique=True)
    nuts3 = models.CharField("NUTS 3", max_length=5, unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality (*kommun*); `code` is text with four digits. It decides the region."""

    code = models.CharField(_("municipality code"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities")

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ActionArea(models.Model):
    """One of the six prioritised action areas. `code` names its drawing and its filter value."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    code = models.SlugField(_("code"), unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    horizontal = models.BooleanField(_("cuts through the others"), default=False)

    class Meta:
        verbose_name = _("action area")
        verbose_name_plural = _("action areas")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_sv


class Promoter(models.Model):
    """A business promoter: a legal entity that organises courses and sells its runs."""

    class Kind(models.TextChoices):
        SCIENCE_PARK = "science_park", _("science park")
        CLUSTER = "cluster", _("cluster")
        IUC = "iuc", _("industrial development centre")
        INSTITUTE = "institute", _("research institute")
        REGION = "region", _("region")

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    legal_name = models.CharField(_("legal name"), max_length=160)
    registration_number = models.CharField(
        _("company registration number"), max_length=10, unique=True
    )
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), related_name="promoters")
    role_sv = models.CharField(_("role in Swedish"), max_length=200)
    role_en = models.CharField(_("role in English"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.TextField(_("address"), blank=True)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="PromoterMembership", related_name="promoters"
    )

    class Meta:
        verbose_name = _("promoter")
        verbose_name_plural = _("promoters")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def role(self) -> str:
        return self.role_en if get_language() == "en" else self.role_sv


class PromoterMembership(models.Model):
    """A person works for a promoter: decides which runs, places and invoices the person handles."""

    promoter = models.ForeignKey(Promoter, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promoter", "user"], name="home_one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.promoter_id}"
