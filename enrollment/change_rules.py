"""Registry lines about changes: who may change what is booked, and what staff must decide. Loaded by `rules`."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policy import rule
from accounts.registries import WorkItem, work
from accounts.roles import Role, has_role
from home import formats

from . import change_mails  # noqa: F401 - the worker composes mails
from .closing import undecided
from .company_rules import acted_for
from .fees import open_fees
from .models import Enrollment


@rule("enrollment.change")
def may_change(actor, enrollment: Enrollment) -> bool:
    """Cancel, hand over or move a place oneself: the participant, who booked it, and whoever acts for the
    company. A participant whom a colleague has named may give the own place up or to a colleague as well."""
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return False
    return actor.pk == enrollment.person_id or speaks_for_booking(actor, enrollment)


def speaks_for_booking(actor, enrollment: Enrollment) -> bool:
    """Whether what somebody does with a place may cost its booker: who booked it, and who acts for the company."""
    booking = enrollment.booking
    if actor.pk == booking.booked_by_id:
        return True
    company = booking.company_id
    return company is not None and acted_for(actor).filter(company=company).exists()


@rule("enrollment.merge")
def _may_merge(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR)


@work("runs to decide")
def _to_decide(actor, now):
    """Runs with fewer participants than they need, from a week before the day of the decision."""
    if not has_role(actor, Role.COORDINATOR, Role.PROMOTER):
        return
    own = _own_hosts(actor)
    for due in undecided(now=now):
        if own is not None and due.run.host_id not in own:
            continue
        words = {"confirmed": due.confirmed, "needed": due.needed, "day": formats.day(due.day)}
        yield WorkItem(
            title=_("%(run)s: %(confirmed)s of %(needed)s, decide by %(day)s")
            % {"run": f"{due.run.course} {due.run}", **words},
            since=due.since,
            url=reverse("enrolments:run", args=[due.run.code]),
            promoter_id=due.run.host_id,
        )


@work("fees to claim")
def _to_claim(actor, now):
    """What a place on a course without a price costs after late cancelling, until it is claimed or waived."""
    if not has_role(actor, Role.COORDINATOR, Role.PROMOTER):
        return
    own = _own_hosts(actor)
    for enrollment in open_fees():
        if own is not None and enrollment.run.host_id not in own:
            continue
        amount = _("%(amount)s excl. VAT") % {"amount": formats.money(enrollment.fee_ore)}
        yield WorkItem(
            title=_("%(run)s: a late cancellation costs %(amount)s")
            % {"run": f"{enrollment.run.course} {enrollment.run}", "amount": amount},
            since=enrollment.cancelled_at,
            url=reverse("enrolments:inspect", args=[enrollment.pk]),
            promoter_id=enrollment.run.host_id,
        )


def _own_hosts(actor) -> set[int] | None:
    """The promoters whose runs the actor handles; None for all."""
    if has_role(actor, Role.COORDINATOR):
        return None
    return set(actor.promoters.values_list("pk", flat=True))
