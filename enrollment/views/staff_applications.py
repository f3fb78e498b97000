"""The applications of a run: read, judged and decided on one page."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.policy import guard

from .. import applications as deciding
from .. import board
from ..booking import BookingError
from ..places import PlacesError
from ..scope import Scope
from .staff import own_run, words_of


class JudgeForm(forms.Form):
    score = forms.IntegerField(min_value=0, max_value=100, required=False)
    note = forms.CharField(max_length=1000, required=False)
    listed = forms.BooleanField(required=False)


DECISIONS = {
    "select": deciding.select,
    "decline": deciding.decline,
    "again": deciding.offer_again,
}


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def applications(request: HttpRequest, code: str) -> HttpResponse:
    """One form over the whole list: scores and notes are saved, the ticked ones selected or declined."""
    run = own_run(request, code)
    sort = request.GET.get("sort", "")
    rows = deciding.of_run(run, sort=sort)
    problems: list[str] = []
    if request.method == "POST":
        todo = request.POST.get("do", "save")
        if todo in DECISIONS:
            problems = _decide(request, todo, rows)
        else:
            problems = _judge(request, rows)
        if not problems:
            return redirect(f"{request.path}?sort={sort}" if sort in _known() else request.path)
        rows = deciding.of_run(run, sort=sort)
    context = {
        "run": run,
        "rows": [(row, _form(request, row, problems)) for row in rows],
        "pools": board.pools(run, scope=Scope(handles=True), now=timezone.now()),
        "problems": problems,
        "sort": sort,
        "columns": _columns(sort),
    }
    status = 409 if problems else 200
    return render(request, "enrollment/admin/applications.html", context, status=status)


def _known() -> set[str]:
    return {*deciding.SORTS, *(f"-{key}" for key in deciding.SORTS)}


def _columns(sort: str) -> list[dict[str, str]]:
    labels = {
        "came": _("Application"),
        "company": _("Company"),
        "county": _("County"),
        "people": _("People"),
        "score": _("Score"),
    }
    return [
        {
            "label": label,
            "query": f"-{key}" if sort == key else key,
            "direction": {key: "ascending", f"-{key}": "descending"}.get(sort, ""),
        }
        for key, label in labels.items()
    ]


def _form(request: HttpRequest, row: deciding.Row, problems: list[str]) -> JudgeForm:
    application = row.application
    initial = {
        "score": application.score,
        "note": application.note,
        "listed": application.shortlisted_at is not None,
    }
    data = request.POST if problems and row.undecided else None
    form = JudgeForm(data, initial=initial, prefix=str(application.pk))
    for name, label in (("score", _("Score")), ("note", _("Note")), ("listed", _("Shortlist"))):
        form.fields[name].widget.attrs["aria-label"] = f"{label}, {application}"
    return form


def _judge(request: HttpRequest, rows: list[deciding.Row]) -> list[str]:
    """Save what was typed at every application that waits. Gives what is wrong; then nothing was saved."""
    forms_of = [
        (row, JudgeForm(request.POST, prefix=str(row.application.pk)))
        for row in rows
        if row.undecided and f"{row.application.pk}-note" in request.POST
    ]
    wrong = [row for row, form in forms_of if not form.is_valid()]
    if wrong:
        return [
            _("%(application)s: write a score from 0 to 100, and a note of at most 1000 characters")
            % {"application": row.application}
            for row in wrong
        ]
    changed = 0
    for row, form in forms_of:
        given = form.cleaned_data
        try:
            changed += deciding.shortlist(
                application=row.application,
                score=given["score"],
                note=given["note"],
                chosen=given["listed"],
                actor=request.user,
                now=timezone.now(),
            )
        except BookingError as error:
            return [f"{row.application}: {words_of(error)}"]
    messages.success(
        request,
        ngettext("%(n)s application was changed.", "%(n)s applications were changed.", changed)
        % {"n": changed},
    )
    return []


def _decide(request: HttpRequest, todo: str, rows: list[deciding.Row]) -> list[str]:
    """Select, decline or offer again those that are ticked, one after the other. Gives those that it was
    refused for; the others are done."""
    ticked = set(request.POST.getlist("application"))
    chosen = [row for row in rows if str(row.application.pk) in ticked]
    if not chosen:
        return [_("Tick the applications that you want to decide on")]
    problems, done = [], 0
    for row in chosen:
        try:
            DECISIONS[todo](application=row.application, actor=request.user, now=timezone.now())
        except (BookingError, PlacesError) as error:
            problems.append(f"{row.application} {row.company}: {words_of(error)}")
        else:
            done += 1
    if done:
        messages.success(
            request,
            ngettext("%(n)s application was decided.", "%(n)s applications were decided.", done)
            % {"n": done},
        )
    return problems
