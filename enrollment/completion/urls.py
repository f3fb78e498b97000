"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = [
    path("lead/runs/<slug:code>/results/", views.results, name="results"),
]
root: list[URLPattern | URLResolver] = []
