"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = [
    path("my/certificates/<uuid:public_id>.pdf", views.download, name="certificate_download"),
    path("my/certificates/<uuid:public_id>/name/", views.show_name, name="certificate_show_name"),
]
root: list[URLPattern | URLResolver] = [
    path("v/", views.verify_form, name="verify_form"),
    path("v/<str:code>.json", views.verify_json, name="verify_json"),
    path("v/<str:code>", views.verify, name="verify"),
]
