"""What staff do with enrolments: each address calls the one function that the site calls, too."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.admin import visible_or_404
from accounts.policy import guard
from courses.models import Run
from home.models import Municipality

from .. import booking, places
from ..availability import for_runs
from ..models import Enrollment
from ..rules import runs_of
from ..status import Reason


class AddForm(forms.Form):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    company = forms.CharField(label=gettext_lazy("Company"), max_length=160, required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(), label=gettext_lazy("Municipality"), required=False
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("sv", "Svenska"), ("en", "English")]
    )
    terms = forms.BooleanField(label=gettext_lazy("The person has accepted the booking terms"))
    token = forms.UUIDField(widget=forms.HiddenInput)


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(
        label=gettext_lazy("Number of places"), min_value=0, max_value=1000
    )


@require_POST
@guard("enrollment.handle")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    enrollment = visible_or_404(request.user, Enrollment, pk=pk)
    changed = booking.cancel(
        enrollment=enrollment, reason=Reason.BY_STAFF, actor=request.user, now=timezone.now()
    )
    if changed:
        messages.success(request, _("Cancelled. The person has been told by mail."))
    return redirect("enrolments:inspect", pk)


@require_POST
@guard("enrollment.handle")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirms what lacks nothing; else says what is lacking."""
    enrollment = visible_or_404(request.user, Enrollment, pk=pk)
    done = booking.settle(booking=enrollment.booking, actor=request.user, now=timezone.now())
    if done:
        messages.success(request, _("Confirmed. The person has been told by mail."))
    else:
        messages.warning(request, _("Nothing was confirmed: something is still missing."))
    return redirect("enrolments:inspect", pk)


@require_safe
@guard("enrollment.see")
def runs(request: HttpRequest) -> HttpResponse:
    found = list(runs_of(request.user).select_related("course").order_by("-opens_at", "code")[:100])
    seats = for_runs(found, now=timezone.now())
    rows = [(run, seats[run.pk]) for run in found]
    return render(request, "enrollment/admin/runs.html", {"rows": rows})


@require_safe
@guard("enrollment.see")
def run(request: HttpRequest, code: str) -> HttpResponse:
    return _run_page(request, _own_run(request, code))


def _own_run(request: HttpRequest, code: str) -> Run:
    return get_object_or_404(runs_of(request.user).select_related("course"), code=code)


def _run_page(request, run, *, add=None, capacity=None, status=200) -> HttpResponse:
    seats = for_runs([run], now=timezone.now())[run.pk]
    held = run.places.select_related("enrollment__person", "share__region").order_by("number")
    return render(
        request,
        "enrollment/admin/run.html",
        {
            "run": run,
            "seats": seats,
            "places": held,
            "line": run.waiting.in_line().select_related("person"),
            "add": add or AddForm(initial={"token": uuid.uuid4(), "language": run.language}),
            "resize": capacity or CapacityForm(initial={"capacity": seats.capacity}),
        },
        status=status,
    )


@require_POST
@guard("enrollment.handle")
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A participant added by staff: the same function, hence the same refusals, as the public form."""
    run, form = _own_run(request, code), AddForm(request.POST)
    if not form.is_valid():
        return _run_page(request, run, add=form, status=200)
    given = form.cleaned_data
    try:
        booking.sign_up(
            run=run,
            email=given["email"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            company_name=given["company"],
            region=given["municipality"].region if given["municipality"] else None,
            language=given["language"],
            token=given["token"],
            terms_accepted=given["terms"],
            actor=request.user,
            now=timezone.now(),
        )
    except (booking.BookingError, places.PlacesError) as error:
        form.add_error(None, error.message)
        return _run_page(request, run, add=form, status=409)
    messages.success(request, _("Added. The person has been told by mail."))
    return redirect("enrolments:run", code)


@require_POST
@guard("enrollment.handle")
def resize(request: HttpRequest, code: str) -> HttpResponse:
    run, form = _own_run(request, code), CapacityForm(request.POST)
    if not form.is_valid():
        return _run_page(request, run, capacity=form)
    try:
        places.resize(
            run=run,
            capacity=form.cleaned_data["capacity"],
            actor=request.user,
            now=timezone.now(),
        )
    except places.TooFewFree as error:
        words = ngettext(
            "%(taken)s place is taken, so there cannot be fewer.",
            "%(taken)s places are taken, so there cannot be fewer.",
            error.taken,
        )
        form.add_error("capacity", words % {"taken": error.taken})
        return _run_page(request, run, capacity=form, status=409)
    return redirect("enrolments:run", code)
