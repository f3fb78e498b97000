"""Who acts for a company (R-ID-04). A company is never claimed by knowing its number: a membership counts once
staff have approved it, or once somebody invited by a verified booker has signed in with the invited address.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.people import known_or_new
from accounts.policy import can

from . import company_mails
from .companies import own_domain
from .models import Company, CompanyMembership

Role = CompanyMembership.Role
ACTING = (Role.BOOKER, Role.SIGNATORY)


class MembershipError(Exception):
    """Nothing was changed. `message` is for the reader."""

    message = _("This cannot be done.")


class NotYours(MembershipError):
    message = _("Only somebody who books for the company can do this.")


class AlreadyMember(MembershipError):
    message = _("This person acts for the company already.")


class InThePast(MembershipError):
    message = _("Choose a day that is not in the past.")


class InvitationEnded(MembershipError):
    """The inviter no longer acts for the company, or the invitation was taken back."""

    message = _("The invitation no longer holds. Ask your company for a new one.")


def companies_of(person: User, *, today: date) -> QuerySet[CompanyMembership]:
    """The memberships by which the person acts for companies today: verified, not ended, booker or
    signatory."""
    return CompanyMembership.objects.valid(today).filter(user=person, role__in=ACTING)


def acts_for(person: User, company: Company, *, today: date) -> bool:
    return companies_of(person, today=today).filter(company=company).exists()


def any_of(person: User, *, today: date) -> bool:
    """Whether the person acts for a company, has booked for one or is invited to."""
    rows = CompanyMembership.objects.filter(user=person, role__in=ACTING)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=today)).exists()


def waiting() -> QuerySet[CompanyMembership]:
    """Those who booked for a company and are not verified yet. Invitations wait for the invited instead."""
    return CompanyMembership.objects.filter(
        verified_at=None, valid_to=None, invited_by=None, role__in=ACTING
    ).exclude(asked_at=None)


def fits_domain(membership: CompanyMembership) -> bool | None:
    """Whether the person's address is at the company's own domain; None while the company has none noted."""
    if not membership.company.email_domain:
        return None
    return own_domain(membership.user.email) == membership.company.email_domain


@transaction.atomic
def ask_to_book(*, company: Company, person: User, now: datetime) -> CompanyMembership:
    """Note that somebody has booked for a company. It gives no right until it is verified. Who had acted for
    the company before asks anew; who was refused stays refused until staff think otherwise."""
    membership, made = CompanyMembership.objects.get_or_create(
        company=company, user=person, role=Role.BOOKER, defaults={"asked_at": now}
    )
    ended = membership.valid_to is not None and membership.valid_to < localdate(now)
    if not made and ended and membership.verified_at:
        membership.verified_at = membership.verified_by = membership.valid_to = None
        membership.invited_by = None
        membership.asked_at = now
        membership.save()
    return membership


@transaction.atomic
def verify(*, membership: CompanyMembership, by: User, now: datetime) -> bool:
    """Let the person act for the company: staff, or who acts for it already, approve. False when it counted
    before. By staff it also teaches the company's e-mail domain. Audited; the person is told.

    Raises NotYours for one's own membership: nobody vouches for themselves; and for a signatory's, who is
    verified by staff."""
    membership = _locked(membership)
    by_papers = membership.role == Role.SIGNATORY
    if membership.user_id == by.pk or (by_papers and not can(by, "enrollment.companies")):
        raise NotYours
    if _counts(membership, now):
        return False
    from_staff = not acts_for(by, membership.company, today=localdate(now))
    _let_in(membership, by=by, now=now)
    if from_staff:
        _learn_domain(membership)
    record("enrollment.membership", membership, actor=by, data={"to": "verified"})
    company_mails.membership_verified(membership, now=now)
    return True


@transaction.atomic
def refuse(*, membership: CompanyMembership, by: User, now: datetime) -> bool:
    """Answer no to somebody who has booked for a company; what they booked stands. False when it was answered
    before. Audited; the person is told."""
    membership = _locked(membership)
    if membership.verified_at or membership.valid_to:
        return False
    membership.valid_to = localdate(now) - timedelta(days=1)
    membership.save(update_fields=["valid_to"])
    record("enrollment.membership", membership, actor=by, data={"to": "refused"})
    company_mails.membership_refused(membership, now=now)
    return True


@transaction.atomic
def invite(
    *,
    company: Company,
    email: str,
    role: str = Role.BOOKER,
    by: User,
    now: datetime,
    first_name: str = "",
    last_name: str = "",
) -> CompanyMembership:
    """Invite a colleague to book for the company. It counts when they have signed in with that address and
    accepted. The same invitation again sends one mail a day. Audited.

    Raises NotYours when `by` does not act for the company or the role is not theirs to give (a signatory is
    verified by staff), AlreadyMember."""
    if role not in (Role.BOOKER, Role.EMPLOYEE) or not acts_for(by, company, today=localdate(now)):
        raise NotYours
    person = known_or_new(
        email=email, first_name=first_name, last_name=last_name, language=by.language, now=now
    )
    membership, _made = CompanyMembership.objects.get_or_create(
        company=company, user=person, role=role, defaults={"asked_at": now, "invited_by": by}
    )
    membership = _locked(membership)
    if _counts(membership, now):
        raise AlreadyMember
    membership.verified_at = membership.verified_by = membership.valid_to = None
    membership.invited_by, membership.asked_at = by, now
    membership.save()
    record("enrollment.membership", membership, actor=by, data={"to": "invited", "role": role})
    company_mails.membership_invited(membership, now=now)
    return membership


@transaction.atomic
def record_signatory(
    *,
    company: Company,
    email: str,
    first_name: str,
    last_name: str,
    until: date | None,
    by: User,
    now: datetime,
) -> CompanyMembership:
    """Staff note who signs for the company, as its certificate of registration says, until a day or without an
    end. It counts at once, also for booking. The same person again gets the new day. Audited; the person is told.

    Raises NotYours for oneself, InThePast."""
    if until and until < localdate(now):
        raise InThePast
    person = known_or_new(
        email=email, first_name=first_name, last_name=last_name, language=by.language, now=now
    )
    if person.pk == by.pk:
        raise NotYours
    membership, made = CompanyMembership.objects.get_or_create(
        company=company, user=person, role=Role.SIGNATORY, defaults={"asked_at": now}
    )
    membership = _locked(membership)
    if not made and _counts(membership, now) and membership.valid_to == until:
        return membership
    _let_in(membership, by=by, now=now, until=until)
    data = {"to": "verified", "role": Role.SIGNATORY, "until": until and until.isoformat()}
    record("enrollment.membership", membership, actor=by, data=data)
    company_mails.membership_verified(membership, now=now)
    return membership


@transaction.atomic
def accept(*, membership: CompanyMembership, by: User, now: datetime) -> bool:
    """Accept an invitation, signed in with the invited address. False when it counted before. The inviter
    vouches, and must act for the company still. Audited; the inviter is told.

    Raises InvitationEnded, and NotYours when it is somebody else's."""
    membership = _locked(membership)
    if membership.user_id != by.pk:
        raise NotYours
    if _counts(membership, now):
        return False
    inviter = membership.invited_by
    if (
        inviter is None
        or membership.valid_to
        or not inviter.is_active
        or not acts_for(inviter, membership.company, today=localdate(now))
    ):
        raise InvitationEnded
    _let_in(membership, by=inviter, now=now)
    record("enrollment.membership", membership, actor=by, data={"to": "accepted"})
    company_mails.membership_accepted(membership, now=now)
    return True


@transaction.atomic
def end(*, membership: CompanyMembership, by: User, now: datetime) -> bool:
    """End a membership at once, or take an invitation back; bookings stand. False when it had ended. Audited;
    the person is told unless they ended it themselves."""
    membership = _locked(membership)
    yesterday = localdate(now) - timedelta(days=1)
    if membership.valid_to and membership.valid_to <= yesterday:
        return False
    membership.valid_to = yesterday
    membership.save(update_fields=["valid_to"])
    record("enrollment.membership", membership, actor=by, data={"to": "ended"})
    if membership.user_id != by.pk and membership.verified_at:
        company_mails.membership_ended(membership, now=now)
    return True


def _locked(membership: CompanyMembership) -> CompanyMembership:
    rows = CompanyMembership.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("company", "user", "invited_by").get(pk=membership.pk)


def _counts(membership: CompanyMembership, now: datetime) -> bool:
    return CompanyMembership.objects.valid(localdate(now)).filter(pk=membership.pk).exists()


def _let_in(
    membership: CompanyMembership, *, by: User, now: datetime, until: date | None = None
) -> None:
    membership.verified_at, membership.verified_by, membership.valid_to = now, by, until
    membership.save(update_fields=["verified_at", "verified_by", "valid_to"])


def _learn_domain(membership: CompanyMembership) -> None:
    company, domain = membership.company, own_domain(membership.user.email)
    if domain and not company.email_domain:
        company.email_domain = domain
        company.save(update_fields=["email_domain"])


def stronger_first(
    one: CompanyMembership, other: CompanyMembership, *, today: date
) -> tuple[CompanyMembership, CompanyMembership]:
    """Of two memberships that are found to be the same one: which counts today first, else which is verified."""

    def strength(each: CompanyMembership) -> tuple[bool, bool]:
        ended = each.valid_to is not None and each.valid_to < today
        return (each.verified_at is not None and not ended, each.verified_at is not None)

    return (one, other) if strength(one) >= strength(other) else (other, one)
