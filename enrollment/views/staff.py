"""A run as its staff see it, and what they do there: each address calls the one function that the site calls,
too."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from accounts.policy import guard
from courses.models import Run
from home import formats

from .. import booking, companies, eligibility, group_booking, history, places, sheets
from ..applications import undecided
from ..attention import needs_of
from ..availability import for_runs
from ..board import SORTS, Row, board
from ..forms.staff import AddForm, AddGroupForm, CapacityForm, blank
from ..group_booking import Named
from ..scope import Scope, runs_of, runs_seen_by, scope_of
from ..status import Status
from . import staff_frame

REFUSALS = (
    booking.BookingError,
    places.PlacesError,
    places.StatusError,
    eligibility.NotEligible,
    companies.NumberError,
)
# Beside which field a refusal is said, where the form has it.
BESIDE = {companies.NumberError: ("number",), places.TooFewFree: ("capacity", "count")}
HISTORY_PAGE = 50
RUNS_PAGE = 50


def words_of(error: Exception) -> str:
    """What a refusal says to the reader: every reason where there are several."""
    if isinstance(error, eligibility.NotEligible):
        return " ".join(error.reasons)
    if isinstance(error, booking.AlreadyEnrolled):
        return _("This person is enrolled on the run already.")
    if isinstance(error, places.TooFewFree):
        return too_few_words(error)
    if isinstance(error, places.StatusError):
        return _("Somebody else has changed this in the meantime. Look again.")
    return str(error.message)


def refused(
    form: BaseForm,
    act: Callable[[dict], object],
    *,
    words: Callable[[Exception], str] | None = None,
) -> int | None:
    """Hand what the form says to `act`; None when that was done. Else the status with which the form goes back,
    its errors said: 200 for what was typed wrongly, 409 for what the rules refuse."""
    if not form.is_valid():
        return 200
    try:
        act(form.cleaned_data)
    except REFUSALS as error:
        beside = (name for name in BESIDE.get(type(error), ()) if name in form.fields)
        form.add_error(next(beside, None), (words or words_of)(error))
        return 409
    return None


def own_run(request: HttpRequest, code: str) -> Run:
    """A run that the actor handles. Raises Http404."""
    rows = runs_of(request.user).select_related("course", "host", "rules", "municipality")
    return get_object_or_404(rows.with_dates(), code=code)


@require_safe
@guard("enrollment.see")
def runs(request: HttpRequest) -> HttpResponse:
    """The runs that somebody of the staff sees, those that take place last first."""
    seen = runs_seen_by(request.user).with_dates().select_related("course", "host", "municipality")
    listed = seen.order_by("-first_at", "-opens_at", "code")
    page = Paginator(listed, RUNS_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    seats, waiting = for_runs(found, now=timezone.now()), undecided(found)
    rows = [(run, seats[run.pk], waiting.get(run.pk, (0, None))[0]) for run in found]
    return staff_frame.page(
        request,
        "runs",
        {"rows": rows, "page": page},
        title=_("Places per run"),
        icon="group",
    )


def _seen_run(request: HttpRequest, code: str) -> tuple[Run, Scope]:
    rows = runs_seen_by(request.user).select_related("course", "host", "rules", "municipality")
    run = get_object_or_404(rows.with_dates(), code=code)
    return run, scope_of(request.user, run)


@require_safe
@guard("enrollment.see")
def run(request: HttpRequest, code: str) -> HttpResponse:
    found, scope = _seen_run(request, code)
    return run_page(request, found, scope)


def run_page(
    request: HttpRequest, run: Run, scope: Scope, *, status: int = 200, **sent: BaseForm
) -> HttpResponse:
    """A run's page; `sent` are the forms that were sent and refused."""
    now = timezone.now()
    shown = board(run, scope=scope, now=now)
    seats = for_runs([run], now=now)[run.pk]
    page = Paginator(history.entries(shown), HISTORY_PAGE).get_page(request.GET.get("page"))
    asked = _asked(request)
    forms = {}
    if scope.handles:
        forms = {
            "add": blank(AddForm, language=run.language),
            "group": blank(AddGroupForm, language=run.language),
            "resize": CapacityForm(initial={"capacity": seats.capacity}),
        }
    context = {
        "run": run,
        "here": "run",
        "board": shown,
        "handles": scope.handles,
        "todo": list(needs_of(shown, now=now)) if scope.handles else [],
        "seats": seats,
        "rows": shown.shown(**asked),
        "asked": asked,
        "filter_query": _query(asked, "status", "company"),
        "shown_query": _query(asked, "status", "company", "sort"),
        "columns": _columns(asked),
        "statuses": Status.choices,
        "history": history.told(page, shown=shown),
        "page": page,
        "now": now,
        **forms,
        **sent,
    }
    return staff_frame.page(
        request,
        "run",
        context,
        title=run.code,
        about=str(run.course),
        icon="group",
        trail=[(_("Places per run"), reverse("enrolments:runs"))],
        forms=sent.values(),
        status=status,
    )


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

    def sign_up(given: dict) -> None:
        town = given["municipality"]
        booking.sign_up(
            run=run,
            email=given["email"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            company_name=given["company"],
            region=town.region if town else None,
            language=given["language"],
            token=given["token"],
            terms_accepted=given["terms"],
            actor=request.user,
            now=timezone.now(),
        )

    if status := refused(form, sign_up):
        return run_page(request, run, Scope(handles=True), add=form, status=status)
    messages.success(request, _("Added. The person has been told by mail."))
    return redirect("enrolments:run", code)


@require_POST
@guard("enrollment.handle")
def add_group(request: HttpRequest, code: str) -> HttpResponse:
    """A company's booking taken by staff: the same function as the company's own three screens."""
    run, form = own_run(request, code), AddGroupForm(request.POST)

    def send(given: dict) -> None:
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

    if status := refused(form, send):
        return run_page(request, run, Scope(handles=True), group=form, status=status)
    messages.success(request, _("Booked. The company has been told by mail."))
    return redirect("enrolments:run", code)


@require_POST
@guard("enrollment.handle")
def resize(request: HttpRequest, code: str) -> HttpResponse:
    """More places, or fewer as far as they are free."""
    run, form, now = own_run(request, code), CapacityForm(request.POST), timezone.now()

    def change(given: dict) -> None:
        places.resize(run=run, capacity=given["capacity"], actor=request.user, now=now)

    if status := refused(form, change):
        return run_page(request, run, Scope(handles=True), resize=form, status=status)
    messages.success(request, _("The number of places is saved."))
    return redirect("enrolments:run", code)


def too_few_words(error: places.TooFewFree) -> str:
    words = ngettext(
        "%(taken)s place is taken, so there cannot be fewer.",
        "%(taken)s places are taken, so there cannot be fewer.",
        error.taken,
    )
    return words % {"taken": error.taken}
