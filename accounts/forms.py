from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _

from .models import User
from .people import known_as


class SignInForm(RequestLoginCodeForm):
    """One field. The address on the person is the login, and nothing else is."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a code. You need no password."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "w20"}),
        error_messages={
            "required": _("Write your e-mail address, for example name@company.com"),
            "invalid": _("Write your e-mail address, for example name@company.com"),
        },
    )

    def clean_email(self) -> str:
        email = User.objects.normalise(self.cleaned_data["email"])
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = known_as(email)
        return email


class CodeForm(ConfirmLoginCodeForm):
    use_required_attribute = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("The code"),
            help_text=_("Capital or small letters, with or without the hyphen."),
            max_length=40,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "class": "w10",
                }
            ),
            error_messages={"required": _("Write the code from the mail")},
        )
