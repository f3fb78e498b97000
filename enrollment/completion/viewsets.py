"""Results in the admin: a list; they are proposed and decided per run."""

from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import Button

from accounts.admin import ReadOnlyViewSet, VisibleIndexView

from . import views
from .models import Completion


class CompletionIndexView(VisibleIndexView):
    @cached_property
    def header_more_buttons(self):
        label = _("Propose and decide")
        return [
            *super().header_more_buttons,
            Button(label, url=reverse("completions:runs"), icon_name="check"),
        ]


class CompletionViewSet(ReadOnlyViewSet):
    model = Completion
    url_namespace = "completions"
    see = "completion.manage"
    icon = "success"
    menu_label = gettext_lazy("Results")
    inspect_view_enabled = False
    related = ["enrollment__person", "enrollment__run"]
    index_view_class = CompletionIndexView
    list_display = [
        TitleColumn(
            "person",
            label=gettext_lazy("participant"),
            accessor="enrollment.person",
            get_url=lambda row: reverse("completions:run", args=[row.enrollment.run_id]),
        ),
        Column("run", label=gettext_lazy("course run"), accessor="enrollment.run.code"),
        Column("result", label=gettext_lazy("result"), accessor="get_result_display"),
        Column("status", label=gettext_lazy("status"), accessor="get_status_display"),
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
