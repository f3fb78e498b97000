"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = [
    path("lead/", views.lead, name="lead"),
    path("lead/sessions/<uuid:public_id>/", views.sheet, name="roster"),
    path("lead/sessions/<uuid:public_id>/undo/", views.undo, name="roster_undo"),
    path("lead/sessions/<uuid:public_id>/close/", views.close_list, name="roster_close"),
    path("lead/sessions/<uuid:public_id>/reopen/", views.reopen, name="roster_reopen"),
    path("lead/sessions/<uuid:public_id>/print/", views.paper, name="roster_paper"),
]
root: list[URLPattern | URLResolver] = []
