from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Company
from .parts import only_a_name
from .rules import day_input
from .staff import StaffForm


class DescribeForm(StaffForm):
    """What staff note about a company."""

    email_domain = forms.CharField(
        label=_("E-mail domain"),
        help_text=_("The part after the @ of the company's own addresses."),
        required=False,
        max_length=120,
    )
    size = forms.ChoiceField(
        label=_("Size"),
        help_text=_("As the company has declared it; decides who may have places of some runs."),
        choices=[("", _("not declared")), *Company.Size.choices],
        required=False,
    )


class SignatoryForm(StaffForm):
    """Who signs for a company, and until when."""

    first_name = forms.CharField(label=_("First name"), max_length=150, validators=[only_a_name])
    last_name = forms.CharField(label=_("Last name"), max_length=150, validators=[only_a_name])
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    until = forms.DateField(
        label=_("Until"),
        help_text=_("The last day; without one it holds until somebody ends it."),
        required=False,
        widget=day_input(),
    )


class SearchForm(StaffForm):
    q = forms.CharField(label=_("Name or number"), max_length=160)
