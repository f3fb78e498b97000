"""The form of a sign-up. It asks; the rules stand in `enrollment.booking`."""

import uuid

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from home.models import Municipality

from .parts import only_a_name


class SignUpForm(forms.Form):
    """At most six visible fields. A signed-in person is asked only for what is not known."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "class": "w20"}),
        error_messages={"required": _("Write your first name")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "class": "w20"}),
        error_messages={"required": _("Write your last name")},
    )
    email = forms.EmailField(
        label=_("Your e-mail at work"),
        help_text=_("Confirmation and calendar invitation come here. You need no account."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "w20"}),
        error_messages={
            "required": _("Write your e-mail address, for example name@company.se"),
            "invalid": _("Write your e-mail address, for example name@company.se"),
        },
    )
    company = forms.CharField(
        label=_("Company"),
        required=False,
        max_length=160,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "organization", "class": "w20"}),
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality where you work"),
        help_text=_("Decides which places you can have: some are kept for one county."),
        queryset=Municipality.objects.select_related("region"),
        empty_label=_("Choose a municipality"),
        widget=forms.Select(attrs={"class": "w20"}),
        error_messages={
            "required": _("Choose the municipality where you work"),
            "invalid_choice": _("Choose the municipality where you work"),
        },
    )
    terms = forms.BooleanField(
        label=_("I accept the booking terms"),
        error_messages={"required": _("Accept the terms to book")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    # People do not see it; programs that fill in everything do.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    use_required_attribute = False

    def __init__(self, *args, person: User | None = None, ask_municipality: bool = False, **kwargs):
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            del self.fields["email"]
            if person.first_name and person.last_name:
                del self.fields["first_name"], self.fields["last_name"]
        if not ask_municipality:
            del self.fields["municipality"]
        for field in self.fields.values():
            for validator in field.validators:
                if isinstance(validator, MaxLengthValidator):
                    validator.message = _("That is too long")
        if not self.is_bound:
            self.initial.setdefault("token", uuid.uuid4())

    def clean_token(self):
        return self.cleaned_data["token"]

    def visible_words(self) -> list:
        """The fields that are asked, in their order."""
        return [field for field in self.visible_fields() if field.name not in ("website", "terms")]

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class DetailsForm(forms.ModelForm):
    """What a person may change about themselves."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone", "language"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name", "class": "w20"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name", "class": "w20"}),
            "phone": forms.TextInput(
                attrs={"autocomplete": "tel", "class": "w20", "inputmode": "tel"}
            ),
            "language": forms.Select(attrs={"class": "w10"}),
        }
        labels = {"language": _("Language of your mails"), "phone": _("Phone")}
        help_texts = {"phone": _("Only used if something changes on the day of a meeting.")}

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
        for name, message in (
            ("first_name", _("Write your first name")),
            ("last_name", _("Write your last name")),
        ):
            self.fields[name].required = True
            self.fields[name].validators.append(only_a_name)
            self.fields[name].error_messages["required"] = message

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].strip()
        if phone and not set(phone) <= set("+0123456789 -()"):
            raise forms.ValidationError(_("Write a phone number, for example 010-000 00 00"))
        return phone
