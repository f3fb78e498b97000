"""The words of courses and modules: one page per language, all pointing at the same neutral record."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from home.blocks import Body
from home.models.pages import IndexPage


class CoursesPage(IndexPage):
    """The catalogue: courses and their runs, with filters in the address."""

    template = "pages/courses.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["courses.CoursePage"]
    max_count_per_parent = 1


class CoursePage(Page):
    """A course in one language. The facts (dates, price, places) come from the course's record."""

    course = models.ForeignKey(
        "courses.Course", verbose_name=_("course"), on_delete=models.PROTECT, related_name="pages"
    )
    intro = models.TextField(_("introduction"), max_length=400)
    for_whom = models.TextField(_("for whom"), max_length=600)
    takeaway = models.CharField(_("what you take home"), max_length=160)
    body = StreamField(Body(), verbose_name=_("body"), blank=True)
    template = "pages/course.html"
    parent_page_types = ["courses.CoursesPage"]
    subpage_types = ["courses.ModulePage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("course"),
        FieldPanel("intro"),
        FieldPanel("for_whom"),
        FieldPanel("takeaway"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.AutocompleteField("intro"),
        index.SearchField("for_whom"),
        index.SearchField("body"),
        index.RelatedFields("course", [index.SearchField("code"), index.AutocompleteField("code")]),
    ]
    override_translatable_fields = [SynchronizedField("course", overridable=False)]


class ModulePage(Page):
    """What participants of a run read and do in one module: text, video, files and a short quiz."""

    module = models.ForeignKey(
        "courses.Module", verbose_name=_("module"), on_delete=models.PROTECT, related_name="pages"
    )
    intro = models.TextField(_("introduction"), max_length=400)
    body = StreamField(Body(), verbose_name=_("body"), blank=True)
    template = "pages/module.html"
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("module"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    # Participants' material is not for the site's search.
    search_fields: list = []
    override_translatable_fields = [SynchronizedField("module", overridable=False)]
