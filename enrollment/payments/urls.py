"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from . import views

localized: list[URLPattern | URLResolver] = [
    path("my/bookings/<uuid:public_id>/pay/", views.pay, name="pay"),
    path("my/bookings/<uuid:public_id>/paid/", views.paid, name="paid"),
    path("my/receipts/<uuid:public_id>/", views.receipt, name="receipt"),
]
root: list[URLPattern | URLResolver] = [
    path("webhooks/stripe/", views.stripe_webhook, name="stripe_webhook"),
]
