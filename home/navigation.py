"""What every page's frame needs: the menu, the footer's pages, the way here, the page's other languages.

All of it in one query. Menu: pages directly under the start page with "show in menus"; footer: those
without it.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import pgettext as _p
from wagtail.models import Page

from .prepared import Prepared
from .routing import root_paths

START_DEPTH = 2


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Tongue:
    """One language of the shown page: `url` is where the page is in it, `exact` whether it is the same
    page or only that language's start."""

    code: str
    name: str
    url: str
    exact: bool


@dataclass(frozen=True)
class Frame:
    menu: list[Link] = field(default_factory=list)
    footer: list[Link] = field(default_factory=list)
    trail: list[Link] = field(default_factory=list)
    tongues: list[Tongue] = field(default_factory=list)


def frame(request: HttpRequest, page: Page | None = None) -> Frame:
    """The frame around a page of the CMS, or around any other address when `page` is None; read once per
    request.

    The other languages: a page of the CMS leads to its translation, or to that language's start page when
    there is none; any other address keeps its path and changes its prefix.
    """
    known = getattr(request, "_frame", None)
    if known is None:
        known = request._frame = _read(request, page if page is not None and page.pk else None)  # type: ignore[attr-defined]
    return known


def _read(request: HttpRequest, page: Page | None) -> Frame:
    language = get_language()
    above: list[str] = []
    if page is None:
        rows = _level(language=language)
    else:
        above = [page.path[: page.steplen * depth] for depth in range(START_DEPTH, page.depth)]
        rows = _around(language=language, above=above, key=page.translation_key)
    roots = _roots(request)
    translated: dict[str, str] = {}
    result = Frame()
    for path, depth, title, url_path, key, code, in_menus in rows:
        root = roots.get(code)
        if root is None or not url_path.startswith(root):
            continue
        url = f"/{code}/{url_path[len(root) :]}"
        if path in above:
            words = _p("breadcrumb", "Start") if depth == START_DEPTH else title
            result.trail.append(Link(words, url))
        if page is not None and key == page.translation_key:
            translated[code] = url
        if depth == START_DEPTH + 1 and code == language:
            link = Link(title, url, request.path.startswith(url))
            (result.menu if in_menus else result.footer).append(link)
    result.tongues.extend(_tongues(request, page, translated))
    return result


def _roots(request: HttpRequest) -> dict[str, str]:
    """Per language the `url_path` of the start page: of the site that routing chose, else of the first."""
    paths = root_paths(request)
    site = getattr(request, "_wagtail_site", None)
    roots: dict[str, str] = {}
    for root in paths:
        if site is None or root.site_id == site.pk:
            roots.setdefault(root.language_code, root.root_path)
    return roots


def _rows(wanted: Q):
    fields = ("path", "depth", "title", "url_path", "translation_key")
    return (
        Page.objects.live()
        .filter(wanted)
        .order_by("path")
        .values_list(*fields, "locale__language_code", "show_in_menus")
    )


def _of_level(language: str) -> Q:
    return Q(depth=START_DEPTH + 1, locale__language_code=language)


_level = Prepared(lambda language: _rows(_of_level(language)))
_around = Prepared(
    lambda language, above, key: _rows(
        _of_level(language) | Q(path__in=above) | Q(translation_key=key)
    )
)


def _tongues(request: HttpRequest, page: Page | None, translated: dict[str, str]) -> list[Tongue]:
    here = request.get_full_path()
    result = []
    for code, name in settings.LANGUAGES:
        if code == get_language():
            result.append(Tongue(code, name, here, True))
        elif page is not None:
            known = translated.get(code)
            result.append(Tongue(code, name, known or f"/{code}/", known is not None))
        else:
            other = translate_url(here, code)
            exact = other != here
            # An address under no language speaks by the cookie; a broken one leads home.
            home = f"/{code}/" if get_language_from_path(request.path) else here
            result.append(Tongue(code, name, other if exact else home, exact))
    return result
