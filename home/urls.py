"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver

localized: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
