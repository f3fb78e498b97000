"""A company's page: who takes what, what is left to do, who books."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import can, guard, visible
from accounts.ratelimit import allow

from .. import companies, memberships
from ..company_overview import company_pages
from ..forms.own import InviteForm, WorkplaceForm
from ..models import Company, CompanyMembership

INVITATIONS, WINDOW = 20, 3600


def acted_for(request: HttpRequest, pk: int) -> Company:
    """A company that the person acts for. Raises Http404 for any other, staff or not."""
    today = timezone.localdate()
    own = memberships.companies_of(request.user, today=today).values("company")
    return get_object_or_404(visible(request.user, Company).filter(pk__in=own), pk=pk)


@never_cache
@require_safe
@guard("signed_in")
def company(request: HttpRequest) -> HttpResponse:
    """The companies of a person, each with what needs doing first."""
    return render(
        request, "enrollment/company.html", company_pages(request.user, now=timezone.now())
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("signed_in")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite a colleague to book for the company."""
    found, problems = acted_for(request, pk), []
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not allow(f"invite:{request.user.pk}", limit=INVITATIONS, seconds=WINDOW):
            response = render(request, "enrollment/too_many.html", status=429)
            response["Retry-After"] = WINDOW
            return response
        try:
            memberships.invite(
                company=found, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except memberships.MembershipError as error:
            problems = [error.message]
        else:
            messages.success(
                request, _("Invitation sent to %(email)s.") % {"email": form.cleaned_data["email"]}
            )
            return redirect("company")
    context = {"company": found, "form": form, "problems": problems}
    context["failed"] = problems or form.errors
    return render(
        request, "enrollment/company_invite.html", context, status=409 if problems else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("signed_in")
def workplace(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a workplace to the company."""
    found = acted_for(request, pk)
    form = WorkplaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        companies.add_workplace(company=found, actor=request.user, **form.cleaned_data)
        return redirect("company")
    context = {"company": found, "form": form, "failed": form.errors}
    return render(request, "enrollment/company_workplace.html", context)


@require_POST
@guard("signed_in")
def membership(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an invitation to oneself; approve, refuse or end somebody's membership."""
    rows = visible(request.user, CompanyMembership).select_related("company", "user")
    found, act = get_object_or_404(rows, pk=pk), request.POST.get("act", "")
    own = found.user_id == request.user.pk
    if act not in ("accept", "end", "verify", "refuse"):
        raise Http404
    if act == "accept" and not own:
        raise Http404
    if (
        act != "accept"
        and not (own and act == "end")
        and not can(request.user, "enrollment.verify", found)
    ):
        raise Http404
    change = getattr(memberships, act)
    try:
        if change(membership=found, by=request.user, now=timezone.now()):
            messages.success(request, _("Saved."))
    except memberships.MembershipError as error:
        messages.error(request, error.message)
    return redirect("company")
