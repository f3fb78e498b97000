"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = [
    path("my/modules/<uuid:enrollment>/<int:module>/", views.module, name="module"),
]
root: list[URLPattern | URLResolver] = []
