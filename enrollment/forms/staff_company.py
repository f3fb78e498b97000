from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Company


class DescribeForm(forms.Form):
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
