from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware


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


class HealthMiddleware:
    """Answers the health checks before any redirect or host check can get in their way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/healthz/"):
            from . import health

            return health.answer(request.path_info)
        return self.get_response(request)
