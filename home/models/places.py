"""Action areas and regions: pages about neutral facts, one per fact and language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail_localize.fields import SynchronizedField

from .pages import ContentPage, IndexPage, OnePerFact
from .stories import StoryPage


class ActionAreaPageQuerySet(PageQuerySet):
    def in_order(self):
        """By the strategy's number, the horizontal area last: it cuts through the others."""
        return self.select_related("area").order_by("area__horizontal", "area__number")


class RegionPageQuerySet(PageQuerySet):
    def with_promoters(self):
        return self.select_related("region").prefetch_related("region__promoters").order_by("path")


class ActionAreaIndexPage(IndexPage):
    template = "pages/action_area_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.ActionAreaPage"]

    def listed(self, request):
        return ActionAreaPage.objects.live().child_of(self).in_order()


class ActionAreaPage(OnePerFact, ContentPage):
    fact_field = "area"
    area = models.ForeignKey(
        "home.ActionArea",
        verbose_name=_("action area"),
        on_delete=models.PROTECT,
        related_name="pages",
    )
    template = "pages/action_area.html"
    parent_page_types = ["home.ActionAreaIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("area"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    override_translatable_fields = [SynchronizedField("area", overridable=False)]
    objects = PageManager.from_queryset(ActionAreaPageQuerySet)()

    def get_context(self, request, *args, **kwargs):
        stories = StoryPage.objects.live().filter(locale=self.locale_id, area=self.area_id)
        return {
            **super().get_context(request, *args, **kwargs),
            "stories": stories.order_by("path"),
        }


class RegionIndexPage(IndexPage):
    template = "pages/region_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.RegionPage"]

    def listed(self, request):
        return RegionPage.objects.live().child_of(self).with_promoters()


class RegionPage(OnePerFact, ContentPage):
    fact_field = "region"
    region = models.ForeignKey(
        "home.Region", verbose_name=_("region"), on_delete=models.PROTECT, related_name="pages"
    )
    template = "pages/region.html"
    parent_page_types = ["home.RegionIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("region"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    override_translatable_fields = [SynchronizedField("region", overridable=False)]
    objects = PageManager.from_queryset(RegionPageQuerySet)()

    def get_context(self, request, *args, **kwargs):
        stories = StoryPage.objects.live().filter(locale=self.locale_id, region=self.region_id)
        return {
            **super().get_context(request, *args, **kwargs),
            "promoters": self.region.promoters.prefetch_related("regions"),
            "municipalities": self.region.municipalities.all(),
            "stories": stories.order_by("path"),
        }
