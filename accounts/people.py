"""Who somebody is: found or made by e-mail address, claimed at the first sign-in."""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from .audit import record
from .models import User
from .newrow import NewRow
from .staying import staying

_write = NewRow(User, unless_known=True)


def known_as(email: str) -> User | None:
    """Who signs in with this address: the person who has it, or whom that person was found to be the same as."""
    found = User.objects.filter(email=email).select_related("merged_into").first()
    person = kept(found) if found else None
    return person if person and person.is_active else None


def current(addresses: Sequence[str]) -> list[str]:
    """The addresses, those of duplicates replaced by the address of the person who was kept. One query."""
    merged = User.objects.filter(email__in=addresses, merged_into__isnull=False)
    kept_at = dict(merged.values_list("email", "merged_into__email"))
    return [kept_at.get(address, address) for address in addresses]


def kept(person: User) -> User:
    """The person, or the one that staff have found to be the same person (`enrollment.merging`)."""
    while person.merged_into is not None:
        person = person.merged_into
    return person


@transaction.atomic(savepoint=False)
def known_or_new(
    *, email: str, first_name: str = "", last_name: str = "", language: str, now: datetime
) -> User:
    """The person with this address, made unclaimed when there is none; a duplicate's address leads to the person
    who was kept. Safe under concurrency.

    Letter case and white space around the address do not matter. Whoever has a name keeps name and language,
    whatever somebody else types: they are the person's own to change. One who has none and has never signed
    in gets the given one. Nobody can merge the person into another one before the end of the transaction.
    """
    email = User.objects.normalise(email)
    given = {
        "first_name": _one_line(first_name)[:150],
        "last_name": _one_line(last_name)[:150],
        "language": language,
    }
    found = staying(User.objects.filter(email=email).order_by())
    if not found:
        new = User(email=email, date_joined=now, **given)
        new.set_unusable_password()
        if _write(new):
            return new
        # Somebody else has just made it.
        found = staying(User.objects.filter(email=email).order_by())
    (person,) = found
    while person.merged_into_id:
        (person,) = staying(User.objects.filter(pk=person.merged_into_id).order_by())
    if person.claimed_at is None and not person.get_full_name():
        person.first_name, person.last_name = given["first_name"], given["last_name"]
        if person.get_full_name():
            person.save(update_fields=["first_name", "last_name"])
    return person


@transaction.atomic
def claim(*, person: User, now: datetime) -> bool:
    """Note the first sign-in with the person's own address. True the first time only. Audited."""
    first = User.objects.filter(pk=person.pk, claimed_at=None).update(claimed_at=now)
    if first:
        person.claimed_at = now
        record("accounts.claim", person, actor=person)
    return bool(first)


@transaction.atomic
def confirm_address(*, person: User) -> None:
    """Tell allauth that the person's address is theirs: they have just read a code sent to it.

    Older addresses of the person, and stale claims of others to this one, go: the address on the person
    is the only login.
    """
    EmailAddress.objects.filter(email=person.email).exclude(user=person).delete()
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )


def _one_line(words: str) -> str:
    """Names stand in mail headers and on certificates: one line, single spaces, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
