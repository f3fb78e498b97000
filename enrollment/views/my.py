"""A person's own page: courses, places in line, own data."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import can, guard, visible
from messaging.calendar import invitation

from .. import booking, calendar, confirming, waiting
from ..change_rules import speaks_for_booking
from ..changes import may_hand_over
from ..details import change_details
from ..forms.sign_up import DetailsForm
from ..models import Enrollment, WaitingEntry
from ..overview import overview
from ..status import Reason, Status
from ..terms import consequence, terms_in_words


def own(request: HttpRequest, public_id) -> Enrollment:
    """An enrolment that the person may change: the own one, one they booked, one of a company they act for.
    404 for every other."""
    rows = visible(request.user, Enrollment).select_related(
        "run__course",
        "run__host",
        "run__municipality__region",
        "run__rules",
        "person",
        "team",
        "booking__booked_by",
        "booking__cancellation",
    )
    enrollment = get_object_or_404(rows, public_id=public_id)
    if not can(request.user, "enrollment.change", enrollment):
        raise Http404
    return enrollment


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
    """What cancelling means; posting does it. Whom a colleague has named says no, which costs that one nothing."""
    enrollment, now = own(request, public_id), timezone.now()
    if enrollment.status in Status.LIVE and not speaks_for_booking(request.user, enrollment):
        return redirect("own_data_decline", confirming.token_of(enrollment))
    owed = consequence(enrollment, now=now)
    problems = []
    if request.method == "POST" and enrollment.status in Status.LIVE:
        try:
            if request.POST.get("fee", "0") != str(owed.fee_ore):
                raise booking.FeeChanged(owed.fee_ore)
            booking.cancel(
                enrollment=enrollment,
                reason=Reason.BY_PERSON,
                actor=request.user,
                now=now,
                fee_told_ore=owed.fee_ore,
            )
        except booking.BookingError as error:
            problems = [error.message]
            owed = consequence(enrollment, now=now)
    terms = {"policy": enrollment.booking.cancellation, "price_ore": enrollment.booking.price_ore}
    return render(
        request,
        "enrollment/cancel.html",
        {
            "enrollment": enrollment,
            "run": enrollment.run,
            "owed": owed,
            "terms": terms_in_words(enrollment.run, **terms),
            "substitutes": may_hand_over(enrollment, now=now),
            "cancelled": enrollment.status == Status.CANCELLED,
            "problems": problems,
            "failed": bool(problems),
        },
        status=409 if problems else 200,
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
