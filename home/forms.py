from django import forms
from django.utils.translation import gettext_lazy as _


class BarrierForm(forms.Form):
    what = forms.CharField(
        label=_("What does not work?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Write what does not work, or what you need in another format.")
        },
    )
    where = forms.CharField(
        label=_("Which page is it?"),
        help_text=_("Copy the address of the page, or say which one you mean."),
        max_length=300,
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only if you want an answer. You need not say who you are."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "w20"}),
        error_messages={"invalid": _("Write the address like this: name@company.com")},
    )
