"""A person named by a colleague: what is stored, correct it, confirm it, or decline. Opened by a signed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import guard

from .. import confirming, needs
from ..forms.own import OwnDataForm
from ..models import Enrollment, Needs


def _ended(request: HttpRequest) -> HttpResponse:
    return render(request, "enrollment/own_data_ended.html", status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def own_data(request: HttpRequest, token: str) -> HttpResponse:
    """See, correct and confirm one's own data; say what one needs."""
    now = timezone.now()
    try:
        enrollment = confirming.by_token(token, now=now)
    except confirming.LinkEnded:
        return _ended(request)
    kept, saved = Needs.objects.filter(enrollment=enrollment).first(), False
    if request.method == "POST" and "withdraw" in request.POST:
        needs.withdraw(enrollment=enrollment, actor=enrollment.person)
        kept, form = None, _form(enrollment, None)
    elif request.method == "POST":
        form = _form(enrollment, kept, request.POST)
        saved = form.is_valid() and _confirm(enrollment, form, now)
        if form.errors:
            enrollment.person.refresh_from_db()
    else:
        form = _form(enrollment, kept)
    return render(
        request,
        "enrollment/own_data.html",
        {
            "enrollment": enrollment,
            "run": enrollment.run,
            "token": token,
            "form": form,
            "failed": form.errors,
            "saved": saved,
            "kept": kept,
            "notice": confirming.notice(enrollment, language=get_language()),
        },
    )


def _form(enrollment: Enrollment, kept: Needs | None, data=None) -> OwnDataForm:
    initial = {"diet": kept.diet, "access": kept.access, "consent": True} if kept else {}
    return OwnDataForm(data, instance=enrollment.person, initial=initial)


def _confirm(enrollment: Enrollment, form: OwnDataForm, now) -> bool:
    given = dict(form.cleaned_data)
    diet, access, consent = given.pop("diet"), given.pop("access"), given.pop("consent")
    try:
        confirming.confirm(
            enrollment=enrollment,
            details=given,
            diet=diet,
            access=access,
            consent=consent,
            now=now,
        )
    except needs.ConsentMissing as error:
        form.add_error("consent", error.message)
    except needs.NeedsError as error:
        form.add_error(None, error.message)
    return not form.errors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Not the person meant, or not willing: asks once, then takes the person off the seat."""
    now, done = timezone.now(), False
    try:
        enrollment = confirming.by_token(token, now=now)
        if request.method == "POST":
            confirming.decline(enrollment=enrollment, now=now)
            done = True
    except confirming.SaidNo as said:
        enrollment, done = said.enrollment, True
    except confirming.LinkEnded:
        return _ended(request)
    context = {"enrollment": enrollment, "run": enrollment.run, "token": token, "done": done}
    return render(request, "enrollment/own_data_decline.html", context)
