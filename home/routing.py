"""From an address to its page in one query instead of two per level.

Wagtail walks the tree: site, language, start page, and two queries for every part of the address, then two more
for view restrictions. A page's `url_path` says it all at once. What is not found like this (drafts,
redirects, other sites, pages that route by themselves) goes Wagtail's own way.
"""

from functools import partial

from django.db.models import Exists
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.models.sites import SiteRootPath
from wagtail.url_routing import RouteResult
from wagtail.views import serve

from .prepared import Prepared

# Each site once per language of its start page, ordered as Wagtail orders the roots of addresses.
ROOTS = """
    SELECT site.*, start.url_path AS root_path, locale.language_code AS language_code
    FROM wagtailcore_site site
    JOIN wagtailcore_page root ON root.id = site.root_page_id
    JOIN wagtailcore_page start ON start.translation_key = root.translation_key
    JOIN wagtailcore_locale locale ON locale.id = start.locale_id
    ORDER BY root.url_path DESC, site.is_default_site DESC, site.hostname, start.id
"""
# Kind of page last seen at an address: saves the query for the kind. Never trusted: the page is read by
# kind and address together, and when that fails the kind is looked up again.
_kinds: dict[str, type[Page]] = {}
MOST_KINDS = 2000
_by_kind: dict[type[Page], Prepared] = {}


class RouteMiddleware:
    """Puts the found page where `Page.route_for_request` looks for a route that is already known."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if view is serve and request.method in ("GET", "HEAD"):
            page = page_at(request, args[0] if args else kwargs.get("path", ""))
            if page is not None:
                request._wagtail_route_for_request = RouteResult(page)


def page_at(request, path: str) -> Page | None:
    """The published page at a path below the language prefix, in its own class; None when Wagtail should
    look for itself. A page may name relations to bring along in `routed_with`."""
    paths = root_paths(request)
    site = Site.find_for_request(request)
    if site is None:
        return None
    roots = [root for root in paths if root.site_id == site.pk]
    root = next((root for root in roots if root.language_code == get_language()), None)
    if root is None:
        return None
    parts = [part for part in path.split("/") if part]
    url_path = root.root_path + "".join(f"{part}/" for part in parts)
    known = _kinds.get(url_path)
    page = _read(known, url_path) if known else None
    if page is None:
        plain = Page.objects.filter(url_path=url_path).only("content_type").first()
        kind = plain.specific_class if plain else None
        if kind is None:
            _kinds.pop(url_path, None)
            return None
        page = _read(kind, url_path)
        if page is not None and len(_kinds) < MOST_KINDS:
            _kinds[url_path] = kind
    if page is not None:
        page._wagtail_cached_site_root_paths = paths
    return page


def root_paths(request) -> list[SiteRootPath]:
    """Where sites begin, and in which language: what `Site.get_site_root_paths` says, by one query per
    request instead of from the cache, which is another query or a file.

    It stays where Wagtail looks when it makes addresses for this request. Where there is but the default
    site, that is the request's, without the query that weighs several.
    """
    known = getattr(request, "_wagtail_cached_site_root_paths", None)
    if known is not None:
        return known
    rows = list(Site.objects.raw(ROOTS))
    paths = [SiteRootPath(row.pk, row.root_path, row.root_url, row.language_code) for row in rows]
    request._wagtail_cached_site_root_paths = paths
    if len({row.pk for row in rows}) == 1 and rows[0].is_default_site:
        request._wagtail_site = rows[0]
    return paths


def _read(kind: type[Page], url_path: str) -> Page | None:
    if kind.route is not Page.route:
        return None
    if kind not in _by_kind:
        _by_kind[kind] = Prepared(partial(_of_kind, kind))
    page = next(iter(_by_kind[kind](url_path=url_path)), None)
    if page is not None and not page.restrictions_exist:
        # Nothing on the site is restricted, so this page is not.
        page.get_view_restrictions = PageViewRestriction.objects.none
    return page


def _of_kind(kind: type[Page], url_path: str):
    return (
        kind.objects.live()
        .filter(url_path=url_path)
        .select_related("locale", *getattr(kind, "routed_with", ()))
        .annotate(restrictions_exist=Exists(PageViewRestriction.objects.all()))
        .order_by("pk")[:1]
    )
