from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from .policy import action_of, can


class PolicyMiddleware:
    """Default deny: a view without a declared policy line answers 500 in tests and 403 elsewhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        action = action_of(view, url_name=match.url_name, namespaces=match.namespaces)
        if action is None:
            if settings.TESTING:
                raise ImproperlyConfigured(f"no policy line for {match.view_name}")
            raise PermissionDenied(match.view_name)
        # A guarded view asks by itself; views that are not ours are asked here.
        if not hasattr(view, "policy_action") and not can(request.user, action):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied(action)
        return None
