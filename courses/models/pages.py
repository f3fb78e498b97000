"""The words of courses and modules: one page per language, all pointing at the same neutral record."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from home.blocks import Body
from home.models.pages import IndexPage
from home.prepared import Prepared

from ..blocks import Quiz


def refuse_second_page(page, field: str, message) -> None:
    """Two pages in one language about one thing: the database cannot forbid it, `locale` sits on the
    parent table. Raises ValidationError."""
    value = getattr(page, f"{field}_id")
    if not value or not page.locale_id:
        return
    others = type(page).objects.filter(**{field: value}, locale=page.locale_id).exclude(pk=page.pk)
    if others.exists():
        raise ValidationError({field: message})


class CoursesPage(IndexPage):
    """The catalogue: courses and their runs, with filters in the address."""

    template = "pages/courses.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["courses.CoursePage"]
    max_count_per_parent = 1

    def get_context(self, request, *args, **kwargs):
        from ..catalogue import catalogue

        context = super().get_context(request, *args, **kwargs)
        courses = _course_pages(locale=self.locale_id)
        return context | {"courses": courses} | catalogue(request.GET, now=timezone.now())

    def get_template(self, request, *args, **kwargs):
        part = "#rows" if getattr(request, "htmx", None) and request.htmx.target == "rows" else ""
        return f"{self.template}{part}"


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
    routed_with = ("course__area",)
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

    def clean(self):
        super().clean()
        refuse_second_page(self, "course", _("This course already has a page in this language."))

    def get_context(self, request, *args, **kwargs):
        from ..catalogue import course_facts

        context = super().get_context(request, *args, **kwargs)
        return context | course_facts(self, now=timezone.now())


_course_pages = Prepared(
    lambda locale: CoursePage.objects.live().filter(locale=locale).order_by("title")
)


class ModulePage(Page):
    """What participants of a run read and do in one module: text, video, files and a short quiz."""

    module = models.ForeignKey(
        "courses.Module", verbose_name=_("module"), on_delete=models.PROTECT, related_name="pages"
    )
    intro = models.TextField(_("introduction"), max_length=400)
    body = StreamField(Body(), verbose_name=_("body"), blank=True)
    quiz = StreamField(Quiz(), verbose_name=_("quiz"), blank=True)
    template = "pages/module.html"
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("module"),
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("quiz"),
    ]
    override_translatable_fields = [SynchronizedField("module", overridable=False)]

    def clean(self):
        super().clean()
        refuse_second_page(self, "module", _("This module already has a page in this language."))

    def serve(self, request, *args, **kwargs):
        """Answers in preview alone: participants read it in the learning room, under their enrolment."""
        if not getattr(request, "is_preview", False):
            raise Http404("module pages have no public address")
        return super().serve(request, *args, **kwargs)

    def get_sitemap_urls(self, request=None):
        return []
