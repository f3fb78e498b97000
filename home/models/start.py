"""The start page and the programme."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from ..blocks import Body, Facts, Figures
from ..prepared import Prepared
from .pages import TEXT_FEATURES, IntroMixin
from .places import ActionAreaPage, RegionPage
from .stories import StoryPage


class StartPage(IntroMixin, Page):
    heading = models.CharField(_("heading"), max_length=80)
    minute = StreamField(Facts(), verbose_name=_("in one minute"), blank=True)
    story = models.ForeignKey(
        "home.StoryPage",
        verbose_name=_("story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    template = "pages/start.html"
    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("intro"),
        FieldPanel("minute"),
        FieldPanel("story"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("intro")]

    def get_context(self, request, *args, **kwargs):
        return {
            **super().get_context(request, *args, **kwargs),
            "areas": _areas(locale=self.locale_id),
            "regions": _regions(locale=self.locale_id),
            "story": self._told() if self.story_id else None,
        }

    def _told(self) -> StoryPage | None:
        """The chosen story in this page's language, else as it was chosen; None when it is unpublished."""
        found = _stories(story=self.story_id, locale=self.locale_id)
        return next((s for s in found if s.locale_id == self.locale_id), next(iter(found), None))


def _story_in(story: int, locale: int):
    key = Page.objects.filter(pk=story).values("translation_key")
    return StoryPage.objects.live().filter(Q(pk=story) | Q(locale=locale, translation_key__in=key))


_areas = Prepared(lambda locale: ActionAreaPage.objects.live().filter(locale=locale).in_order())
_regions = Prepared(lambda locale: RegionPage.objects.live().filter(locale=locale).with_promoters())
_stories = Prepared(_story_in)


class ProgrammePage(IntroMixin, Page):
    """The joint programme: strategy, project facts, figures on the industry. R-FR-08: purpose, result,
    funders, amount and period are required, so a page without them cannot be published."""

    purpose = RichTextField(_("purpose"), features=TEXT_FEATURES)
    result = RichTextField(_("expected result"), features=TEXT_FEATURES)
    period = models.CharField(_("period"), max_length=80)
    beneficiaries = models.CharField(_("beneficiaries"), max_length=300)
    funders = models.CharField(_("funders"), max_length=300)
    amount = models.CharField(_("amount"), max_length=120)
    strategy_document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("strategy as a document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    figures = StreamField(Figures(), verbose_name=_("figures"), blank=True)
    body = StreamField(Body(), verbose_name=_("body"), blank=True)
    template = "pages/programme.html"
    parent_page_types = ["home.StartPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("purpose"),
        FieldPanel("result"),
        FieldPanel("period"),
        FieldPanel("beneficiaries"),
        FieldPanel("funders"),
        FieldPanel("amount"),
        FieldPanel("strategy_document"),
        FieldPanel("figures"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("purpose"),
        index.SearchField("body"),
    ]
