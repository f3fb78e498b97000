"""The mails about acting for a company. None of them carries the company's number."""

from datetime import datetime

from django.utils.timezone import localdate

from messaging import outbox

from .mails import link
from .models import CompanyMembership


def _put(kind: str, membership: CompanyMembership, *, to, turn: object, now: datetime) -> None:
    outbox.put(
        kind=kind,
        dedupe_key=f"{kind}:{membership.pk}:{turn}",
        to=to,
        context={
            "company": membership.company,
            "membership": membership,
            "member": membership.user,
            "inviter": membership.invited_by,
            "company_url": link("company", language=to.language),
        },
        now=now,
    )


def membership_verified(membership: CompanyMembership, *, now: datetime) -> None:
    """Tell the person that they act for the company from now on."""
    _put("membership_verified", membership, to=membership.user, turn=now.timestamp(), now=now)


def membership_refused(membership: CompanyMembership, *, now: datetime) -> None:
    """Tell the person that they see what they booked themselves and no more."""
    _put("membership_refused", membership, to=membership.user, turn=now.timestamp(), now=now)


def membership_ended(membership: CompanyMembership, *, now: datetime) -> None:
    _put("membership_ended", membership, to=membership.user, turn=now.timestamp(), now=now)


def membership_invited(membership: CompanyMembership, *, now: datetime) -> None:
    """Invite: a link to the company's page, which asks to sign in. One mail a day and invitation."""
    _put("membership_invited", membership, to=membership.user, turn=localdate(now), now=now)


def membership_accepted(membership: CompanyMembership, *, now: datetime) -> None:
    """Tell the inviter."""
    _put("membership_accepted", membership, to=membership.invited_by, turn=now.timestamp(), now=now)
