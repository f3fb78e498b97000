"""A colleague instead, another run, one more in the team: each a form and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import guard
from courses.models import Run

from .. import changes, discretion, moving, places
from ..booking import BookingError
from ..eligibility import NotEligible
from ..forms.change import MoveForm, choices_of
from ..forms.colleague import ColleagueForm
from ..group_booking import Named
from ..models import Enrollment
from ..status import Reason
from . import book as sign_up
from .my import own


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("signed_in")
def substitute(request: HttpRequest, public_id) -> HttpResponse:
    """Screen one asks who comes instead; screen two, at the same address, says that both have been told."""
    enrollment, now = own(request, public_id), timezone.now()
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    context = {"enrollment": enrollment, "run": enrollment.run, "form": form}
    if request.method != "POST":
        if enrollment.reason == Reason.SUBSTITUTED:
            successor = Enrollment.objects.filter(instead_of=enrollment).select_related("person")
            return _done(request, "substitute", {**context, "successor": successor.first()})
        context["end"] = places.last_meeting_end(enrollment.run)
        context["closed"] = not changes.may_hand_over(enrollment, now=now)
        return render(request, "enrollment/substitute.html", context)
    context["end"] = places.last_meeting_end(enrollment.run)
    return _colleague(
        request,
        "enrollment/substitute.html",
        context,
        lambda named: changes.substitute(
            enrollment=enrollment, named=named, actor=request.user, now=now
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("signed_in")
def add(request: HttpRequest, public_id) -> HttpResponse:
    """One more person in the team of an enrolment."""
    enrollment, now = own(request, public_id), timezone.now()
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    context = {"enrollment": enrollment, "run": enrollment.run, "form": form}
    context["members"] = (
        enrollment.team.members.placed().select_related("person") if enrollment.team else []
    )
    if request.method != "POST":
        return render(request, "enrollment/add_to_team.html", context)
    return _colleague(
        request,
        "enrollment/add_to_team.html",
        context,
        lambda named: changes.add_person(
            enrollment=enrollment, named=named, actor=request.user, now=now
        ),
    )


def _colleague(request, template: str, context: dict, act) -> HttpResponse:
    """Check the form and act; errors stand at the field, and what was typed stays."""
    form, status = context["form"], 200
    if form.is_valid():
        if refused := sign_up.too_many(request):
            return refused
        named = Named(**form.cleaned_data)
        if away := discretion.turned_away(
            enrollment=context["enrollment"],
            address=named.email,
            asker=request.user,
            now=timezone.now(),
        ):
            form.add_error("email", away.message)
            return render(request, template, {**context, "failed": True}, status=409)
        try:
            act(named)
        except (changes.Taken, changes.SamePerson) as error:
            form.add_error("email", error.message)
        except NotEligible as error:
            form.add_error("email", " ".join(error.reasons))
        except (BookingError, places.PlacesError) as error:
            context["problems"] = [error.message]
        else:
            return redirect(request.path)
        status = 409
    return render(request, template, {**context, "failed": True}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("signed_in")
def move(request: HttpRequest, public_id) -> HttpResponse:
    """Other runs of the same course with places; choosing one moves there."""
    enrollment, now = own(request, public_id), timezone.now()
    context = {"enrollment": enrollment, "run": enrollment.run}
    if enrollment.reason == Reason.MOVED and request.method != "POST":
        after = Enrollment.objects.filter(instead_of=enrollment)
        return _done(request, "move", {**context, "moved": after.select_related("run__course")[0]})
    choices = choices_of(enrollment, now=now)
    form = MoveForm(request.POST if request.method == "POST" else None, choices=choices)
    context |= {"form": form, "runs": choices}
    context["closed"] = moving.moving_costs(enrollment, now=now) and not moving.handles(
        request.user, enrollment.run
    )
    if request.method != "POST":
        return render(request, "enrollment/move.html", context)
    if not form.is_valid():
        # The last place of a run may have gone since the page was opened.
        return render(request, "enrollment/move.html", {**context, "failed": True})
    to_run = get_object_or_404(Run.objects.public(), code=form.cleaned_data["run"])
    try:
        moving.move(enrollment=enrollment, to_run=to_run, actor=request.user, now=now)
    except NotEligible as error:
        context["problems"] = error.reasons
    except (BookingError, places.PlacesError) as error:
        context["problems"] = [error.message]
    else:
        return redirect(request.path)
    return render(request, "enrollment/move.html", {**context, "failed": True}, status=409)


def _done(request, what: str, context: dict) -> HttpResponse:
    return render(request, f"enrollment/{what}_done.html", context)
