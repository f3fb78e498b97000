"""The toolbox: templates and calculations to take home."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from .pages import ContentPage, IndexPage


class ToolboxPage(IndexPage):
    template = "pages/toolbox.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.ToolPage"]

    def listed(self, request):
        """The tools for the audiences asked for with `for` in the address; all when none is known."""
        return ToolPage.objects.live().child_of(self).order_by("path")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        tools = list(context["listed"])
        asked = [a for a in ToolPage.Audience.values if a in request.GET.getlist("for")]
        return {
            **context,
            "listed": [tool for tool in tools if not asked or tool.audience in asked],
            "audiences": [
                (value, label, sum(tool.audience == value for tool in tools), value in asked)
                for value, label in ToolPage.Audience.choices
            ],
        }


class ToolPage(ContentPage):
    class Audience(models.TextChoices):
        COMPANY = "company", _("For companies")
        PROMOTER = "promoter", _("For organisers")

    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience, default=Audience.COMPANY
    )
    format = models.CharField(_("format"), max_length=40)
    version = models.CharField(_("version"), max_length=20)
    accessible = models.BooleanField(_("accessible format"), default=True)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    template = "pages/tool.html"
    parent_page_types = ["home.ToolboxPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("audience"),
        FieldPanel("intro"),
        FieldPanel("format"),
        FieldPanel("version"),
        FieldPanel("accessible"),
        FieldPanel("document"),
        FieldPanel("body"),
    ]
