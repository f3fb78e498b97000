"""A person's own page: courses, places in line, own data."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import guard, visible
from messaging.calendar import invitation

from .. import booking, calendar, waiting
from ..details import change_details
from ..forms import DetailsForm
from ..models import Enrollment, WaitingEntry
from ..overview import overview
from ..status import Reason, Status


def own(request: HttpRequest, public_id) -> Enrollment:
    """The person's own enrolment, or one they booked for somebody. 404 for every other."""
    mine = Q(person=request.user) | Q(booking__booked_by=request.user)
    rows = visible(request.user, Enrollment).filter(mine)
    return get_object_or_404(
        rows.select_related("run__course", "run__host", "person", "booking__booked_by"),
        public_id=public_id,
    )


@never_cache
@require_safe
@guard("signed_in")
def my(request: HttpRequest) -> HttpResponse:
    return render(request, "enrollment/my.html", overview(request.user, now=timezone.now()))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("signed_in")
def details(request: HttpRequest) -> HttpResponse:
    form = DetailsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        change_details(person=request.user, changes=form.cleaned_data)
        return redirect("my")
    if form.errors:
        request.user.refresh_from_db()
    return render(request, "enrollment/details.html", {"form": form, "failed": form.errors})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("signed_in")
def cancel(request: HttpRequest, public_id) -> HttpResponse:
    """What cancelling means; posting does it."""
    enrollment = own(request, public_id)
    if request.method == "POST":
        booking.cancel(
            enrollment=enrollment,
            reason=Reason.BY_PERSON,
            actor=request.user,
            now=timezone.now(),
        )
        enrollment.refresh_from_db()
    return render(
        request,
        "enrollment/cancel.html",
        {
            "enrollment": enrollment,
            "run": enrollment.run,
            "cancelled": enrollment.status == Status.CANCELLED,
        },
    )


@never_cache
@require_safe
@guard("signed_in")
def diary(request: HttpRequest, public_id) -> HttpResponse:
    """The meetings of an enrolment as a file for any diary."""
    enrollment, language = own(request, public_id), get_language()
    text = invitation(
        calendar.meetings(enrollment, language=language),
        method="CANCEL" if enrollment.status == Status.CANCELLED else "REQUEST",
        attendee_name=request.user.get_full_name(),
        attendee_email=request.user.email,
        now=timezone.now(),
    )
    name = slugify(enrollment.run.course.name_in(language)) or "meetings"
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


@require_POST
@guard("signed_in")
def leave(request: HttpRequest, public_id) -> HttpResponse:
    """Step out of a line."""
    entry = get_object_or_404(
        visible(request.user, WaitingEntry).filter(person=request.user), public_id=public_id
    )
    waiting.leave(entry=entry, actor=request.user, now=timezone.now())
    return redirect("my")
