"""The forms of the staff's pages. They ask; the rules stand in the functions that the pages call."""

import uuid

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.models import Municipality

from ..group_booking import Named


class StaffForm(forms.Form):
    """Wording and look that all of them share: the page says what is wrong, not the browser."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", f"{self.prefix_of_ids()}-%s")
        super().__init__(*args, **kwargs)

    @classmethod
    def prefix_of_ids(cls) -> str:
        return cls.__name__.removesuffix("Form").lower()


class AddForm(StaffForm):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    company = forms.CharField(label=gettext_lazy("Company"), max_length=160, required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(), label=gettext_lazy("Municipality"), required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    terms = forms.BooleanField(label=gettext_lazy("The person has accepted the booking terms"))
    token = forms.UUIDField(widget=forms.HiddenInput)


class AddGroupForm(StaffForm):
    """A company's booking, taken on the phone."""

    number = forms.CharField(label=gettext_lazy("Company registration number"), max_length=20)
    company_name = forms.CharField(label=gettext_lazy("Company"), max_length=160)
    municipality = forms.ModelChoiceField(
        Municipality.objects.select_related("region"),
        label=gettext_lazy("Municipality where they work"),
    )
    first_name = forms.CharField(label=gettext_lazy("Booker's first name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Booker's last name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("Booker's e-mail"), max_length=254)
    reference = forms.CharField(
        label=gettext_lazy("Reference on the invoice"), max_length=60, required=False
    )
    seats = forms.IntegerField(label=gettext_lazy("How many take part"), min_value=1, max_value=100)
    people = forms.CharField(
        label=gettext_lazy("Those whose names are known"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One per line: first name; last name; e-mail. The others follow."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    terms = forms.BooleanField(label=gettext_lazy("The company has accepted the booking terms"))
    token = forms.UUIDField(widget=forms.HiddenInput)

    def clean_people(self) -> list[Named]:
        named = []
        for n, line in enumerate(self.cleaned_data["people"].splitlines(), start=1):
            if not line.strip():
                continue
            words = [word.strip() for word in line.split(";")]
            if len(words) != 3 or not all(words) or not _is_address(words[2]):
                raise ValidationError(
                    _("Line %(n)s: write first name; last name; e-mail") % {"n": n}
                )
            named.append(Named(words[2], words[0][:150], words[1][:150]))
        return named

    def clean(self):
        given = super().clean()
        if len(given.get("people", [])) > given.get("seats", 100):
            self.add_error("seats", _("There are more names than people"))
        return given

    def seated(self) -> list[Named | None]:
        """One entry per seat: those who are named, then those whose names follow."""
        named = self.cleaned_data["people"]
        return [*named, *[None] * (self.cleaned_data["seats"] - len(named))]


def _is_address(word: str) -> bool:
    try:
        validate_email(word)
    except ValidationError:
        return False
    return True


class CapacityForm(StaffForm):
    capacity = forms.IntegerField(
        label=gettext_lazy("Number of places"), min_value=0, max_value=1000
    )


class NameForm(StaffForm):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)


def blank(form: type[StaffForm], *, language: str) -> StaffForm:
    """An empty form with a token of its own, so that sending it twice books once."""
    return form(initial={"token": uuid.uuid4(), "language": language})
