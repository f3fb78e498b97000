"""The waiting list: stand in line alone or as a group, see where one stands, leave."""

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.people import known_or_new
from accounts.policy import guard
from courses.models import Course, Run
from courses.state import Kind, state_of

from .. import companies, mails, waiting
from ..availability import for_runs
from ..booking import AlreadyEnrolled, BookingError, NotOpen
from ..colleagues import known_to
from ..eligibility import NotEligible
from ..forms.waiting import GroupWaitForm, prefilled
from ..models import WaitingEntry
from ..models.rules import rules_of
from . import book as sign_up

KEY = "waiting"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def wait(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one person, or of a group with `?group`. A booking form that found too few places posts
    what it knows with `prefill`."""
    run, now = sign_up.run_or_404(request, code), timezone.now()
    seats = for_runs([run], now=now)[run.pk]
    state = state_of(run, seats=seats, now=now)
    posted = request.method == "POST"
    if state.kind not in (Kind.OPEN, Kind.FEW, Kind.FULL):
        status = 409 if posted else 200
        context = {"run": run, "state": state}
        return render(request, "enrollment/closed.html", context, status=status)
    if run.selection == Run.Selection.APPLICATION:
        # Who applies needs no free place, and nobody comes past a selection by waiting.
        return redirect("book", code=run.code)
    group = _is_group(request, run)
    if posted and "prefill" not in request.POST:
        return sign_up.too_many(request) or _post(request, run, seats, group, now)
    if not posted and not group and state.kind != Kind.FULL and not _held_back(seats):
        return redirect("book", code=run.code)
    form = _form(request, run, seats, group, now)
    return render(request, "enrollment/wait.html", _context(run, seats, form, group))


def _held_back(seats) -> bool:
    """Whether free places may be out of the visitor's reach: kept for a county, or for those before."""
    return bool(seats.reserved or seats.waiting)


def _is_group(request: HttpRequest, run: Run) -> bool:
    asked = {**request.GET.dict(), **request.POST.dict()}
    only_groups = run.course.unit == Course.Unit.TEAM or rules_of(run).sme_only
    return only_groups or "group" in asked or "n" in asked


def _form(request, run, seats, group, now, data=None):
    if not group:
        return sign_up.form_for(request, seats, data, run=run)
    person = request.user if request.user.is_authenticated else None
    known = known_to(person, run=run, now=now) if person else None
    initial = prefilled(request.POST) if "prefill" in request.POST else {}
    return GroupWaitForm(data, run=run, person=person, known=known, initial=initial)


def _context(run, seats, form, group, **more) -> dict:
    return {"run": run, "seats": seats, "form": form, "group": group, **more}


def _post(request, run, seats, group, now) -> HttpResponse:
    form = _form(request, run, seats, group, now, request.POST)
    if form.is_from_a_program:
        return render(request, "enrollment/look_in_mail.html", {"run": run})
    context = _context(run, seats, form, group, now=now, failed=True)
    if not form.is_valid():
        return render(request, "enrollment/wait.html", context)
    if refused := sign_up.named_too_often(request, form):
        return refused
    try:
        entry = _join(request, form, run=run, group=group, now=now)
    except waiting.PlacesFree as error:
        template = "enrollment/wait.html" if group else "enrollment/book.html"
        again = {**context, "problems": [error.message], "places_free": True}
        return render(request, template, again, status=409)
    except AlreadyEnrolled as error:
        return sign_up.again(request, run, error.enrollment, now)
    except NotOpen:
        state = state_of(run, seats=seats, now=now)
        return render(request, "enrollment/closed.html", {"run": run, "state": state}, status=409)
    except NotEligible as error:
        if error.of_people and form.person is None:
            return sign_up.told_by_mail(request, run, form.cleaned_data["email"], error, now)
        again = {**context, "problems": error.reasons}
        return render(request, "enrollment/wait.html", again, status=409)
    except BookingError as error:
        again = {**context, "problems": [error.message]}
        return render(request, "enrollment/wait.html", again, status=409)
    if entry is None:
        return render(request, "enrollment/look_in_mail.html", {"run": run})
    known = [pk for pk in request.session.get(KEY, []) if pk != entry.pk]
    request.session[KEY] = [*known, entry.pk][-20:]
    return redirect("waiting", token=mails.waiting_token(entry))


@transaction.atomic
def _join(request, form, *, run, group, now) -> WaitingEntry | None:
    """None when this address stands in line already and nothing says that it is the same person: nothing
    changes then, and the person gets the mail."""
    person, given = (_booker if group else _one)(form, now)
    before = WaitingEntry.objects.open().filter(run=run, person=person).first()
    if before and form.person is None and before.pk not in request.session.get(KEY, []):
        mails.waiting_again(before, turn=waiting.standing(before, now=now), now=now)
        return None
    return waiting.join(
        run=run,
        person=person,
        language=get_language(),
        terms_accepted=form.cleaned_data["terms"],
        now=now,
        **given,
    )


def _one(form, now) -> tuple[User, dict]:
    given = sign_up.details(form)
    sign_up.keep_own_name(form.person, given["first_name"], given["last_name"])
    person = form.person or known_or_new(
        email=given["email"],
        first_name=given["first_name"],
        last_name=given["last_name"],
        language=get_language(),
        now=now,
    )
    return person, {"company_name": given["company_name"], "region": given["region"]}


def _booker(form, now) -> tuple[User, dict]:
    given, booker = form.cleaned_data, form.booker
    sign_up.keep_own_name(form.person, booker.first_name, booker.last_name)
    person = form.person or known_or_new(
        email=booker.email,
        first_name=booker.first_name,
        last_name=booker.last_name,
        language=get_language(),
        now=now,
    )
    company = companies.known_or_new(
        number=given["number"], name=given["company_name"], actor=person, now=now
    )
    return person, {
        "company": company,
        "company_name": company.name,
        "workplace": companies.workplace_in(company=company, municipality=given["municipality"]),
        "region": given["municipality"].region,
        "takes_part": given["takes_part"],
        "wanted": given["n"],
        "at_least": given.get("at_least", given["n"]),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def place_in_line(request: HttpRequest, token: str) -> HttpResponse:
    """Where an entry stands, opened by its signed link; posting leaves the line."""
    now = timezone.now()
    try:
        public_id = signing.loads(token, salt=mails.WAITING_SALT)
    except signing.BadSignature:
        raise Http404 from None
    rows = WaitingEntry.objects.select_related("run__course", "run__host", "run__rules", "person")
    entry = rows.filter(public_id=public_id).first()
    if entry is None:
        raise Http404
    if request.method == "POST":
        waiting.leave(entry=entry, actor=entry.person, now=now)
        entry.refresh_from_db(fields=["status"])
    if entry.status == WaitingEntry.Status.OFFERED and request.method != "POST":
        return redirect("offer", token=mails.offer_token(entry))
    return render(
        request,
        "enrollment/waiting.html",
        {"run": entry.run, "entry": entry, "turn": waiting.standing(entry, now=now)},
    )
