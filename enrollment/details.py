"""A person's own data, changed by the person."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User

OWN_FIELDS = ("first_name", "last_name", "phone", "language")


@transaction.atomic
def change_details(*, person: User, changes: dict[str, str]) -> list[str]:
    """Store the given own fields; the names of those that changed. Others are never written. Audited by
    field name, without the words."""
    before = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    changed = [f for f in OWN_FIELDS if f in changes and getattr(before, f) != changes[f]]
    if changed:
        for field in changed:
            setattr(person, field, changes[field])
        person.save(update_fields=changed)
        record("enrollment.details", person, actor=person, data={"fields": changed})
    return changed
