from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from accounts.policy import visible

from . import views
from .models import Completion


class CompletionIndexView(IndexView):
    """The list; a row leads to its run, where results are decided."""

    def get_base_queryset(self):
        rows = visible(self.request.user, Completion)
        return rows.select_related("enrollment__person", "enrollment__run")

    def get_edit_url(self, instance):
        return reverse("completions:run", args=[instance.enrollment.run_id])

    def get_add_url(self):
        return None

    def get_copy_url(self, instance):
        return None

    def get_delete_url(self, instance):
        return None

    @property
    def header_buttons(self):
        label = _("Propose and decide")
        return [HeaderButton(label, url=reverse("completions:runs"), icon_name="check")]


class CompletionViewSet(ModelViewSet):
    """Results are proposed and decided per run; there is no form for them."""

    model = Completion
    url_namespace = "completions"
    icon = "success"
    menu_label = _("Results")
    add_to_admin_menu = False
    search_backend_name = None
    copy_view_enabled = False
    exclude_form_fields: list[str] = []
    index_view_class = CompletionIndexView
    list_display = [
        TitleColumn(
            "person",
            label=_("participant"),
            accessor="enrollment.person",
            get_url=lambda row: reverse("completions:run", args=[row.enrollment.run_id]),
        ),
        Column("run", label=_("course run"), accessor="enrollment.run.code"),
        Column("result", label=_("result"), accessor="get_result_display"),
        Column("status", label=_("status"), accessor="get_status_display"),
        "completed_on",
    ]
    list_filter = ["enrollment__run", "result", "status"]
    list_export = ["enrollment__run__code", "result", "status", "completed_on"]

    def get_urlpatterns(self):
        listing = [p for p in super().get_urlpatterns() if p.name in ("index", "index_results")]
        return [
            *listing,
            path("runs/", views.admin_runs, name="runs"),
            path("runs/<int:pk>/", views.admin_run, name="run"),
            path("runs/<int:pk>/propose/", views.admin_propose, name="propose"),
            path("runs/<int:pk>/decide/", views.admin_decide, name="decide"),
            path("runs/<int:pk>/exception/", views.admin_exception, name="exception"),
        ]


training_viewsets = [CompletionViewSet]
