"""Signing up for a run: form, check page where it costs, done."""

from uuid import uuid4

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.policy import guard, visible
from accounts.ratelimit import allow, allow_caller
from courses.catalogue import meetings_of
from courses.models import Course, Run
from courses.state import Kind, state_of

from .. import booking as bookings
from .. import mails, unasked
from ..access import asks_who, booking_of, has_proven, may_handle, remember
from ..availability import Availability, for_runs
from ..details import change_details
from ..eligibility import NotEligible
from ..forms.check import ReferenceForm
from ..forms.sign_up import SignUpForm
from ..models import Booking
from ..models.rules import rules_of
from ..places import Busy, RunFull, names_due
from ..status import Status

TRIES = 40
WINDOW = 600
DAY = 86_400


def too_many(request: HttpRequest) -> HttpResponse | None:
    """The page for a caller who posts too often."""
    if allow_caller(request, "sign-up", limit=TRIES, seconds=WINDOW):
        return None
    return told_too_many(request)


def told_too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "enrollment/too_many.html", status=429)
    response["Retry-After"] = WINDOW
    return response


def run_or_404(request: HttpRequest, code: str) -> Run:
    runs = visible(request.user, Run).with_days()
    runs = runs.select_related("course", "host", "municipality__region", "rules")
    return get_object_or_404(runs, code=code)


def form_for(request: HttpRequest, seats: Availability, data=None, *, run=None) -> SignUpForm:
    """The sign-up form as this visitor needs it: prefilled and shorter for somebody who is signed in."""
    person = request.user if request.user.is_authenticated else None
    initial = {}
    if person and data is None:
        last = Booking.objects.filter(booked_by=person).values_list("company_name", flat=True)
        initial = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "company": last.first() or "",
        }
    asks = seats.shared > 0 or (run is not None and rules_of(run).regions_only)
    return SignUpForm(data, person=person, ask_municipality=asks, initial=initial)


def details(form: SignUpForm) -> dict:
    """What `sign_up` wants to know about the person, out of a valid form."""
    given, person = form.cleaned_data, form.person
    return {
        "email": person.email if person else given["email"],
        "first_name": given.get("first_name") or person.first_name,
        "last_name": given.get("last_name") or person.last_name,
        "company_name": given["company"],
        "region": given["municipality"].region if given.get("municipality") else None,
    }


def keep_own_name(person: User | None, first_name: str, last_name: str) -> None:
    """Store the name of somebody who has signed in, had none yet, and has just given it."""
    if person and not (person.first_name and person.last_name):
        change_details(person=person, changes={"first_name": first_name, "last_name": last_name})


def named_too_often(request: HttpRequest, form) -> HttpResponse | None:
    """The page for an address that strangers have used too often in a day: whoever reads its mail signs in."""
    if form.person is not None:
        return None
    address = User.objects.normalise(form.cleaned_data["email"])
    if allow(f"address:{address}", limit=unasked.MOST, seconds=DAY):
        return None
    return render(request, "enrollment/too_many_today.html", status=429)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def book(request: HttpRequest, code: str) -> HttpResponse:
    run, now = run_or_404(request, code), timezone.now()
    seats = for_runs([run], now=now)[run.pk]
    state = state_of(run, seats=seats, now=now)
    if state.kind not in (Kind.OPEN, Kind.FEW, Kind.FULL):
        return _closed(request, run, state)
    if run.course.unit == Course.Unit.TEAM and state.kind != Kind.FULL:
        return redirect("book_company", code=run.code)
    if request.method != "POST":
        if state.kind == Kind.FULL:
            return redirect("wait", code=run.code)
        return _form(request, run, seats, form_for(request, seats, run=run))
    return too_many(request) or _post(request, run, seats, now)


def _post(request: HttpRequest, run: Run, seats: Availability, now) -> HttpResponse:
    form = form_for(request, seats, request.POST, run=run)
    if form.is_from_a_program:
        return render(request, "enrollment/look_in_mail.html", {"run": run})
    if not form.is_valid() or "change" in request.POST:
        if "token" in form.errors:
            form.data = {**form.data.dict(), "token": str(uuid4())}
        if "change" in request.POST:
            form.errors.clear()
        return _form(request, run, seats, form)
    if run.price_ore and "confirm" not in request.POST:
        vat_ore = run.price_incl_vat_ore - run.price_ore
        return render(request, "enrollment/check.html", _context(run, seats, form, vat_ore=vat_ore))
    if refused := named_too_often(request, form):
        return refused
    given = details(form)
    keep_own_name(form.person, given["first_name"], given["last_name"])
    try:
        booking = bookings.sign_up(
            run=run,
            token=form.cleaned_data["token"],
            language=get_language(),
            terms_accepted=form.cleaned_data["terms"],
            now=now,
            **given,
        )
    except bookings.AlreadyEnrolled as error:
        return again(request, run, error.enrollment, now)
    except RunFull:
        return _full(request, run, form)
    except Busy as error:
        response = _form(request, run, seats, form, problem=error.message, status=503)
        response["Retry-After"] = "5"
        return response
    except NotEligible as error:
        if error.of_people and form.person is None:
            return told_by_mail(request, run, form.cleaned_data["email"], error, now)
        return _form(request, run, seats, form, problems=error.reasons, status=409)
    except bookings.NotOpen:
        run = run_or_404(request, run.code)
        return _closed(request, run, state_of(run, seats=seats, now=now))
    except bookings.BookingError as error:
        form.data = {**form.data.dict(), "token": str(uuid4())}
        return _form(request, run, seats, form, problem=error.message, status=409)
    remember(request, booking)
    return redirect(next_address(booking))


def next_address(booking: Booking) -> str:
    """Where a booking goes on: to the payment while places are held for one, else to its own page."""
    paying = booking.price_ore and booking.enrollments.filter(status=Status.HELD).exists()
    return reverse("pay" if paying else "booking", args=[booking.public_id])


def _context(run: Run, seats: Availability, form: SignUpForm, **more) -> dict:
    several = rules_of(run).most_per_booking > 1
    return {
        "run": run,
        "seats": seats,
        "form": form,
        "now": timezone.now(),
        "several": several,
        **more,
    }


def _form(request, run, seats, form, *, problem="", problems=(), status=200) -> HttpResponse:
    problems = [problem] if problem else list(problems)
    context = _context(run, seats, form, problems=problems, failed=problems or form.errors)
    return render(request, "enrollment/book.html", context, status=status)


def _closed(request, run, state) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    return render(request, "enrollment/closed.html", {"run": run, "state": state}, status=status)


def _full(request, run, form) -> HttpResponse:
    """The last place went while the form was filled in: the same words stand in the waiting list's form."""
    seats = for_runs([run], now=timezone.now())[run.pk]
    form.data = {**form.data.dict(), "token": str(uuid4())}
    return render(
        request, "enrollment/wait.html", _context(run, seats, form, just_full=True), status=409
    )


def again(request, run, enrollment, now) -> HttpResponse:
    """Somebody with this address is enrolled already. Told on the screen to the person alone; a stranger
    only reads that there is mail, and the person gets it."""
    if request.user.is_authenticated and request.user.pk == enrollment.person_id:
        return render(request, "enrollment/already.html", {"run": run, "enrollment": enrollment})
    mails.booking_again(enrollment, now=now)
    return render(request, "enrollment/look_in_mail.html", {"run": run})


@transaction.atomic
def told_by_mail(request, run, email: str, error: NotEligible, now) -> HttpResponse:
    """What other courses somebody takes is said to the address alone, not to whoever types it."""
    unasked.may_not_book(
        User.objects.normalise(email),
        run=run,
        reasons=error.reasons,
        language=get_language(),
        now=now,
    )
    return render(request, "enrollment/look_in_mail.html", {"run": run})


@never_cache
@require_safe
@guard("public")
def done(request: HttpRequest, public_id) -> HttpResponse:
    """A booking's own page: what is sure, what happens next, the meetings. Whoever was named by a colleague
    sees the own place alone."""
    if asks_who(request, public_id):
        return redirect_to_login(request.get_full_path())
    booking, now = booking_of(request, public_id), timezone.now()
    handles = may_handle(request, booking)
    enrollments = booking.enrollments.order_by("pk").select_related("person")
    if not handles:
        enrollments = enrollments.filter(person=request.user)
        if not enrollments:
            raise Http404
    seats = [one for one in enrollments if one.status != Status.CANCELLED] or list(enrollments)
    booker = booking.booked_by
    meetings = meetings_of(booking.run, list(booking.run.course.modules.all()))
    coming = next((meeting for meeting in meetings if meeting.ends_at > now), None)
    context = {
        "booking": booking,
        "run": booking.run,
        "enrollments": seats,
        "status": worst(seats),
        "meetings": meetings,
        "coming": coming,
        "is_over": bool(meetings) and coming is None,
        "own": request.user.is_authenticated,
    }
    if handles and booker and (len(seats) > 1 or (seats and seats[0].person_id != booker.pk)):
        proven = has_proven(request.user, booking)
        live = [seat for seat in seats if seat.status in Status.LIVE]
        unnamed = sum(not (seat.person_id or (seat.named_as and not proven)) for seat in live)
        context |= {
            "proven": proven,
            "unnamed": unnamed,
            "names_due": names_due(booking.run, now=now) if unnamed else None,
            "reference_form": ReferenceForm(initial={"reference": booking.reference}),
            "mine": next((seat for seat in seats if seat.person_id == booker.pk), None),
        }
        return render(request, "enrollment/done_group.html", context)
    return render(request, "enrollment/done.html", context)


def worst(seats: list) -> str:
    """What a booking with these enrolments waits for: the first of them that is not settled, else the first."""
    waiting = [seat for seat in seats if seat.status in (Status.HELD, Status.OFFERED)]
    return (waiting or seats)[0].status if seats else ""
