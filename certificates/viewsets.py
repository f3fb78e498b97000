"""Certificates in the admin: the list, what each says, and the acts of issuing, revoking, replacing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import Button

from accounts.admin import ReadOnlyViewSet, VisibleIndexView, VisibleInspectView, visible_or_404
from accounts.policy import guard, visible
from courses.models import Run

from . import facts
from .batch import preview
from .issue import NotValid, issue, replace, revoke
from .models import Certificate


class CertificateIndexView(VisibleIndexView):
    @cached_property
    def header_more_buttons(self):
        return [
            *super().header_more_buttons,
            Button(
                _("Issue for a run"), url=reverse("certificate:issue"), icon_name="doc-full-inverse"
            ),
        ]


class CertificateInspectView(VisibleInspectView):
    template_name = "certificates/admin/inspect.html"

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "certificate": self.object,
            "reasons": Certificate.Reason.choices,
        }


@guard("certificates.issue")
def issue_view(request):
    """Choose a run, see the decided results and what is in the way, issue: two actions."""
    code = request.POST.get("run") or request.GET.get("run")
    run = visible_or_404(request.user, Run, code=code) if code else None
    rows = preview(run=run) if run else []
    if request.method == "POST" and run:
        now, made = timezone.now(), 0
        for row in rows:
            if row.ready:
                issue(completion=row.completion, actor=request.user, now=now)
                made += 1
        messages.success(
            request,
            _("%(count)d certificates issued. They are printed and mailed in the background.")
            % {"count": made},
        )
        return redirect("certificate:index")
    return render(
        request,
        "certificates/admin/issue.html",
        {
            "run": run,
            "rows": rows,
            "ready": sum(row.ready for row in rows),
            "runs": visible(request.user, Run)
            .filter(enrollments__completion__status="decided")
            .select_related("course")
            .distinct(),
        },
    )


@require_POST
@guard("certificates.issue")
def revoke_view(request, pk):
    certificate = visible_or_404(request.user, Certificate, pk=pk)
    return _end(request, certificate, revoke, _("The certificate has been revoked."))


@require_POST
@guard("certificates.issue")
def replace_view(request, pk):
    certificate = visible_or_404(request.user, Certificate, pk=pk)
    return _end(request, certificate, replace, _("A corrected certificate has been issued."))


def _end(request, certificate, act, done):
    reason = request.POST.get("reason", "")
    try:
        result = act(certificate=certificate, reason=reason, actor=request.user, now=timezone.now())
    except ValueError:
        messages.error(request, _("Choose a reason."))
    except NotValid:
        messages.error(request, _("This certificate has already been replaced."))
    except facts.TooLong as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
        certificate = result
    return redirect("certificate:inspect", certificate.pk)


class CertificateViewSet(ReadOnlyViewSet):
    model = Certificate
    name = "certificate"
    see = "certificates.see"
    icon = "success"
    menu_label = gettext_lazy("Certificates")
    related = ["enrollment__person", "enrollment__run"]
    index_view_class = CertificateIndexView
    inspect_view_class = CertificateInspectView
    inspect_view_fields = ["number", "kind", "status", "reason", "issued_at", "ended_at"]
    list_display = [
        TitleColumn(
            "number",
            label=gettext_lazy("Number"),
            get_url=lambda row: reverse("certificate:inspect", args=[row.pk]),
        ),
        Column("holder", label=gettext_lazy("Holder"), accessor=lambda row: row.facts["holder"]),
        Column("run", label=gettext_lazy("Run"), accessor=lambda row: row.facts["run_code"]),
        Column("get_kind_display", label=gettext_lazy("Kind")),
        Column("get_status_display", label=gettext_lazy("Status")),
        Column("issued_at", label=gettext_lazy("Issued")),
    ]
    list_filter = ["status", "kind"]
    search_fields = ["number", "enrollment__person__last_name", "enrollment__run__code"]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("issue/", issue_view, name="issue"),
            path("<int:pk>/revoke/", revoke_view, name="revoke"),
            path("<int:pk>/replace/", replace_view, name="replace"),
        ]


training_viewsets = [CertificateViewSet]
