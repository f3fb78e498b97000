"""Proposing on the leader's pages; proposing and deciding in the admin."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import can, guard, visible

from . import decide as deciding
from .evidence import NotReady
from .models import Completion, LedRun
from .overview import overview


def _run(request: HttpRequest, **lookup) -> LedRun:
    runs = visible(request.user, LedRun).select_related("course", "policy", "host")
    return get_object_or_404(runs, **lookup)


def _propose(request: HttpRequest, run: LedRun) -> bool:
    try:
        rows = deciding.propose(run=run, actor=request.user, now=timezone.now())
    except NotReady as refused:
        messages.error(request, refused.message)
        return False
    n = len(rows)
    messages.success(
        request,
        ngettext(
            "%(n)s result is proposed. A coordinator decides.",
            "%(n)s results are proposed. A coordinator decides.",
            n,
        )
        % {"n": n},
    )
    return True


@guard("completion.propose")
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, code: str) -> HttpResponse:
    """The leader's page: the numbers, and the proposal."""
    run = _run(request, code=code)
    if request.method == "POST":
        _propose(request, run)
        return redirect("results", run.code)
    return render(request, "completion/results.html", {"run": run, "overview": overview(run)})


@guard("completion.manage")
@require_safe
def admin_runs(request: HttpRequest) -> HttpResponse:
    runs = visible(request.user, LedRun).select_related("course", "host").with_dates()
    context = {"runs": runs.order_by("-last_at", "code")[:200]}
    return render(request, "completion/admin_runs.html", context)


@guard("completion.manage")
@require_safe
def admin_run(request: HttpRequest, pk: int) -> HttpResponse:
    return _admin_page(request, _run(request, pk=pk))


def _admin_page(request: HttpRequest, run: LedRun, *, status: int = 200) -> HttpResponse:
    context = {
        "run": run,
        "overview": overview(run),
        "results": Completion.Result.choices,
        "may_decide": can(request.user, "completion.decide"),
        "typed": request.POST,
        "ticked": request.POST.getlist("completion"),
    }
    return render(request, "completion/admin_run.html", context, status=status)


@guard("completion.manage")
@require_POST
def admin_propose(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk=pk)
    if _propose(request, run):
        return redirect("completions:run", run.pk)
    return _admin_page(request, run, status=409)


@guard("completion.decide")
@require_POST
def admin_decide(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk=pk)
    own = visible(request.user, Completion).filter(enrollment__run=run)
    ids = [text for text in request.POST.getlist("completion") if text.isascii() and text.isdigit()]
    chosen = [get_object_or_404(own, pk=int(text[:18])) for text in dict.fromkeys(ids)]
    try:
        if not chosen:
            messages.error(request, _("Tick the people whose results you decide."))
            return _admin_page(request, run, status=400)
        deciding.decide(completions=chosen, actor=request.user, now=timezone.now())
    except (deciding.DecisionError, NotReady) as refused:
        messages.error(request, refused.message)
        return _admin_page(request, run, status=409)
    n = len(chosen)
    messages.success(
        request,
        ngettext("%(n)s result is decided.", "%(n)s results are decided.", n) % {"n": n},
    )
    return redirect("completions:run", run.pk)


@guard("completion.decide")
@require_POST
def admin_exception(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk=pk)
    text = request.POST.get("person", "")
    own = visible(request.user, Completion).filter(enrollment__run=run)
    if not (text.isascii() and text.isdigit()):
        messages.error(request, _("Choose a person."))
        return _admin_page(request, run, status=400)
    row = get_object_or_404(own, pk=int(text[:18]))
    try:
        deciding.decide_exception(
            completion=row,
            result=request.POST.get("result", ""),
            reason=request.POST.get("reason", ""),
            actor=request.user,
            now=timezone.now(),
        )
    except (deciding.DecisionError, NotReady) as refused:
        messages.error(request, refused.message)
        return _admin_page(request, run, status=409)
    messages.success(request, _("The exception is decided."))
    return redirect("completions:run", run.pk)
