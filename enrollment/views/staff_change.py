"""Staff hand a place over or move it: the same functions as the participant's pages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.admin import visible_or_404
from accounts.policy import guard
from courses.models import Run

from .. import changes, fees, moving
from ..forms.change import MoveForm, choices_of
from ..forms.colleague import ColleagueForm
from ..group_booking import Named
from ..models import Enrollment
from ..scope import runs_of
from .staff import REFUSALS, words_of


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    enrollment, now = (
        visible_or_404(request.user, Enrollment, pk=pk, run__in=runs_of(request.user)),
        timezone.now(),
    )
    asked = request.POST.get("do") if request.method == "POST" else None
    choices = choices_of(enrollment, now=now)
    move = MoveForm(request.POST if asked == "move" else None, choices=choices)
    hand = ColleagueForm(request.POST if asked == "substitute" else None)
    status, form = 200, {"move": move, "substitute": hand}.get(asked or "")
    if form is not None and form.is_valid():
        try:
            moved = _do(request, enrollment, form, now)
        except REFUSALS as error:
            form.add_error(None, words_of(error))
            status = 409
        else:
            messages.success(request, _("Changed. Everybody concerned has been told by mail."))
            return redirect("enrolments:inspect", moved.pk)
    context = {
        "enrollment": enrollment,
        "move": move if choices else None,
        "hand": hand if changes.may_hand_over(enrollment, now=now) else None,
        "form": form,
    }
    return render(request, "enrollment/admin/change.html", context, status=status)


def _do(request: HttpRequest, enrollment: Enrollment, form, now) -> Enrollment:
    if isinstance(form, ColleagueForm):
        named = Named(**form.cleaned_data)
        return changes.substitute(enrollment=enrollment, named=named, actor=request.user, now=now)
    to_run = get_object_or_404(Run.objects.public(), code=form.cleaned_data["run"])
    moving.move(enrollment=enrollment, to_run=to_run, actor=request.user, now=now)
    return Enrollment.objects.get(instead_of=enrollment)


@require_POST
@guard("enrollment.handle")
def fee(request: HttpRequest, pk: int) -> HttpResponse:
    """What a late cancellation costs is claimed as it stands, or waived."""
    rows = {"pk": pk, "run__in": runs_of(request.user)}
    enrollment = visible_or_404(request.user, Enrollment, **rows)
    kept = 0 if request.POST.get("do") == "waive" else enrollment.fee_ore
    try:
        fees.settle_fee(enrollment=enrollment, fee_ore=kept, actor=request.user)
    except changes.ChangeError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Noted."))
    return redirect("enrolments:inspect", pk)
