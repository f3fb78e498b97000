"""Coordinators make two accounts of one person one."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policy import guard

from .. import merging
from ..forms.staff import StaffForm
from . import staff_frame


class MergeForm(StaffForm):
    """Two people by their addresses."""

    keep = forms.EmailField(label=gettext_lazy("Address of the account that stays"))
    gone = forms.EmailField(label=gettext_lazy("Address of the account that is closed"))

    def _person(self, name: str) -> User:
        email = User.objects.normalise(self.cleaned_data[name])
        person = User.objects.filter(email=email).first()
        if person is None:
            raise forms.ValidationError(_("Nobody here has this address."))
        return person

    def clean_keep(self) -> User:
        return self._person("keep")

    def clean_gone(self) -> User:
        return self._person("gone")


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.merge")
def merge(request: HttpRequest) -> HttpResponse:
    """Choose two people, see what would move, confirm."""
    given = request.POST if request.method == "POST" else request.GET
    form, found, status = MergeForm(given or None), None, 200
    if form.is_valid():
        people = {"keep": form.cleaned_data["keep"], "gone": form.cleaned_data["gone"]}
        try:
            if request.method == "POST":
                merging.merge(**people, actor=request.user, now=timezone.now())
                messages.success(request, _("Merged. The person has been told by mail."))
                return redirect("enrolments:merge")
            found = merging.preview(**people)
        except merging.MergeError as error:
            form.add_error(None, error.message)
            status = 409 if request.method == "POST" else 200
    return staff_frame.page(
        request,
        "merge",
        {"form": form, "found": found},
        title=_("Merge two people"),
        icon="group",
        trail=[(_("Enrolments"), reverse("enrolments:index"))],
        forms=[form],
        status=status,
    )
