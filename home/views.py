"""The language switch, the error pages, what search engines ask for, and telling us of a barrier."""

import sys

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.models import Locale, Page

from accounts.policy import guard
from accounts.ratelimit import allow_caller

from .barriers import report
from .forms import BarrierForm

CLOSED_TO_ROBOTS = (
    "/admin/",
    "/language/",
    "/sv/my/",
    "/en/my/",
    "/sv/accounts/",
    "/en/accounts/",
)


@guard("public")
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language in a cookie and go to `next`, an address of this site, else to that
    language's start page."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = f"/{code}/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database could not answer in time. Asks neither database nor session."""
    busy = isinstance(sys.exception(), OperationalError)
    status = 503 if busy else 500
    response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if busy:
        response["Retry-After"] = "60"
    return response


@guard("public")
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that anybody may read, with its other languages. Always the same queries for any number of pages."""
    pages = Page.objects.live().public().filter(depth__gt=1).order_by("path").specific(defer=True)
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    groups: dict = {}
    entries = []
    for page in pages:
        for entry in page.get_sitemap_urls(request):
            address = f"{settings.SITE_URL}{page.get_url(request)}"
            groups.setdefault(page.translation_key, []).append((languages[page.locale_id], address))
            entries.append((address, entry.get("lastmod"), page.translation_key))
    return render(
        request,
        "sitemap.xml",
        {"entries": [(address, changed, groups[key]) for address, changed, key in entries]},
        content_type="application/xml",
    )


@guard("public")
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS), ""]
    text = "\n".join([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""])
    return HttpResponse(text, content_type="text/plain")


@guard("public")
@require_http_methods(["GET", "HEAD", "POST"])
def accessibility_message(request: HttpRequest) -> HttpResponse:
    """A form for a barrier somebody has met; anonymous, five messages an hour from one address."""
    form = BarrierForm(request.POST or None)
    problems: list = []
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif not allow_caller(request, "barrier", limit=5, seconds=3600):
            status = 429
            problems.append(
                _(
                    "You have sent many messages in a short time. Wait an hour, or write to us by"
                    " e-mail."
                )
            )
        else:
            report(**form.cleaned_data, now=timezone.now())
            return redirect(f"{reverse('accessibility_message')}?sent=1")
    context = {"form": form, "problems": problems, "sent": "sent" in request.GET}
    return render(request, "pages/accessibility_message.html", context, status=status)
