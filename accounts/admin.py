"""Wagtail's admin over our policy: what `can()` and `visible()` say holds in every list, page and export."""

from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import get_object_or_404
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from .policy import can, visible


class VisibleRows(BasePermissionPolicy):
    """Wagtail's view of our policy for one model: who holds `see` may look at the rows `visible()` gives;
    who holds `change` may add and edit them; nobody deletes."""

    def __init__(self, model, *, see: str, change: str | None = None):
        super().__init__(model)
        self.see, self.change = see, change

    def user_has_permission(self, user, action):
        if action == "view":
            return can(user, self.see)
        if action in ("add", "change"):
            return self.change is not None and can(user, self.change)
        return False

    def user_has_permission_for_instance(self, user, action, instance):
        return (
            self.user_has_permission(user, action)
            and visible(user, self.model).filter(pk=instance.pk).exists()
        )

    def instances_user_has_any_permission_for(self, user, actions):
        if self.user_has_any_permission(user, actions):
            return visible(user, self.model)
        return self.model._default_manager.none()

    def users_with_any_permission(self, actions):
        users = get_user_model().objects.filter(is_active=True)
        return users.filter(
            pk__in=[u.pk for u in users if self.user_has_any_permission(u, actions)]
        )


class VisibleIndexView(generic.IndexView):
    any_permission_required = ["add", "change", "view"]

    def get_base_queryset(self):
        return visible(self.request.user, self.model).order_by(*self.model._meta.ordering)


class VisibleInspectView(generic.InspectView):
    any_permission_required = ["change", "view"]

    def get_object(self, queryset=None):
        return get_object_or_404(visible(self.request.user, self.model), pk=self.pk)


class ReadOnlyViewSet(ModelViewSet):
    """A list and an inspect page of rows that only functions may change.

    A subclass names `see` (an action of the policy), the columns and the inspected fields; what staff may
    do with a row are extra POST addresses, each calling one function.
    """

    see = ""
    change: str | None = None
    add_to_admin_menu = False
    inspect_view_enabled = True
    copy_view_enabled = False
    search_backend_name = None
    index_view_class = VisibleIndexView
    inspect_view_class = VisibleInspectView
    # Nothing is edited by form; Wagtail still wants a form to exist.
    exclude_form_fields: list[str] = []

    def on_register(self):
        register_permission_policy(
            self.model, VisibleRows(self.model, see=self.see, change=self.change)
        )
        super().on_register()


def visible_or_404(user, model, **lookup):
    """One visible row. Raises Http404, also for a malformed value."""
    try:
        return get_object_or_404(visible(user, model), **lookup)
    except ValueError as error:
        raise Http404(str(error)) from error
