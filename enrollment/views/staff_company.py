"""What staff do with companies: each address calls the one function."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.admin import visible_or_404
from accounts.policy import can, guard

from .. import companies, company_merging, memberships
from ..forms.staff_company import DescribeForm, SearchForm, SignatoryForm
from ..models import Company, CompanyMembership
from . import staff_frame

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


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.companies")
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the e-mail domain and the declared size."""
    company = visible_or_404(request.user, Company, pk=pk)
    if request.method != "POST":
        noted = {"email_domain": company.email_domain, "size": company.size}
        return _describing(request, company, DescribeForm(initial=noted))
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return _describing(request, company, form)
    try:
        companies.describe(
            company=company, actor=request.user, now=timezone.now(), **form.cleaned_data
        )
    except companies.DomainError as error:
        form.add_error("email_domain", error.message)
        return _describing(request, company, form)
    messages.success(request, _("Saved."))
    return redirect("companies:inspect", company.pk)


def _describing(request: HttpRequest, company: Company, form: BaseForm) -> HttpResponse:
    return _page(
        request,
        "company_form",
        company,
        {"form": form, "do": _("Save")},
        title=_("E-mail domain and size"),
        forms=[form],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.companies")
def signatory(request: HttpRequest, pk: int) -> HttpResponse:
    """Note who signs for the company."""
    company, form = visible_or_404(request.user, Company, pk=pk), SignatoryForm()
    if request.method == "POST":
        form = SignatoryForm(request.POST)
        try:
            if form.is_valid():
                memberships.record_signatory(
                    company=company, by=request.user, now=timezone.now(), **form.cleaned_data
                )
                messages.success(request, _("Saved. The person has been told by mail."))
                return redirect("companies:inspect", company.pk)
        except memberships.MembershipError as error:
            late = isinstance(error, memberships.InThePast)
            form.add_error("until" if late else None, error.message)
    return _page(
        request,
        "company_form",
        company,
        {
            "form": form,
            "do": _("Save the signatory"),
            "words": _(
                "Whoever signs for the company, as its certificate of registration says. The person may also"
                " book for the company and is told by mail."
            ),
        },
        title=_("Authorised signatory"),
        forms=[form],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.merge")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """What belongs to a company under another number or a typed name: search, see what would move, move it."""
    company = visible_or_404(request.user, Company, pk=pk)
    gone, found, problems, status = None, None, [], 200
    if chosen := (request.POST or request.GET).get("gone"):
        gone = visible_or_404(request.user, Company, pk=chosen)
    try:
        if request.method == "POST" and gone:
            company_merging.merge(keep=company, gone=gone, actor=request.user, now=timezone.now())
            messages.success(request, _("The companies are merged."))
            return redirect("companies:inspect", company.pk)
        if request.method == "POST":
            return _adopted(request, company)
        found = company_merging.preview(keep=company, gone=gone) if gone else None
    except company_merging.CompanyMergeError as error:
        problems, status = [(error.message, "")], 409 if request.method == "POST" else 200
    search = SearchForm(request.GET if "q" in request.GET else {"q": company.name})
    like = search.cleaned_data["q"] if search.is_valid() else ""
    others = [
        (other, companies.shown_number(other, to=request.user), reason and reason.message)
        for other in (company_merging.others(company=company, like=like) if like else ())
        for reason in [company_merging.why_not(keep=company, gone=other)]
    ]
    context = {
        "gone": gone,
        "found": found,
        "search": search,
        "typed": company_merging.typed_names(like=like) if like else [],
        "others": others,
    }
    return _page(
        request,
        "company_merge",
        company,
        context,
        title=_("The same company"),
        problems=problems,
        status=status,
    )


def _adopted(request: HttpRequest, company: Company) -> HttpResponse:
    moved = company_merging.adopt(
        company=company,
        names=request.POST.getlist("name"),
        actor=request.user,
        now=timezone.now(),
    )
    if moved:
        words = ngettext(
            "%(n)s booking or place in line is the company's now.",
            "%(n)s bookings and places in line are the company's now.",
            moved,
        )
        messages.success(request, words % {"n": moved})
    else:
        messages.warning(request, _("Tick the names that are the company's."))
    return redirect("companies:merge", company.pk)


def _page(
    request: HttpRequest, template: str, company: Company, context: dict, *, title: str, **frame
) -> HttpResponse:
    """A page about a company, below the company's own."""
    trail = [
        (_("Companies"), reverse("companies:index")),
        (company.name, reverse("companies:inspect", args=[company.pk])),
    ]
    frame |= {"title": title, "about": company.name, "icon": "home", "trail": trail}
    return staff_frame.page(request, template, {"company": company, **context}, **frame)
