"""When a module opens for a run, where that is not the usual week before its meeting."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList

from accounts.admin import VisibleViewSet
from courses.rules import managed_runs
from courses.viewsets import ManagedRows

from .models import ModuleOpening


class OpeningForm(WagtailAdminModelForm):
    """Staff choose among the runs that they manage and the modules of that run's course."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.for_user is not None and "run" in self.fields:
            self.fields["run"].queryset = managed_runs(self.for_user)

    def clean(self):
        data = super().clean()
        run, module = data.get("run"), data.get("module")
        if run and module and module.course_id != run.course_id:
            raise ValidationError({"module": _("Choose a module of the run's course.")})
        return data


class ModuleOpeningViewSet(VisibleViewSet):
    model = ModuleOpening
    see = change = "manage_runs"
    policy_class = ManagedRows
    icon = "date"
    menu_label = gettext_lazy("Module openings")
    related = ["run", "module"]
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("run", "module", "opens_at")], base_form_class=OpeningForm
    )
    list_display = ["run", "module", "opens_at"]
    list_filter = ["run"]


training_viewsets = [ModuleOpeningViewSet]
