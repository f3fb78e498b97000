"""News."""

from django.core.paginator import Paginator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from .pages import ContentPage, IndexPage


class NewsIndexPage(IndexPage):
    template = "pages/news_index.html"
    parent_page_types = ["home.StartPage"]
    subpage_types = ["home.NewsPage"]
    PER_PAGE = 10

    def listed(self, request):
        return NewsPage.objects.live().child_of(self).order_by("-date", "-pk")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        page_obj = Paginator(context["listed"], self.PER_PAGE).get_page(request.GET.get("page"))
        return {**context, "listed": page_obj.object_list, "page_obj": page_obj}


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
