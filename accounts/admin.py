"""Wagtail's admin over our policy: what `can()` and `visible()` say holds in every list, page and export."""

from collections.abc import Sequence

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django_filters.filters import QuerySetRequestMixin
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from .policy import can, visible


class VisibleRows(BasePermissionPolicy):
    """Wagtail's view of our policy for one model: who holds `see` may look at `rows()`; who holds `change`
    may edit them and, unless `add` is off, add to them; nobody deletes."""

    def __init__(self, model, *, see: str, change: str | None = None, add: bool = True):
        super().__init__(model)
        self.see, self.change, self.add = see, change, add

    def rows(self, user):
        """The rows that lists show and pages open; a foreign one is a 404."""
        return visible(user, self.model)

    def user_has_permission(self, user, action):
        if action == "view":
            return can(user, self.see)
        if action == "change" or (action == "add" and self.add):
            return self.change is not None and can(user, self.change)
        return False

    def user_has_permission_for_instance(self, user, action, instance):
        return (
            self.user_has_permission(user, action)
            and self.rows(user).filter(pk=instance.pk).exists()
        )

    def instances_user_has_any_permission_for(self, user, actions):
        if self.user_has_any_permission(user, actions):
            return self.rows(user)
        return self.model._default_manager.none()

    def users_with_any_permission(self, actions):
        users = get_user_model().objects.filter(is_active=True)
        return users.filter(
            pk__in=[u.pk for u in users if self.user_has_any_permission(u, actions)]
        )


class VisibleObject:
    """Wagtail asks for the permission on the model alone; here the row must be among the policy's, too."""

    def get_object(self, queryset=None):
        rows = self.permission_policy.rows(self.request.user)
        return get_object_or_404(rows, pk=unquote(str(self.kwargs["pk"])))


class VisibleFilterSet(WagtailFilterSet):
    """A filter on a relation offers what the visible rows point at, and nothing else: neither in the list of
    choices nor by its number in the address."""

    def __init__(self, *args, rows, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        for each in self.filters.values():
            if isinstance(each, QuerySetRequestMixin):
                offered = rows.order_by().values(each.field_name)
                each.queryset = each.get_queryset(request).filter(pk__in=offered)


class VisibleIndexView(generic.IndexView):
    any_permission_required = ["add", "change", "view"]
    related: Sequence[str] = ()
    base_filterset_class = VisibleFilterSet

    def get_filterset_kwargs(self):
        rows = self.permission_policy.rows(self.request.user)
        return {**super().get_filterset_kwargs(), "rows": rows}

    def get_base_queryset(self):
        rows = self.permission_policy.rows(self.request.user)
        # Without a name Django would fetch whatever it can reach.
        rows = rows.select_related(*(self.related or [None]))
        return rows.order_by(*self.model._meta.ordering)


class VisibleInspectView(VisibleObject, generic.InspectView):
    any_permission_required = ["change", "view"]


class VisibleEditView(VisibleObject, generic.EditView):
    pass


class VisibleDeleteView(VisibleObject, generic.DeleteView):
    pass


class VisibleHistoryView(VisibleObject, history.HistoryView):
    pass


class VisibleUsageView(VisibleObject, usage.UsageView):
    pass


class VisibleViewSet(ModelViewSet):
    """A model in the admin under our policy. `see` and `change` name actions of it; nobody deletes. The list
    fetches what `related` names with its rows."""

    see = ""
    change: str | None = None
    can_add = True
    related: Sequence[str] = ()
    policy_class: type[VisibleRows] = VisibleRows
    add_to_admin_menu = False
    copy_view_enabled = False
    search_backend_name = None
    index_view_class = VisibleIndexView
    inspect_view_class = VisibleInspectView
    edit_view_class = VisibleEditView
    delete_view_class = VisibleDeleteView
    history_view_class = VisibleHistoryView
    usage_view_class = VisibleUsageView

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(related=self.related, **kwargs)

    def on_register(self):
        policy = self.policy_class(self.model, see=self.see, change=self.change, add=self.can_add)
        register_permission_policy(self.model, policy)
        super().on_register()


class ReadOnlyViewSet(VisibleViewSet):
    """A list and an inspect page of rows that only functions may change.

    A subclass names `see`, the columns and the inspected fields; what staff may do with a row are extra POST
    addresses, each calling one function.
    """

    inspect_view_enabled = True
    # Nothing is edited by form; Wagtail still wants a form to exist.
    exclude_form_fields: list[str] = []


def visible_or_404(user, model, **lookup):
    """One visible row. Raises Http404, also for a malformed value."""
    try:
        return get_object_or_404(visible(user, model), **lookup)
    except ValueError as error:
        raise Http404(str(error)) from error
