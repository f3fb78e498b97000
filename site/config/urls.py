"""Addresses. Each room brings its own; the CMS answers what is left."""

from importlib import import_module

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

ROOMS = [
    import_module(f"{room}.urls")
    for room in (
        "accounts",
        "home",
        "courses",
        "enrollment",
        "enrollment.payments",
        "enrollment.attendance",
        "enrollment.learning",
        "enrollment.completion",
        "certificates",
        "search",
    )
]

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *(pattern for room in ROOMS for pattern in room.root),
    *i18n_patterns(
        *(pattern for room in ROOMS for pattern in room.localized),
        path("accounts/", include("allauth.urls")),
        path("", include(wagtail_urls)),
    ),
]

handler400 = "home.views.bad_request"
handler403 = "home.views.permission_denied"
handler404 = "home.views.page_not_found"
handler500 = "home.views.server_error"
