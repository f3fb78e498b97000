from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from .policy import action_of, can
from .roles import roles_of

# Third parties' own sign-in pages, with a password: they lead to the one door.
OTHER_DOORS = ("wagtailadmin_login", "wagtailcore_login")
# What staff may do before they have a second factor: be a visitor, and add one.
WITHOUT_SECOND_FACTOR = ("public", "signed_in", "nobody")


class PolicyMiddleware:
    """Default deny: a view without a declared policy line answers 500 in tests and 403 elsewhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if match.view_name in OTHER_DOORS:
            return self._to_the_door(request)
        action = action_of(view, view_name=match.view_name, route=match.route)
        if action is None:
            if settings.TESTING:
                raise ImproperlyConfigured(f"no policy line for {match.view_name} {match.route}")
            raise PermissionDenied(match.view_name)
        if action == "nobody":
            raise Http404
        for needed in self._asked_here(view, match, action):
            if not can(request.user, needed):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise PermissionDenied(needed)
        if self._second_factor_missing(request, action):
            return redirect("mfa_needed")
        return None

    @staticmethod
    def _asked_here(view, match, action) -> list[str]:
        """A guarded view asks by itself, but inside the admin Wagtail would be quicker, with a way to the
        sign-in page for somebody who is signed in."""
        asked = [] if hasattr(view, "policy_action") else [action]
        if match.route.startswith("admin/") and action not in ("public", "cms"):
            asked.insert(0, "cms")
        return asked

    @staticmethod
    def _to_the_door(request):
        """Somebody signed in whom the CMS turns away would come back here for ever: 403 instead."""
        wanted = request.GET.get("next", "/admin/")
        if request.user.is_authenticated:
            if can(request.user, "cms") and request.user.has_perm("wagtailadmin.access_admin"):
                return redirect(reverse("wagtailadmin_home"))
            raise PermissionDenied("cms")
        return redirect_to_login(wanted)

    @staticmethod
    def _second_factor_missing(request, action) -> bool:
        """Staff work with a second factor (R-ID-03); sign-in itself asks for it once it is there."""
        return (
            settings.STAFF_MFA_REQUIRED
            and action not in WITHOUT_SECOND_FACTOR
            and request.resolver_match.url_name != "mfa_needed"
            and bool(roles_of(request.user))
            and not is_mfa_enabled(request.user)
        )
