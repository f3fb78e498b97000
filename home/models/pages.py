"""What all pages share: introduction and body, lists of children, one page per fact."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from ..blocks import Body

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol", "h3"]


class IntroMixin(models.Model):
    """The lead under a page's heading; also its text in lists, search results and link previews."""

    intro = models.TextField(_("introduction"), max_length=400)

    class Meta:
        abstract = True


class OnePerFact(models.Model):
    """One page per language for each neutral fact in `fact_field`; any number without one. A database
    constraint is impossible: the locale stands on the parent table."""

    fact_field: str

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        fact = getattr(self, self._meta.get_field(self.fact_field).attname)
        others = type(self).objects.filter(**{self.fact_field: fact}, locale_id=self.locale_id)
        if fact and others.exclude(pk=self.pk).exists():
            raise ValidationError({self.fact_field: _("There is already a page about this.")})


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

    def listed(self, request):
        """The pages that this page lists."""
        return self.get_children().live().specific()

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), "listed": self.listed(request)}
