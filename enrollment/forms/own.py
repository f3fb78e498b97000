"""Forms about oneself and one's company: own data by link, invitations, workplaces."""

from django import forms
from django.utils.translation import gettext_lazy as _

from home.models import Municipality

from ..models import Needs
from .colleague import ColleagueForm
from .sign_up import DetailsForm


class OwnDataForm(DetailsForm):
    """What is stored about oneself, to be corrected, and what one needs, to be given with consent."""

    diet = forms.MultipleChoiceField(
        label=_("Food"),
        help_text=_("For the kitchen, which gets numbers and no names."),
        choices=Needs.Diet,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among what is listed")},
    )
    access = forms.MultipleChoiceField(
        label=_("To be able to take part"),
        help_text=_("For the host, who prepares the room. Your employer does not see it."),
        choices=Needs.Access,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among what is listed")},
    )
    consent = forms.BooleanField(
        label=_(
            "I agree that the host stores my choices above until a week after the last meeting. "
            "I can take this back here at any time."
        ),
        required=False,
    )


class InviteForm(ColleagueForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "The invitation goes there. It counts when your colleague has signed in."
        )


class WorkplaceForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the workplace"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w20"}),
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.select_related("region").order_by("name"),
        empty_label=_("Choose a municipality"),
        widget=forms.Select(attrs={"class": "w20"}),
        error_messages={
            "required": _("Choose the municipality"),
            "invalid_choice": _("Choose the municipality"),
        },
    )

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
