"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = [
    path("accessibility-message/", views.accessibility_message, name="accessibility_message"),
]
root: list[URLPattern | URLResolver] = [
    path("language/<slug:code>/", views.language, name="language"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]
