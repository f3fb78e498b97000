"""How places of a run are given, which counties places are kept for, what cancelling costs; and calling a run
off."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.admin import visible_or_404
from accounts.policy import guard
from courses.models import Run

from .. import closing, places, ruling
from ..attention import at_stake
from ..booking import BookingError
from ..forms.rules import RulesForm, ShareForm, Steps, TermsForm
from ..forms.staff import StaffForm
from ..models import CancellationPolicy, RunPartner
from ..models.rules import rules_of
from .staff import own_run, too_few_words, words_of


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def rules(request: HttpRequest, code: str) -> HttpResponse:
    run = own_run(request, code)
    if request.method != "POST":
        return _page(request, run)
    form = RulesForm(request.POST, instance=rules_of(run))
    if not form.is_valid():
        return _page(request, run, rules=form, failed=True)
    ruling.set_rules(run=run, changes=form.cleaned_data, actor=request.user, now=timezone.now())
    messages.success(request, _("The rules are saved. What is booked stays as it was booked."))
    return redirect("enrolments:rules", code)


@require_POST
@guard("enrollment.handle")
def share(request: HttpRequest, code: str) -> HttpResponse:
    """Keep places for a county, more, fewer, or until another day."""
    run, form = own_run(request, code), ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, run, share=form, failed=True)
    given = form.cleaned_data
    try:
        places.set_share(
            run=run,
            region=given["region"],
            promoter=given["promoter"],
            count=given["count"],
            release_at=form.release_at(),
            actor=request.user,
            now=timezone.now(),
        )
    except places.TooFewFree as error:
        form.add_error("count", too_few_share_words(run, form, error))
        return _page(request, run, share=form, failed=True, status=409)
    messages.success(request, _("The places are kept."))
    return redirect("enrolments:rules", code)


def too_few_share_words(run: Run, form: ShareForm, error: places.TooFewFree) -> str:
    """More than the pool has, or fewer than the county's people have taken."""
    kept = RunPartner.objects.filter(run=run, region=form.cleaned_data["region"]).aggregate(
        n=Count("places")
    )["n"]
    if form.cleaned_data["count"] < kept:
        return too_few_words(error)
    free = run.places.free().filter(share=None).count()
    return _("Only %(n)s more can be kept: so many are free for all") % {"n": free}


def _page(request: HttpRequest, run: Run, *, status: int = 200, **context) -> HttpResponse:
    shares = list(
        RunPartner.objects.filter(run=run)
        .select_related("region", "promoter")
        .annotate(kept=Count("places"))
        .order_by("region__name")
    )
    chosen = next((s for s in shares if s.region.code == request.GET.get("region")), None)
    context = {
        "run": run,
        "shares": shares,
        "rules": RulesForm(instance=rules_of(run)),
        "share": ShareForm.of(chosen, chosen.kept) if chosen else ShareForm(),
        "now": timezone.now(),
        **context,
    }
    return render(request, "enrollment/admin/rules.html", context, status=status)


class CloseForm(StaffForm):
    reason = forms.CharField(
        label=gettext_lazy("Why, in words that everybody gets"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: everybody gets these words")},
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Yes, cancel the course run"),
        error_messages={"required": gettext_lazy("Tick that you are sure")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Cancel a run: first what it means, then the reason, then everybody is told."""
    run = own_run(request, code)
    form = CloseForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            closing.cancel_run(
                run=run,
                reason_text=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            )
        except BookingError as error:
            form.add_error(None, words_of(error))
            status = 409
        else:
            messages.success(request, _("The course run is cancelled. Everybody is told by mail."))
            return redirect("enrolments:run", code)
    context = {"run": run, "form": form, "stake": at_stake(run), "failed": bool(form.errors)}
    return render(request, "enrollment/admin/close.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.terms")
def terms(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """New cancellation terms, or changed ones; a copy of those that somebody has booked under."""
    policy = visible_or_404(request.user, CancellationPolicy, pk=pk) if pk else None
    copied = policy is not None and ruling.in_use(policy)
    if request.method != "POST":
        return _terms_page(request, policy, *_filled(policy), copied=copied)
    form, steps = TermsForm(request.POST), Steps(request.POST, prefix="steps")
    if not (form.is_valid() & steps.is_valid()):
        return _terms_page(request, policy, form, steps, copied=copied, failed=True)
    try:
        ruling.write_terms(
            policy=None if copied else policy,
            steps=steps.steps(),
            actor=request.user,
            **form.cleaned_data,
        )
    except ruling.InUse as error:
        form.add_error(None, error.message)
        context = {"copied": True, "failed": True, "status": 409}
        return _terms_page(request, policy, form, steps, **context)
    messages.success(request, _("The terms are saved."))
    return redirect(reverse("cancellation_terms:index"))


def _filled(policy: CancellationPolicy | None) -> tuple[TermsForm, forms.BaseFormSet]:
    if policy is None:
        return TermsForm(initial={"substitutes": True}), Steps(prefix="steps")
    fields = ("name_sv", "name_en", "substitutes")
    steps = [
        {"days": step.days, "percent": step.percent, "fee": step.fee_ore // 100}
        for step in policy.steps.order_by("-days")
    ]
    initial = {field: getattr(policy, field) for field in fields}
    return TermsForm(initial=initial), Steps(initial=steps, prefix="steps")


def _terms_page(request, policy, form, steps, *, status: int = 200, **context) -> HttpResponse:
    context |= {"policy": policy, "form": form, "steps": steps}
    return render(request, "enrollment/admin/terms.html", context, status=status)
