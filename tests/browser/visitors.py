"""Who signs in without a mail: for tests of what comes after."""

from django.conf import settings
from django.test import Client


def sign_in(page, person) -> None:
    """`person` is signed in at the test's own server in this page's browser."""
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(person)
    cookie = {"name": name, "value": client.cookies[name].value, "url": settings.SITE_URL}
    page.context.add_cookies([cookie])
