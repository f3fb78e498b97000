"""Policy lines of this room, and of the third-party views that everybody may reach."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from .models import RateCount, User
from .policy import declare_foreign_views, rule, visibility
from .registries import register_impersonal, register_personal_data
from .roles import STAFF_ROLES, Role, has_role, roles_of


@rule("public")
def _public(actor, obj=None) -> bool:
    return True


@rule("signed_in")
def _signed_in(actor, obj=None) -> bool:
    return actor.is_authenticated and actor.is_active


@rule("cms")
def _cms(actor, obj=None) -> bool:
    """Wagtail decides the rest by its own permissions."""
    return has_role(actor, Role.COMMUNICATOR, Role.COORDINATOR, Role.PROMOTER)


@rule("staff")
def _staff(actor, obj=None) -> bool:
    return not roles_of(actor).isdisjoint(STAFF_ROLES)


@visibility(User)
def _users(actor):
    if has_role(actor, Role.COORDINATOR):
        return User.objects.all()
    return User.objects.filter(pk=actor.pk)


@rule("nobody")
def _nobody(actor, obj=None) -> bool:
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

register_personal_data(
    User,
    purpose=_("To run the courses: who takes part, leads, books or publishes"),
    until=_("24 months without activity, unless evidence or an invoice must be kept longer"),
    erase="anonymise",
    path="",
    fields=(
        "email",
        "first_name",
        "last_name",
        "phone",
        "language",
        "date_joined",
        "last_login",
        "claimed_at",
    ),
)

# What third parties keep: signing in, working in the admin, and who wrote which words.
SIGN_IN = (_("To sign in safely"), _("As long as the account"), "delete")
TOOLS = (_("To work in the admin"), _("As long as the account"), "delete")
AUTHORSHIP = (
    _("To know who wrote and published what"),
    _("As long as the text is published"),
    "keep",
)
TRAIL = (
    _("Evidence of every change"),
    _("As long as the evidence for the funder must be kept"),
    "keep",
)
FOREIGN_PERSONAL_DATA = {
    "account.EmailAddress": ("user", ("email", "verified"), SIGN_IN),
    "account.EmailConfirmation": ("email_address__user", ("created", "sent"), SIGN_IN),
    "socialaccount.SocialAccount": ("user", ("provider", "uid", "last_login"), SIGN_IN),
    "socialaccount.SocialToken": ("account__user", ("expires_at",), SIGN_IN),
    "mfa.Authenticator": ("user", ("type", "created_at", "last_used_at"), SIGN_IN),
    "wagtailcore.APIToken": ("user", (), SIGN_IN),
    "wagtailusers.UserProfile": ("user", ("preferred_language",), TOOLS),
    "wagtailadmin.EditingSession": ("user", ("last_seen_at",), TOOLS),
    "wagtailadmin.FormState": ("user", (), TOOLS),
    "wagtailcore.UploadedFile": ("uploaded_by_user", (), TOOLS),
    "wagtailcore.PageSubscription": ("user", ("page",), TOOLS),
    "wagtailcore.Page": ("owner", ("title",), AUTHORSHIP),
    "wagtailcore.Revision": ("user", ("created_at",), AUTHORSHIP),
    "wagtailcore.Comment": ("user", ("text", "created_at"), AUTHORSHIP),
    "wagtailcore.CommentReply": ("user", ("text", "created_at"), AUTHORSHIP),
    "wagtailcore.WorkflowState": ("requested_by", ("created_at",), AUTHORSHIP),
    "wagtailcore.TaskState": ("finished_by", ("finished_at",), AUTHORSHIP),
    "wagtaildocs.Document": ("uploaded_by_user", ("title",), AUTHORSHIP),
    "wagtailimages.Image": ("uploaded_by_user", ("title",), AUTHORSHIP),
    "wagtail_localize.StringTranslation": ("last_translated_by", ("updated_at",), AUTHORSHIP),
    "wagtail_localize.SegmentOverride": ("last_translated_by", ("updated_at",), AUTHORSHIP),
    "wagtailcore.ModelLogEntry": ("user", ("action", "timestamp"), TRAIL),
    "wagtailcore.PageLogEntry": ("user", ("action", "timestamp"), TRAIL),
}
for label, (path, fields, (purpose, until, erase)) in FOREIGN_PERSONAL_DATA.items():
    register_personal_data(
        apps.get_model(label), purpose=purpose, until=until, erase=erase, path=path, fields=fields
    )
register_impersonal(
    RateCount,
    why=_("Callers' addresses, unreadable without our key, to count tries; gone after an hour"),
)
register_impersonal(
    apps.get_model("wagtailimages.Rendition"), why=_("A size of a published picture")
)
register_impersonal(
    apps.get_model("wagtail_localize.TranslationLog"), why=_("Which text was translated, and when")
)
