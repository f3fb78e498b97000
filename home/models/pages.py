"""What communicators publish. Pages are thin: fields, panels, and which page goes under which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from ..blocks import Body, Facts, Figures

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol", "h3"]


class IntroMixin(models.Model):
    """The lead under a page's heading; also its text in lists, search results and link previews."""

    intro = models.TextField(_("introduction"), max_length=400)

    class Meta:
        abstract = True


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


class ContentPage(IntroMixin, Page):
    """Introduction and body: what every ordinary page has."""

    body = StreamField(Body(), verbose_name=_("body"), blank=True)

    class Meta:
        abstract = True

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.AutocompleteField("intro"),
        index.SearchField("body"),
    ]


class IndexPage(IntroMixin, Page):
    """Lists its children; how is its template's affair."""

    class Meta:
        abstract = True

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]


class ActionAreaIndexPage(IndexPage):
    template = "pages/action_area_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.ActionAreaPage"]


class ActionAreaPage(ContentPage):
    area = models.ForeignKey(
        "home.ActionArea", verbose_name=_("action area"), on_delete=models.PROTECT, related_name="pages"
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


class RegionIndexPage(IndexPage):
    template = "pages/region_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.RegionPage"]


class RegionPage(ContentPage):
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


class StoryIndexPage(IndexPage):
    template = "pages/story_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.StoryPage"]


class StoryPage(ContentPage):
    """How it went for a company. `fictional` prints that the company is invented."""

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
        FieldPanel("body"),
        FieldPanel("consent"),
    ]
    override_translatable_fields = [
        SynchronizedField("region", overridable=False),
        SynchronizedField("area", overridable=False),
        SynchronizedField("company"),
        SynchronizedField("consent", overridable=False),
    ]


class ToolboxPage(IndexPage):
    template = "pages/toolbox.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.ToolPage"]


class ToolPage(ContentPage):
    class Audience(models.TextChoices):
        COMPANY = "company", _("For companies")
        PROMOTER = "promoter", _("For organisers")

    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, default=Audience.COMPANY)
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


class NewsIndexPage(IndexPage):
    template = "pages/news_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.NewsPage"]


class NewsPage(ContentPage):
    date = models.DateField(_("date"))
    template = "pages/news.html"
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]


class StandardPage(ContentPage):
    """About, funders, contact, privacy, cookies, booking terms."""

    template = "pages/standard.html"
    parent_page_types = ["home.StartPage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]


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
    complaint_url = models.URLField(_("where to complain"), default="https://www.digg.se/tdosanmalan")
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
