from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from . import demo_links
from .first_page import first_page
from .people import claim
from .policy import guard


@guard("public")
@never_cache
@require_GET
def demo_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in with a demo link and go to the role's first page. A used or wrong link leads to sign-in."""
    if not settings.DEMO:
        raise Http404
    now = timezone.now()
    person = demo_links.use_link(token, now)
    if person is None:
        return redirect(settings.LOGIN_URL)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    claim(person=person, now=now)
    response = redirect(first_page(person))
    remember_language(response, person.language)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    """The language cookie follows the person to this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
