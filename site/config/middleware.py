from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from . import health

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
        " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}


class SiteCSPMiddleware(CSPMiddleware):
    """One policy; two exceptions by path. The CMS inserts style elements (styles only, never scripts), and
    its preview panel frames our public pages."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        extra: dict[str, list[str]] = {}
        if request.path_info.startswith("/admin/"):
            extra = {"style-src": [SELF, UNSAFE_INLINE], "frame-ancestors": [SELF]}
        elif getattr(request, "is_preview", False):
            extra = {"frame-ancestors": [SELF]}
        if extra:
            parts.replace = {**extra, **(parts.replace or {})}
        return parts


class SiteLocaleMiddleware(LocaleMiddleware):
    """Sends an address without a language to the reader's, unless a view of ours answered it: the CMS takes
    every address, so Django would turn our own "not found" under /v/ into a redirect."""

    def process_response(self, request, response):
        if response.status_code == 404 and request.resolver_match is not None:
            language = translation.get_language()
            response.headers.setdefault("Content-Language", language)
            return response
        return super().process_response(request, response)


class HeadersMiddleware:
    """What Django's SecurityMiddleware does not set. A view that knows better keeps its own value."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class HealthMiddleware:
    """Answers the health checks before any redirect or host check can get in their way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/healthz/"):
            return health.answer(request)
        return self.get_response(request)
