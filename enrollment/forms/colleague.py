"""Somebody is named by a colleague: to take a place, to join a team, to book for the company."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .parts import Plain, only_a_name


class ColleagueForm(Plain):
    """Who takes the place, or joins the team: name and e-mail address."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w20"}),
        error_messages={"required": _("Write the colleague's first name")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w20"}),
        error_messages={"required": _("Write the colleague's last name")},
    )
    email = forms.EmailField(
        label=_("E-mail at work"),
        help_text=_("Confirmation and calendar invitation go there."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "w20"}),
        error_messages={
            "required": _("Write the colleague's e-mail address, for example name@company.se"),
            "invalid": _("Write the colleague's e-mail address, for example name@company.se"),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shorten()
