"""The seams of django-allauth that we use. How its mails are sent stands one floor up, in messaging."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .first_page import first_page
from .people import claim, confirm_address
from .views import remember_language

# Said by the pages themselves.
SILENT = {
    "account/messages/logged_in.txt",
    "account/messages/login_code_sent.txt",
    "account/messages/email_confirmed.txt",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That is not the code we sent you. Check it and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a minute and try again."),
        "rate_limited": _("Too many attempts. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        """Accounts come with a booking and in no other way (docs/decisions)."""
        return False

    def get_login_redirect_url(self, request) -> str:
        return first_page(request.user)

    def post_login(self, request, user, **kwargs):
        claim(person=user, now=timezone.now())
        response = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        return response

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin) -> bool:
        """A provider opens the door to an account that exists; it makes none."""
        return False

    def pre_social_login(self, request, sociallogin) -> None:
        """The provider has seen the address proven, so we need not ask for a code as well."""
        proven = {
            address.email.lower() for address in sociallogin.email_addresses if address.verified
        }
        if sociallogin.is_existing and sociallogin.user.email in proven:
            confirm_address(person=sociallogin.user)
