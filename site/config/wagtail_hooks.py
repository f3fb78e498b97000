"""What the CMS gets from the house as a whole: one script, one menu group, the work-list on its first page."""

from importlib import import_module
from importlib.util import find_spec

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.model import ModelViewSetGroup

from accounts.registries import worklist

# In the order of the menu.
ROOMS = (
    "courses",
    "enrollment",
    "enrollment.payments",
    "enrollment.attendance",
    "enrollment.learning",
    "enrollment.completion",
    "certificates",
    "messaging",
)
SHOWN = 20


def training_viewsets() -> list:
    """What the rooms put into the group, each in its `viewsets.training_viewsets`; a room may have none."""
    found = []
    for room in ROOMS:
        if find_spec(f"{room}.viewsets"):
            found += getattr(import_module(f"{room}.viewsets"), "training_viewsets", [])
    return found


class TrainingGroup(ModelViewSetGroup):
    menu_label = _("Training")
    menu_icon = "calendar-alt"
    menu_order = 150
    items = tuple(training_viewsets())


@hooks.register("register_admin_viewset")
def training_group() -> TrainingGroup:
    return TrainingGroup()


@hooks.register("insert_global_admin_js")
def start_widgets() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/csp-init.js"))


@hooks.register("insert_global_admin_css")
def house_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


class WorkListPanel(Component):
    """What needs a person of the staff, the oldest first; the rest is folded away."""

    name = "worklist"
    template_name = "wagtailadmin/worklist_panel.html"
    order = 10

    def get_context_data(self, parent_context) -> dict:
        actor = parent_context["request"].user
        now = timezone.now()
        items = [item for find in worklist.values() for item in find(actor, now)]
        items.sort(key=lambda item: item.since)
        return {"items": items[:SHOWN], "more": items[SHOWN:]}


@hooks.register("construct_homepage_panels")
def add_worklist(request, panels: list) -> None:
    panels.insert(0, WorkListPanel())
