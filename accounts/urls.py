"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path, re_path

from . import views

# They stand before allauth's own under the same names.
localized: list[URLPattern | URLResolver] = [
    path("accounts/login/", views.sign_in, name="account_login"),
    path("accounts/login/code/", views.to_sign_in, name="account_request_login_code"),
    path("accounts/login/code/confirm/", views.code, name="account_confirm_login_code"),
    path("accounts/safe-log-in/", views.mfa_needed, name="mfa_needed"),
    re_path(
        r"^accounts/(?:signup|password|email|3rdparty/signup|social)/.*$",
        views.closed,
        name="closed",
    ),
]
root: list[URLPattern | URLResolver] = [
    path("demo/sign-in/<str:token>/", views.demo_sign_in, name="demo_sign_in"),
]
