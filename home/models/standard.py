"""Standard pages and the accessibility statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail_localize.fields import SynchronizedField

from .pages import TEXT_FEATURES, ContentPage, IntroMixin, OnePerFact


class StandardPageQuerySet(PageQuerySet):
    def with_role(self, *, language: str):
        """The published pages in one language that forms lean on, the foremost first."""
        pages = self.live().filter(locale__language_code=language).exclude(role="")
        return pages.order_by("path")


class StandardPage(OnePerFact, ContentPage):
    """About, funders, contact, privacy, cookies, booking terms. `role` is how forms find the page they lean
    on, wherever it stands and whatever its address is."""

    class Role(models.TextChoices):
        TERMS = "terms", _("booking terms")
        PRIVACY = "privacy", _("personal data")

    fact_field = "role"
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=Role,
        blank=True,
        help_text=_("Forms link to the page with a role. One page per language has it."),
    )
    template = "pages/standard.html"
    parent_page_types = ["home.StartPage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    settings_panels = [*Page.settings_panels, FieldPanel("role")]
    override_translatable_fields = [SynchronizedField("role", overridable=False)]
    objects = PageManager.from_queryset(StandardPageQuerySet)()

    def get_context(self, request, *args, **kwargs):
        return {
            **super().get_context(request, *args, **kwargs),
            "children": self.get_children().live() if self.numchild else [],
        }


class AccessibilityStatementPage(IntroMixin, Page):
    """The statement that DOS-lagen (2018:1937) asks for; fields as in Digg's list (R-A11Y-04)."""

    class Compliance(models.TextChoices):
        FULL = "full", _("fully compliant")
        PARTIAL = "partial", _("partly compliant")
        NONE = "none", _("not compliant")

    actor = models.CharField(_("public actor"), max_length=160)
    service = models.CharField(_("digital service"), max_length=160)
    compliance = models.CharField(_("compliance"), max_length=10, choices=Compliance)
    shortcomings = RichTextField(_("what is not accessible, and why"), features=TEXT_FEATURES)
    assessed_on = models.DateField(_("assessed on"))
    updated_on = models.DateField(_("updated on"))
    method = models.CharField(_("how it was assessed"), max_length=300)
    contact = RichTextField(_("how to tell us"), features=TEXT_FEATURES)
    complaint_url = models.URLField(
        _("where to complain"), default="https://www.digg.se/tdosanmalan"
    )
    burden = RichTextField(_("disproportionate burden"), features=TEXT_FEATURES, blank=True)
    outside = RichTextField(_("content outside the law"), features=TEXT_FEATURES, blank=True)
    template = "pages/accessibility_statement.html"
    parent_page_types = ["home.StartPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        *(
            FieldPanel(name)
            for name in (
                "intro",
                "actor",
                "service",
                "compliance",
                "shortcomings",
                "assessed_on",
                "updated_on",
                "method",
                "contact",
                "complaint_url",
                "burden",
                "outside",
            )
        ),
    ]
