"""What the forms of bookings share: names in one field, addresses, numbers as words."""

import re

from django import forms
from django.core.validators import MaxLengthValidator, RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

ADDRESS_WORDS = _("Write an e-mail address, for example name@company.se")

# A name stands in mails to people who have asked for none: it must not carry an address to click on.
only_a_name = RegexValidator(
    r"://|www\.|@", message=_("Write only the name"), inverse_match=True, flags=re.IGNORECASE
)


class Plain(forms.Form):
    """What all screens share: ids are the names, messages are ours."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)

    def shorten(self) -> None:
        for field in self.fields.values():
            for validator in field.validators:
                if isinstance(validator, MaxLengthValidator):
                    validator.message = _("That is too long")


def split_name(name: str) -> tuple[str, str]:
    """First and last name out of one field: the last word is the last name, a single word the first."""
    first, _space, last = " ".join(name.split()).rpartition(" ")
    return (first, last) if first else (last, "")


def name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        required=False,
        max_length=150,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def email_field() -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": ADDRESS_WORDS},
    )


def both_or_none(form: forms.Form, row: int) -> None:
    """Say beside the empty field that a person needs both a name and an address."""
    name, email = form.cleaned_data.get(f"name_{row}"), form.cleaned_data.get(f"email_{row}")
    if name and not email and f"email_{row}" not in form.errors:
        form.add_error(f"email_{row}", _("Write the person’s e-mail address as well"))
    if email and not name:
        form.add_error(f"name_{row}", _("Write the person’s name as well"))


def people_words(n: int) -> str:
    """How many, as a word up to ten: "three"."""
    words = (
        pgettext("number", "one"),
        pgettext("number", "two"),
        pgettext("number", "three"),
        pgettext("number", "four"),
        pgettext("number", "five"),
        pgettext("number", "six"),
        pgettext("number", "seven"),
        pgettext("number", "eight"),
        pgettext("number", "nine"),
        pgettext("number", "ten"),
    )
    return words[n - 1] if 1 <= n <= 10 else str(n)
