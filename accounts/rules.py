"""Policy lines of this room, and of the third-party views that everybody may reach."""

from .models import User
from .policy import declare_foreign_views, rule, visibility
from .roles import STAFF_ROLES, Role, has_role, roles_of


@rule("public")
def _(actor, obj=None) -> bool:
    return True


@rule("signed_in")
def _(actor, obj=None) -> bool:
    return actor.is_authenticated and actor.is_active


@rule("cms")
def _(actor, obj=None) -> bool:
    """Wagtail decides the rest by its own permissions."""
    return has_role(actor, Role.COMMUNICATOR, Role.COORDINATOR, Role.PROMOTER)


@rule("staff")
def _(actor, obj=None) -> bool:
    return not roles_of(actor).isdisjoint(STAFF_ROLES)


@visibility(User)
def _(actor):
    if has_role(actor, Role.COORDINATOR):
        return User.objects.all()
    return User.objects.filter(pk=actor.pk)


@rule("nobody")
def _(actor, obj=None) -> bool:
    """Addresses that a third party brings along and that we do not use."""
    return False


declare_foreign_views(
    {
        "wagtail_serve": "public",
        "wagtaildocs_serve": "public",
        "wagtaildocs_authenticate_with_password": "public",
        "wagtailcore_authenticate_with_password": "public",
        # Every address of the CMS, of wagtail-localize and of our own lists in it. Wagtail and
        # accounts.admin ask for the finer permission after this.
        "/admin/": "cms",
        # Scripts and drawings of the CMS: the same for everybody, no data.
        "wagtailadmin_javascript_catalog": "public",
        "wagtailadmin_sprite": "public",
        "wagtailadmin_logout": "public",
        "wagtailadmin_password_reset*": "nobody",
        "wagtailadmin_error_test": "nobody",
        # allauth asks for a session or a begun sign-in by itself.
        "account_*": "public",
        "account_reauthenticate": "signed_in",
        "mfa_*": "signed_in",
        "mfa_authenticate": "public",
        "mfa_login_webauthn": "public",
        "socialaccount_*": "public",
        "socialaccount_connections": "signed_in",
        "openid_connect_*": "public",
    }
)
