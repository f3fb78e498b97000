"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = [
    path("demo/sign-in/<str:token>/", views.demo_sign_in, name="demo_sign_in"),
]
