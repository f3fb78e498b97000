from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from . import demo_links
from .first_page import first_page
from .forms import CodeForm, SignInForm
from .people import claim, confirm_address
from .policy import guard


class SignInView(RequestLoginCodeView):
    """The one door of site and CMS: an address, then a code. Known and unknown addresses look alike."""

    template_name = "account/sign_in.html"

    def get_form_class(self):
        return SignInForm

    def _redirect_to_pending_stage(self, request, stage):
        """Nobody is held at a code they wait for in vain: the form starts anew with another address."""


class CodeView(ConfirmLoginCodeView):
    template_name = "account/code.html"

    def get_form_class(self):
        wanted = super().get_form_class()
        return CodeForm if "code" in wanted.base_fields else wanted

    def _verify_form_valid(self, form):
        if self._process.user:
            confirm_address(person=self._process.user)
            # With a duplicate's address typed, the code went to the kept person's, and that is what it proves.
            self._process.state["email"] = self._process.user.email
        return super()._verify_form_valid(form)


sign_in = guard("public")(sensitive_post_parameters("email")(SignInView.as_view()))
code = guard("public")(sensitive_post_parameters("code")(CodeView.as_view()))


@guard("public")
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Other doors lead to the one door, keeping where somebody wanted to go."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse(settings.LOGIN_URL) + (f"?{query}" if query else ""))


@guard("staff")
def mfa_needed(request: HttpRequest) -> HttpResponse:
    """Why a colleague cannot go on yet, and what to do: add a passkey or an authenticator app."""
    return render(request, "account/mfa_needed.html", status=403)


@guard("public")
def closed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Pages of allauth that make no sense where nobody has a password."""
    raise Http404


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
    confirm_address(person=person)
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
