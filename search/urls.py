"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = [path("search/", views.results, name="search")]
root: list[URLPattern | URLResolver] = []
