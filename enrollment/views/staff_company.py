"""What staff do with companies: each address calls the one function."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.admin import visible_or_404
from accounts.policy import can, guard

from .. import companies, memberships
from ..forms.staff_company import DescribeForm
from ..models import Company, CompanyMembership

ACTS = {
    "verify": memberships.verify,
    "refuse": memberships.refuse,
    "end": memberships.end,
}


@require_POST
@guard("enrollment.companies")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, refuse or end somebody's right to act for a company."""
    membership = visible_or_404(request.user, CompanyMembership, pk=pk)
    if not can(request.user, "enrollment.verify", membership):
        raise PermissionDenied
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        if act(membership=membership, by=request.user, now=timezone.now()):
            messages.success(request, _("Saved. The person has been told by mail."))
    except memberships.MembershipError as error:
        messages.error(request, error.message)
    return redirect("companies:inspect", membership.company_id)


@require_POST
@guard("enrollment.companies")
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the e-mail domain and the declared size."""
    company = visible_or_404(request.user, Company, pk=pk)
    form = DescribeForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("Nothing was saved: choose among what is listed."))
        elif companies.describe(
            company=company, actor=request.user, now=timezone.now(), **form.cleaned_data
        ):
            messages.success(request, _("Saved."))
    except companies.DomainError as error:
        messages.error(request, error.message)
    return redirect("companies:inspect", company.pk)
