from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from .models import ModuleOpening


class ModuleOpeningViewSet(ModelViewSet):
    model = ModuleOpening
    icon = "date"
    menu_label = _("Module openings")
    add_to_admin_menu = False
    search_backend_name = None
    form_fields = ["run", "module", "opens_at"]
    list_display = ["run", "module", "opens_at"]
    list_filter = ["run"]


training_viewsets = [ModuleOpeningViewSet]
