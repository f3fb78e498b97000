"""What staff do with enrolments: each address calls the one function that the site calls, too."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from accounts.admin import visible_or_404
from accounts.policy import can, guard
from courses.models import Run
from home import formats

from .. import (
    booking,
    companies,
    eligibility,
    group_booking,
    history,
    needs,
    places,
    sheets,
)
from ..attention import needs_of
from ..availability import for_runs
from ..board import SORTS, Row, board
from ..forms.staff import AddForm, AddGroupForm, CapacityForm, NameForm, blank
from ..group_booking import Named
from ..models import Enrollment
from ..scope import Scope, runs_of, runs_seen_by, scope_of
from ..status import Reason, Status

REFUSALS = (
    booking.BookingError,
    places.PlacesError,
    eligibility.NotEligible,
    companies.NumberError,
)
HISTORY_PAGE = 50


def words_of(error: Exception) -> str:
    """What a refusal says to the reader: every reason where there are several."""
    if isinstance(error, eligibility.NotEligible):
        return " ".join(error.reasons)
    if isinstance(error, booking.AlreadyEnrolled):
        return _("This person is enrolled on the run already.")
    return str(error.message)


def own_run(request: HttpRequest, code: str) -> Run:
    """A run that the actor handles. Raises Http404."""
    rows = runs_of(request.user).select_related("course", "host", "rules")
    return get_object_or_404(rows, code=code)


def _handled(request: HttpRequest, pk: int) -> Enrollment:
    """An enrolment on a run that the actor handles: a co-organiser sees more. Raises Http404."""
    return visible_or_404(request.user, Enrollment, pk=pk, run__in=runs_of(request.user))


@require_POST
@guard("enrollment.handle")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    enrollment = _handled(request, pk)
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
    enrollment = _handled(request, pk)
    done = booking.settle(booking=enrollment.booking, actor=request.user, now=timezone.now())
    if done:
        messages.success(request, _("Confirmed. The person has been told by mail."))
    else:
        messages.warning(request, _("Nothing was confirmed: something is still missing."))
    return redirect("enrolments:inspect", pk)


@require_POST
@guard("enrollment.handle")
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who takes a seat that was booked without a name."""
    enrollment, form = _handled(request, pk), NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write first name, last name and an e-mail address."))
        return redirect("enrolments:inspect", pk)
    given = form.cleaned_data
    try:
        group_booking.name_seat(
            enrollment=enrollment,
            named=Named(given["email"], given["first_name"], given["last_name"]),
            actor=request.user,
            now=timezone.now(),
        )
    except places.StatusError:
        messages.error(request, _("The seat has a name already, or it is no longer booked."))
    except REFUSALS as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("Named. The person has been told by mail."))
    return redirect("enrolments:inspect", pk)


@require_safe
@guard("enrollment.see")
def runs(request: HttpRequest) -> HttpResponse:
    seen = runs_seen_by(request.user).select_related("course", "host")
    found = list(seen.order_by("-opens_at", "code")[:100])
    seats = for_runs(found, now=timezone.now())
    rows = [(run, seats[run.pk]) for run in found]
    return render(request, "enrollment/admin/runs.html", {"rows": rows})


def _seen_run(request: HttpRequest, code: str) -> tuple[Run, Scope]:
    rows = runs_seen_by(request.user).select_related("course", "host", "rules")
    run = get_object_or_404(rows, code=code)
    return run, scope_of(request.user, run)


@require_safe
@guard("enrollment.see")
def run(request: HttpRequest, code: str) -> HttpResponse:
    found, scope = _seen_run(request, code)
    return run_page(request, found, scope)


def run_page(request, run: Run, scope: Scope, *, status: int = 200, **forms) -> HttpResponse:
    """A run's page; `forms` are those that were sent and refused."""
    now = timezone.now()
    shown = board(run, scope=scope, now=now)
    seats = for_runs([run], now=now)[run.pk]
    page = Paginator(history.entries(shown), HISTORY_PAGE).get_page(request.GET.get("page"))
    asked = _asked(request)
    blanks = {}
    if scope.handles:
        blanks = {
            "add": blank(AddForm, language=run.language),
            "group": blank(AddGroupForm, language=run.language),
            "resize": CapacityForm(initial={"capacity": seats.capacity}),
        }
    context = {
        "run": run,
        "board": shown,
        "handles": scope.handles,
        "todo": list(needs_of(shown, now=now)) if scope.handles else [],
        "seats": seats,
        "caterer": needs.counts(run) if can(request.user, "enrollment.needs", run) else None,
        "rows": shown.shown(**asked),
        "asked": asked,
        "filter_query": _query(asked, "status", "company"),
        "shown_query": _query(asked, "status", "company", "sort"),
        "columns": _columns(asked),
        "statuses": Status.choices,
        "history": history.told(page, shown=shown),
        "page": page,
        "failed": bool(forms),
        "now": now,
        **blanks,
        **forms,
    }
    return render(request, "enrollment/admin/run.html", context, status=status)


def _asked(request: HttpRequest) -> dict[str, str]:
    """Status, company and column that the address asks for; whatever is not known is left out."""
    status, sort = request.GET.get("status", ""), request.GET.get("sort", "")
    return {
        "status": status if status in Status.values else "",
        "company": request.GET.get("company", "")[:160],
        "sort": sort if sort.removeprefix("-") in SORTS else "name",
    }


def _query(asked: dict[str, str], *names: str) -> str:
    return urlencode({name: asked[name] for name in names if asked[name]})


def _columns(asked: dict[str, str]) -> list[dict[str, str]]:
    """The heads of the list of people, each with the address that sorts by it, or turns the order round."""
    labels = {
        "name": _("Participant"),
        "company": _("Company"),
        "status": _("Status"),
        "place": _("Place"),
        "booked_by": pgettext("enrolment", "Booked by"),
        "enrolled": _("Enrolled"),
    }
    columns = []
    for key, label in labels.items():
        turned = f"-{key}" if asked["sort"] == key else key
        direction = ""
        if asked["sort"].removeprefix("-") == key:
            direction = "descending" if asked["sort"].startswith("-") else "ascending"
        query = _query({**asked, "sort": turned}, "status", "company", "sort")
        columns.append({"key": key, "label": label, "query": query, "direction": direction})
    return columns


@require_safe
@guard("enrollment.see")
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the people that the page shows, as a file."""
    found, scope = _seen_run(request, code)
    shown = board(found, scope=scope, now=timezone.now())
    head = [
        _("Place"),
        _("First name"),
        _("Last name"),
        _("E-mail"),
        _("Company"),
        _("County"),
        _("Status"),
        _("Still missing"),
        pgettext("enrolment", "Booked by"),
        _("Enrolled"),
    ]
    rows = (_exported(row) for row in shown.shown(**_asked(request)))
    return sheets.csv_response(f"{found.code}-{timezone.localdate()}", head, rows)


def _exported(row: Row) -> list[object]:
    enrollment, person = row.enrollment, row.enrollment.person
    return [
        row.place,
        person.first_name if person else row.name,
        person.last_name if person else "",
        person.email if person else "",
        row.company,
        enrollment.booking.region,
        enrollment.get_status_display(),
        " ".join(row.why),
        enrollment.booking.booked_by,
        formats.day_time(enrollment.created_at),
    ]


@require_POST
@guard("enrollment.handle")
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A participant added by staff: the same function, hence the same refusals, as the public form."""
    run, form = own_run(request, code), AddForm(request.POST)
    if not form.is_valid():
        return run_page(request, run, Scope(handles=True), add=form)
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
    except REFUSALS as error:
        form.add_error(None, words_of(error))
        return run_page(request, run, Scope(handles=True), add=form, status=409)
    messages.success(request, _("Added. The person has been told by mail."))
    return redirect("enrolments:run", code)


@require_POST
@guard("enrollment.handle")
def add_group(request: HttpRequest, code: str) -> HttpResponse:
    """A company's booking taken by staff: the same function as the company's own three screens."""
    run, form = own_run(request, code), AddGroupForm(request.POST)
    if not form.is_valid():
        return run_page(request, run, Scope(handles=True), group=form)
    given = form.cleaned_data
    try:
        group_booking.send(
            run=run,
            token=given["token"],
            booker=Named(given["email"], given["first_name"], given["last_name"]),
            number=given["number"],
            company_name=given["company_name"],
            municipality=given["municipality"],
            people=form.seated(),
            reference=given["reference"],
            language=given["language"],
            terms_accepted=given["terms"],
            actor=request.user,
            now=timezone.now(),
        )
    except REFUSALS as error:
        field = "number" if isinstance(error, companies.NumberError) else None
        form.add_error(field, words_of(error))
        return run_page(request, run, Scope(handles=True), group=form, status=409)
    messages.success(request, _("Booked. The company has been told by mail."))
    return redirect("enrolments:run", code)


@require_POST
@guard("enrollment.handle")
def resize(request: HttpRequest, code: str) -> HttpResponse:
    run, form = own_run(request, code), CapacityForm(request.POST)
    if not form.is_valid():
        return run_page(request, run, Scope(handles=True), resize=form)
    try:
        places.resize(
            run=run,
            capacity=form.cleaned_data["capacity"],
            actor=request.user,
            now=timezone.now(),
        )
    except places.TooFewFree as error:
        form.add_error("capacity", too_few_words(error))
        return run_page(request, run, Scope(handles=True), resize=form, status=409)
    return redirect("enrolments:run", code)


def too_few_words(error: places.TooFewFree) -> str:
    words = ngettext(
        "%(taken)s place is taken, so there cannot be fewer.",
        "%(taken)s places are taken, so there cannot be fewer.",
        error.taken,
    )
    return words % {"taken": error.taken}
