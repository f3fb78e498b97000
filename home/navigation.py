"""What every page's frame needs: the menu, the footer's pages, the page's other languages.

One query for menu and footer, one for the languages. Menu: pages directly under the start page with
"show in menus"; footer: standard pages and the accessibility statement there without it.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language
from wagtail.models import Page


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Navigation:
    menu: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Tongue:
    """One language of the shown page: `url` is where the page is in it, `exact` whether it is the same
    page or only that language's start."""

    code: str
    name: str
    url: str
    exact: bool


def navigation(request: HttpRequest) -> Navigation:
    """Menu and footer in the language of the request; read once per request."""
    known = getattr(request, "_navigation", None)
    if known is None:
        known = request._navigation = _read(request)  # type: ignore[attr-defined]
    return known


def _read(request: HttpRequest) -> Navigation:
    from .models import AccessibilityStatementPage, StandardPage

    kinds = {
        kind.pk
        for kind in ContentType.objects.get_for_models(
            AccessibilityStatementPage, StandardPage
        ).values()
    }
    pages = (
        Page.objects.live()
        .filter(depth=3, locale__language_code=get_language())
        .filter(Q(show_in_menus=True) | Q(content_type__in=kinds))
        .order_by("path")
    )
    here = request.path
    result = Navigation()
    for page in pages:
        url = page.get_url(request)
        if url:
            link = Link(page.title, url, here.startswith(url))
            (result.menu if page.show_in_menus else result.footer).append(link)
    return result


def tongues(request: HttpRequest, page: Page | None = None) -> list[Tongue]:
    """Every language of the site with the address of this very page in it, the current one included.

    A page of the CMS leads to its translation, or to that language's start page when there is none;
    any other address keeps its path and changes its prefix.
    """
    here = get_language()
    translated = {}
    if page is not None and page.pk:
        translated = {
            other.locale.language_code: other.get_url(request)
            for other in page.get_translations(inclusive=False).live().select_related("locale")
        }
    result = []
    for code, name in settings.LANGUAGES:
        if code == here:
            url, exact = request.get_full_path(), True
        elif page is not None and page.pk:
            url, exact = translated.get(code) or f"/{code}/", code in translated
        else:
            url = translate_url(request.get_full_path(), code)
            exact = url != request.get_full_path()
            url = url if exact else f"/{code}/"
        result.append(Tongue(code, name, url, exact))
    return result
