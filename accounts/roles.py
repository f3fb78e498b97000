"""The roles of the house. A staff role is membership in the Django group of the same name, so that
Wagtail's own permissions hang on the very same fact; participant and booker come from what a person does.
"""

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PARTICIPANT = "participant", _("Participant")
    BOOKER = "booker", _("Booker")
    LEADER = "leader", _("Course leader")
    PROMOTER = "promoter", _("Promoter's staff")
    COORDINATOR = "coordinator", _("Coordinator")
    COMMUNICATOR = "communicator", _("Communicator")
    ADMIN = "admin", _("Administrator")


STAFF_ROLES = (
    Role.LEADER,
    Role.PROMOTER,
    Role.COORDINATOR,
    Role.COMMUNICATOR,
    Role.ADMIN,
)


def roles_of(actor) -> frozenset[str]:
    """The staff roles of an actor; one query per request, none for visitors.

    A deactivated person has none (sessions end at the next request as well).
    """
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return frozenset()
    if not hasattr(actor, "_roles"):
        names = set(actor.groups.values_list("name", flat=True)) & set(STAFF_ROLES)
        if actor.is_superuser:
            names.add(Role.ADMIN)
        actor._roles = frozenset(str(name) for name in names)
    return actor._roles


def has_role(actor, *roles: str) -> bool:
    """True when the actor holds one of the roles, or is an administrator."""
    held = roles_of(actor)
    return Role.ADMIN in held or not held.isdisjoint(roles)


@transaction.atomic
def grant_role(*, user, role: str, actor=None) -> None:
    """Give a staff role; giving it twice changes nothing. Audited.

    Raises ValueError for participant and booker: those come from taking part and from a company.
    """
    from .audit import record

    if role not in STAFF_ROLES:
        raise ValueError(f"{role} is not granted by hand")
    group, _created = Group.objects.get_or_create(name=str(role))
    if user.groups.filter(pk=group.pk).exists():
        return
    user.groups.add(group)
    if role == Role.ADMIN:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    vars(user).pop("_roles", None)
    record("accounts.grant_role", user, actor=actor, data={"role": str(role)})


@transaction.atomic
def revoke_role(*, user, role: str, actor=None) -> None:
    """Take a staff role away; it counts from the person's next request. Audited."""
    from .audit import record

    if not user.groups.filter(name=str(role)).exists():
        return
    user.groups.remove(Group.objects.get(name=str(role)))
    if role == Role.ADMIN:
        user.is_superuser = False
        user.save(update_fields=["is_superuser"])
    vars(user).pop("_roles", None)
    record("accounts.revoke_role", user, actor=actor, data={"role": str(role)})
