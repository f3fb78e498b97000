"""The applications of a run: read, judged and decided on one page."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.policy import guard

from .. import applications as deciding
from .. import board
from ..applications import Row
from ..booking import BookingError
from ..models import Application
from ..places import PlacesError
from ..scope import Scope
from . import staff_frame
from .staff import own_run, words_of

DECISIONS = {
    "select": deciding.select,
    "decline": deciding.decline,
    "again": deciding.offer_again,
}
SORTS = {*deciding.SORTS, *(f"-{key}" for key in deciding.SORTS)}


class JudgeForm(forms.Form):
    """How one application is judged. `ticked`: whether what is done next is about it."""

    ticked = forms.BooleanField(required=False)
    score = forms.IntegerField(min_value=0, max_value=100, required=False)
    listed = forms.BooleanField(required=False)
    note = forms.CharField(max_length=1000, required=False)

    use_required_attribute = False

    def __init__(self, *args, application: Application, **kwargs):
        initial = {
            "score": application.score,
            "note": application.note,
            "listed": application.shortlisted_at is not None,
        }
        super().__init__(*args, prefix=str(application.pk), initial=initial, **kwargs)
        labels = {
            "ticked": _("Tick"),
            "score": _("Score"),
            "listed": _("Shortlist"),
            "note": _("Note"),
        }
        for name, label in labels.items():
            self.fields[name].label = f"{application}: {label}"
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label


Judged = list[tuple[Row, JudgeForm]]


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def applications(request: HttpRequest, code: str) -> HttpResponse:
    """One form over the whole list: scores and notes are saved, then the ticked ones selected or declined."""
    run, sort = own_run(request, code), request.GET.get("sort", "")
    data = request.POST if request.method == "POST" else None
    judged = [
        (row, JudgeForm(data, application=row.application))
        for row in deciding.of_run(run, sort=sort)
    ]
    problems: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and all(form.is_valid() for _row, form in judged):
        problems = _judge(request, judged) or _decide(request, judged)
        if not problems:
            return redirect(f"{request.path}?sort={sort}" if sort in SORTS else request.path)
        status = 409
        fresh = {row.application.pk: row for row in deciding.of_run(run)}
        judged = [(fresh[row.application.pk], form) for row, form in judged]
    context = {
        "rows": judged,
        "pools": board.pools(run, scope=Scope(handles=True), now=timezone.now()),
        "sort": sort,
        "columns": _columns(sort),
        "undecided": any(row.undecided for row, _form in judged),
        "again": any(row.may_be_offered_again for row, _form in judged),
    }
    frame = {
        "title": _("Applications"),
        "icon": "doc-full-inverse",
        "forms": [form for _row, form in judged],
        "problems": problems,
    }
    return staff_frame.run_page(request, "applications", run, context, status=status, **frame)


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


def _judge(request: HttpRequest, judged: Judged) -> list[tuple[str, str]]:
    """Save what was typed at every application that waits; what somebody else has decided meanwhile is told."""
    problems, changed = [], 0
    for row, form in judged:
        given = form.cleaned_data
        if not row.undecided or form.add_prefix("note") not in request.POST:
            continue
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
            problems.append((f"{row.application}: {words_of(error)}", ""))
    if changed:
        messages.success(
            request,
            ngettext("%(n)s application was changed.", "%(n)s applications were changed.", changed)
            % {"n": changed},
        )
    return problems


def _decide(request: HttpRequest, judged: Judged) -> list[tuple[str, str]]:
    """Select, decline or offer again those that are ticked, one after the other. Gives those that it was
    refused for; the others are done."""
    act = DECISIONS.get(request.POST.get("do", ""))
    if act is None:
        return []
    chosen = [(row, form) for row, form in judged if form.cleaned_data["ticked"]]
    if not chosen:
        return [(_("Tick the applications that you want to decide on"), "")]
    problems, done = [], 0
    for row, form in chosen:
        try:
            act(application=row.application, actor=request.user, now=timezone.now())
        except (BookingError, PlacesError) as error:
            words = f"{row.application} {row.company}: {words_of(error)}"
            problems.append((words, form["ticked"].id_for_label))
        else:
            done += 1
    if done:
        messages.success(
            request,
            ngettext("%(n)s application was decided.", "%(n)s applications were decided.", done)
            % {"n": done},
        )
    return problems
