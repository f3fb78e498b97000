"""Success stories."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from ..blocks import Facts
from .pages import ContentPage, IndexPage


class StoryIndexPage(IndexPage):
    template = "pages/story_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.StoryPage"]

    def listed(self, request):
        pages = StoryPage.objects.live().child_of(self).select_related("region", "area", "image")
        return pages.order_by("path")


class StoryPage(ContentPage):
    """How it went for a company. `fictional` prints that the company is invented."""

    class Sketch(models.TextChoices):
        AREA = "", _("the drawing of the action area")
        SALE = "sale", _("one sale then, monthly fees now")

    company = models.CharField(_("company"), max_length=120)
    fictional = models.BooleanField(_("fictional company"), default=False)
    region = models.ForeignKey(
        "home.Region", verbose_name=_("region"), on_delete=models.PROTECT, related_name="+"
    )
    area = models.ForeignKey(
        "home.ActionArea", verbose_name=_("action area"), on_delete=models.PROTECT, related_name="+"
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sketch = models.CharField(
        _("drawing"), max_length=10, choices=Sketch, default=Sketch.AREA, blank=True
    )
    next_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("read on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The course they took, or the tool they used."),
    )
    quote = models.CharField(_("quotation"), max_length=200)
    quote_by = models.CharField(_("whose role"), max_length=120)
    results = StreamField(Facts(), verbose_name=_("results"), blank=True)
    consent = models.CharField(
        _("consent record"),
        max_length=200,
        blank=True,
        help_text=_("Where the consent of the quoted person is kept. Not shown to visitors."),
    )
    template = "pages/story.html"
    parent_page_types = ["home.StoryIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("company"),
        FieldPanel("fictional"),
        FieldPanel("region"),
        FieldPanel("area"),
        FieldPanel("intro"),
        FieldPanel("quote"),
        FieldPanel("quote_by"),
        FieldPanel("results"),
        FieldPanel("image"),
        FieldPanel("sketch"),
        FieldPanel("body"),
        FieldPanel("next_page"),
        FieldPanel("consent"),
    ]
    override_translatable_fields = [
        SynchronizedField("region", overridable=False),
        SynchronizedField("area", overridable=False),
        SynchronizedField("company"),
        SynchronizedField("sketch"),
        SynchronizedField("consent", overridable=False),
    ]
