"""Registry lines of this room: policy, personal data."""

from django.utils.translation import gettext_lazy as _

from accounts.policy import visibility
from accounts.registries import register_personal_data
from accounts.roles import Role, has_role

from .models import ActionArea, Municipality, Promoter, PromoterMembership, Region

register_personal_data(
    PromoterMembership,
    purpose=_(
        "Which promoter a member of staff works for, and so whose runs and invoices they handle"
    ),
    until=_("Until the employment or assignment with the promoter ends"),
    erase="delete",
    path="user",
    fields=("promoter",),
)


@visibility(PromoterMembership)
def _memberships(actor):
    if has_role(actor, Role.COORDINATOR, Role.ADMIN):
        return PromoterMembership.objects.all()
    if not actor.is_authenticated:
        return PromoterMembership.objects.none()
    return PromoterMembership.objects.filter(user=actor)


def _public(model):
    """Facts that stand on public pages."""
    visibility(model)(lambda actor: model._default_manager.all())


for neutral in (ActionArea, Municipality, Promoter, Region):
    _public(neutral)
