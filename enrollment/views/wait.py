"""The waiting list: stand in line, answer an offer."""

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.people import known_or_new
from accounts.policy import guard
from courses.state import Kind, state_of

from .. import mails, waiting
from ..access import remember
from ..availability import for_runs
from ..booking import AlreadyEnrolled, BookingError, NotOpen
from ..models import WaitingEntry
from . import book as sign_up


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def wait(request: HttpRequest, code: str) -> HttpResponse:
    run, now = sign_up.run_or_404(request, code), timezone.now()
    seats = for_runs([run], now=now)[run.pk]
    state = state_of(run, seats=seats, now=now)
    if state.kind not in (Kind.OPEN, Kind.FEW, Kind.FULL):
        status = 409 if request.method == "POST" else 200
        return render(
            request, "enrollment/closed.html", {"run": run, "state": state}, status=status
        )
    if request.method != "POST":
        if state.kind != Kind.FULL and not seats.reserved:
            return redirect("book", code=run.code)
        form = sign_up.form_for(request, seats)
        return render(request, "enrollment/wait.html", {"run": run, "seats": seats, "form": form})
    return sign_up.too_many(request) or _post(request, run, seats, now)


def _post(request, run, seats, now) -> HttpResponse:
    form = sign_up.form_for(request, seats, request.POST)
    if form.is_from_a_program:
        return render(request, "enrollment/look_in_mail.html", {"run": run})
    context = {"run": run, "seats": seats, "form": form}
    if not form.is_valid():
        return render(request, "enrollment/wait.html", {**context, "failed": True})
    try:
        entry = _join(form, run=run, now=now)
    except waiting.PlacesFree as error:
        again = {**context, "problems": [error.message], "failed": True, "now": now}
        return render(request, "enrollment/book.html", again, status=409)
    except AlreadyEnrolled as error:
        return sign_up.again(request, run, error.enrollment, now)
    except NotOpen:
        state = state_of(run, seats=seats, now=now)
        return render(request, "enrollment/closed.html", {"run": run, "state": state}, status=409)
    except BookingError as error:
        again = {**context, "problems": [error.message], "failed": True}
        return render(request, "enrollment/wait.html", again, status=409)
    return render(
        request,
        "enrollment/waiting.html",
        {"run": run, "entry": entry, "position": waiting.position(entry)},
    )


@transaction.atomic
def _join(form, *, run, now) -> WaitingEntry:
    given = sign_up.details(form)
    person = form.person or known_or_new(
        email=given["email"],
        first_name=given["first_name"],
        last_name=given["last_name"],
        language=get_language(),
        now=now,
    )
    return waiting.join(
        run=run,
        person=person,
        company_name=given["company_name"],
        region=given["region"],
        language=get_language(),
        terms_accepted=form.cleaned_data["terms"],
        now=now,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """An offer's page, opened by its signed link: accept or decline, nothing to fill in."""
    entry, now = _entry_of(token), timezone.now()
    context = {"run": entry.run, "entry": entry, "token": token, "until": _until(entry)}
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "accept":
                booking = waiting.accept(entry=entry, actor=entry.person, now=now)
                remember(request, booking)
                return redirect(sign_up.next_address(booking))
            if request.POST.get("answer") == "decline":
                waiting.decline(entry=entry, actor=entry.person, now=now)
        except waiting.OfferEnded:
            return render(request, "enrollment/offer.html", {**context, "ended": True}, status=409)
        entry.refresh_from_db()
    elif entry.status == WaitingEntry.Status.ACCEPTED:
        remember(request, entry.booking)
        return redirect("booking", public_id=entry.booking.public_id)
    context["ended"] = entry.status == WaitingEntry.Status.EXPIRED or (
        entry.status == WaitingEntry.Status.OFFERED and context["until"] <= now
    )
    return render(request, "enrollment/offer.html", context)


def _entry_of(token: str) -> WaitingEntry:
    """Raises Http404 for a token that was not made here or belongs to an earlier offer."""
    try:
        public_id, booking_id = signing.loads(token, salt=mails.OFFER_SALT)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    entries = WaitingEntry.objects.select_related("run__course", "run__host", "person", "booking")
    entry = entries.filter(public_id=public_id, booking=booking_id).first()
    if entry is None:
        raise Http404
    return entry


def _until(entry: WaitingEntry):
    held = entry.booking.enrollments.filter(status="offered").first()
    return held.hold_until if held else timezone.now()
