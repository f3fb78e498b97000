"""The audit trail: Wagtail's log, written by the function that made the change, in its transaction."""

from typing import Any

from django.db import connection
from wagtail.log_actions import log


def record(action: str, obj, *, actor=None, data: dict[str, Any] | None = None) -> None:
    """Write one audit entry about `obj`.

    `data` holds ids, field names and before/after of statuses: never names, addresses or free text
    about a person. `actor` is the person who acted, None for the system. Must run in a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{action}: an audit entry belongs in the transaction of its change")
    user = actor if getattr(actor, "pk", None) else None
    log(
        instance=obj, action=action, user=user, data=data or {}, title=f"{obj._meta.label} {obj.pk}"
    )
