"""What staff do with one enrolment: the same functions as the participant's pages."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.admin import visible_or_404
from accounts.policy import guard
from courses.models import Run

from .. import booking, changes, fees, group_booking, moving, places
from ..board import seat_name
from ..forms.change import MoveForm, choices_of
from ..forms.colleague import ColleagueForm
from ..forms.staff import NameForm
from ..group_booking import Named
from ..models import Enrollment
from ..scope import runs_of
from ..status import Reason, Status
from . import staff_frame
from .staff import refused, words_of


def handled(request: HttpRequest, pk: int) -> Enrollment:
    """An enrolment on a run that the actor handles: a co-organiser sees more. Raises Http404."""
    return visible_or_404(request.user, Enrollment, pk=pk, run__in=runs_of(request.user))


def is_unnamed(enrollment: Enrollment) -> bool:
    """Whether somebody is still to be named for this seat."""
    live = enrollment.status in Status.LIVE
    return live and enrollment.person is None and not enrollment.booking.is_draft


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who takes the seat, hand it over, move it or give it up."""
    enrollment = handled(request, pk)
    if request.method != "POST":
        return _page(request, enrollment)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    return act(request, enrollment)


@require_POST
@guard("enrollment.handle")
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who takes a seat that was booked without a name."""
    return _name(request, handled(request, pk))


@require_POST
@guard("enrollment.handle")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The organiser ends a place: it costs nothing and passes on."""
    enrollment = handled(request, pk)
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
    enrollment = handled(request, pk)
    done = booking.settle(booking=enrollment.booking, actor=request.user, now=timezone.now())
    if done:
        messages.success(request, _("Confirmed. The person has been told by mail."))
    else:
        messages.warning(request, _("Nothing was confirmed: something is still missing."))
    return redirect("enrolments:inspect", pk)


@require_POST
@guard("enrollment.handle")
def fee(request: HttpRequest, pk: int) -> HttpResponse:
    """What a late cancellation costs is claimed as it stands, or waived."""
    enrollment = handled(request, pk)
    kept = 0 if request.POST.get("do") == "waive" else enrollment.fee_ore
    try:
        fees.settle_fee(enrollment=enrollment, fee_ore=kept, actor=request.user)
    except changes.ChangeError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Noted."))
    return redirect("enrolments:inspect", pk)


def _name(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    form = NameForm(request.POST)

    def act(given: dict) -> None:
        group_booking.name_seat(
            enrollment=enrollment, named=Named(**given), actor=request.user, now=timezone.now()
        )

    if status := refused(form, act, words=_taken_words):
        return _page(request, enrollment, named=form, status=status)
    messages.success(request, _("Named. The person has been told by mail."))
    return redirect("enrolments:inspect", enrollment.pk)


def _taken_words(error: Exception) -> str:
    if isinstance(error, places.StatusError):
        return _("The seat has a name already, or it is no longer booked.")
    return words_of(error)


def _substitute(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    form, now = ColleagueForm(request.POST), timezone.now()

    def act(given: dict) -> None:
        changes.substitute(enrollment=enrollment, named=Named(**given), actor=request.user, now=now)

    if status := refused(form, act):
        return _page(request, enrollment, hand=form, status=status)
    return _changed(request, enrollment)


def _move(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    now = timezone.now()
    form = MoveForm(request.POST, choices=choices_of(enrollment, now=now))

    def act(given: dict) -> None:
        to_run = get_object_or_404(Run.objects.public(), code=given["run"])
        moving.move(enrollment=enrollment, to_run=to_run, actor=request.user, now=now)

    if status := refused(form, act):
        return _page(request, enrollment, move=form, status=status)
    return _changed(request, enrollment)


def _changed(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    messages.success(request, _("Changed. Everybody concerned has been told by mail."))
    new = Enrollment.objects.filter(instead_of=enrollment).first()
    return redirect("enrolments:inspect", (new or enrollment).pk)


ACTS = {"name": _name, "substitute": _substitute, "move": _move}


def _page(
    request: HttpRequest, enrollment: Enrollment, *, status: int = 200, **sent: BaseForm
) -> HttpResponse:
    now = timezone.now()
    choices = choices_of(enrollment, now=now)
    context = {
        "enrollment": enrollment,
        "named": NameForm() if is_unnamed(enrollment) else None,
        "move": MoveForm(choices=choices) if choices else None,
        "hand": ColleagueForm() if changes.may_hand_over(enrollment, now=now) else None,
        "live": enrollment.status in Status.LIVE,
        **sent,
    }
    run = enrollment.run
    who = seat_name(enrollment)
    return staff_frame.page(
        request,
        "change",
        context,
        title=_("Change a place"),
        about=f"{who}, {run.code}",
        icon="user",
        trail=[
            (run.code, reverse("enrolments:run", args=[run.code])),
            (who, reverse("enrolments:inspect", args=[enrollment.pk])),
        ],
        forms=sent.values(),
        status=status,
    )
