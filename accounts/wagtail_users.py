"""Wagtail's pages about users, for people who have an address and no password."""

from wagtail.users.apps import WagtailUsersAppConfig


class WagtailUsersConfig(WagtailUsersAppConfig):
    user_viewset = "accounts.user_viewset.PersonViewSet"
