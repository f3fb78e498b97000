"""The audit trail: Wagtail's log, written by the function that made the change, in its transaction."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.log_actions import get_active_log_context, log, registry
from wagtail.models import ModelLogEntry

from .newrow import NewRow

_write = NewRow(ModelLogEntry)


def record(action: str, obj, *, actor=None, data: dict[str, Any] | None = None) -> None:
    """Write one audit entry about `obj`.

    `data` holds ids, field names and before/after of statuses: never names, addresses or free text
    about a person. `actor` is the person who acted, None for the system. Must run in a transaction.
    Raises ValueError for an action that no room has registered.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{action}: an audit entry belongs in the transaction of its change")
    if not registry.action_exists(action):
        raise ValueError(f"{action} is not a registered action")
    user = actor if getattr(actor, "pk", None) else None
    title = f"{obj._meta.label} {obj.pk}"
    if registry.get_log_model_for_instance(obj) is not ModelLogEntry:
        log(instance=obj, action=action, user=user, data=data or {}, title=title)
        return
    context = get_active_log_context()
    entry = ModelLogEntry(
        content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False),
        object_id=str(obj.pk),
        label=title,
        action=action,
        data=data or {},
        timestamp=timezone.now(),
        user=user or context.user,
        uuid=context.uuid,
    )
    # Without `full_clean`, which asks the database whether the two foreign keys exist: it will tell itself.
    _write(entry)
