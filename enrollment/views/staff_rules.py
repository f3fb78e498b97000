"""How places of a run are given, which counties places are kept for, what cancelling costs; and calling a run
off."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
from ..forms.rules import RulesForm, ShareForm, Steps, TermsForm
from ..forms.staff import StaffForm
from ..models import CancellationPolicy, RunPartner
from ..models.rules import rules_of
from . import staff_frame
from .staff import own_run, refused, too_few_words, words_of


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def rules(request: HttpRequest, code: str) -> HttpResponse:
    run, now = own_run(request, code), timezone.now()
    if request.method != "POST":
        return _page(request, run)
    form = RulesForm(request.POST, instance=rules_of(run))

    def save(given: dict) -> None:
        ruling.set_rules(run=run, changes=given, actor=request.user, now=now)

    if status := refused(form, save):
        return _page(request, run, rules=form, status=status)
    messages.success(request, _("The rules are saved. What is booked stays as it was booked."))
    return redirect("enrolments:rules", code)


@require_POST
@guard("enrollment.handle")
def share(request: HttpRequest, code: str) -> HttpResponse:
    """Keep places for a county, more, fewer, or until another day."""
    run, form, now = own_run(request, code), ShareForm(request.POST), timezone.now()

    def keep(given: dict) -> None:
        places.set_share(
            run=run,
            region=given["region"],
            promoter=given["promoter"],
            count=given["count"],
            release_at=form.release_at(),
            actor=request.user,
            now=now,
        )

    if status := refused(form, keep, words=lambda error: too_few_share_words(run, form, error)):
        return _page(request, run, share=form, status=status)
    messages.success(request, _("The places are kept."))
    return redirect("enrolments:rules", code)


def too_few_share_words(run: Run, form: ShareForm, error: Exception) -> str:
    """More than the pool has, or fewer than the county's people have taken."""
    if not isinstance(error, places.TooFewFree):
        return words_of(error)
    kept = RunPartner.objects.filter(run=run, region=form.cleaned_data["region"]).aggregate(
        n=Count("places")
    )["n"]
    if form.cleaned_data["count"] < kept:
        return too_few_words(error)
    free = run.places.free().filter(share=None).count()
    return _("Only %(n)s more can be kept: so many are free for all") % {"n": free}


def _page(
    request: HttpRequest, run: Run, *, status: int = 200, **sent: forms.BaseForm
) -> HttpResponse:
    shares = list(
        RunPartner.objects.filter(run=run)
        .select_related("region", "promoter")
        .annotate(kept=Count("places"))
        .order_by("region__name")
    )
    chosen = next((s for s in shares if s.region.code == request.GET.get("region")), None)
    context = {
        "shares": shares,
        "rules": RulesForm(instance=rules_of(run)),
        "share": ShareForm.of(chosen, chosen.kept) if chosen else ShareForm(),
        "now": timezone.now(),
        **sent,
    }
    frame = {"title": _("Rules and shares"), "icon": "cog", "forms": sent.values()}
    return staff_frame.run_page(request, "rules", run, context, status=status, **frame)


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
    run, form, status = own_run(request, code), CloseForm(), 200

    def cancel(given: dict) -> None:
        closing.cancel_run(
            run=run, reason_text=given["reason"], actor=request.user, now=timezone.now()
        )

    if request.method == "POST":
        form = CloseForm(request.POST)
        if not (status := refused(form, cancel)):
            messages.success(request, _("The course run is cancelled. Everybody is told by mail."))
            return redirect("enrolments:run", code)
    context = {"form": form, "stake": at_stake(run)}
    frame = {"title": _("Cancel the course run"), "icon": "cross", "forms": [form]}
    return staff_frame.run_page(request, "close", run, context, status=status, **frame)


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
        return _terms_page(request, policy, form, steps, copied=copied)
    try:
        ruling.write_terms(
            policy=None if copied else policy,
            steps=steps.steps(),
            actor=request.user,
            **form.cleaned_data,
        )
    except ruling.InUse as error:
        form.add_error(None, error.message)
        return _terms_page(request, policy, form, steps, copied=True, status=409)
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


def _terms_page(
    request: HttpRequest,
    policy: CancellationPolicy | None,
    form: TermsForm,
    steps: forms.BaseFormSet,
    *,
    copied: bool,
    status: int = 200,
) -> HttpResponse:
    return staff_frame.page(
        request,
        "terms",
        {"policy": policy, "form": form, "steps": steps, "copied": copied},
        title=str(policy) if policy else _("New terms"),
        icon="doc-full",
        trail=[(_("Cancellation terms"), reverse("cancellation_terms:index"))],
        forms=[form, *steps],
        problems=[(words, "") for words in steps.non_form_errors()] if steps.is_bound else (),
        status=status,
    )
