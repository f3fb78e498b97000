"""What a company may say besides: on the check screen, and the reference later too."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Run

from ..models import Company
from ..models.rules import rules_of
from .parts import Plain


class ReferenceForm(Plain):
    """The booker's own reference, which may be added or changed after the booking too."""

    reference = forms.CharField(
        label=_("Your reference"),
        help_text=_("A purchase order or cost centre; printed on any invoice."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "w20"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shorten()


class CheckForm(ReferenceForm):
    """Screen 3: what may be said besides."""

    motivation = forms.CharField(
        label=_("Why do you want to take part?"),
        help_text=_("The host chooses among the applications by what you write here."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write why you want to take part")},
    )
    size = forms.ChoiceField(
        label=_("How many work in the whole company?"),
        choices=[("", _("Choose a size")), *Company.Size.choices],
        widget=forms.Select(attrs={"class": "w20"}),
        error_messages={
            "required": _("Choose how many work in the company"),
            "invalid_choice": _("Choose how many work in the company"),
        },
    )

    def __init__(self, *args, run: Run, company: Company | None, **kwargs):
        super().__init__(*args, **kwargs)
        if run.selection != Run.Selection.APPLICATION:
            del self.fields["motivation"]
        if not rules_of(run).sme_only or (company and company.size):
            del self.fields["size"]
        self.shorten()
