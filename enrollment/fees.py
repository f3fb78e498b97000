"""What cancelled places cost on courses without a price, and what staff have decided about it."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import ModelLogEntry

from accounts.audit import record
from accounts.models import User

from .changes import Ended
from .models import Enrollment
from .status import Status


@transaction.atomic
def settle_fee(*, enrollment: Enrollment, fee_ore: int, actor: User) -> None:
    """Staff have dealt with what a cancelled place costs: claimed as it stands, or lowered to `fee_ore` (0 waives
    it). It leaves the work-list; of a paid booking the difference goes back. Raises Ended for a fee that would
    grow, or of a place that is not cancelled."""
    before = Enrollment.objects.select_for_update(no_key=True, of=("self",)).get(pk=enrollment.pk)
    if before.status != Status.CANCELLED or not 0 <= fee_ore <= before.fee_ore:
        raise Ended
    Enrollment.objects.filter(pk=before.pk).update(fee_ore=fee_ore)
    data = {"from": before.fee_ore, "to": fee_ore}
    record("enrollment.fee", enrollment, actor=actor, data=data)
    enrollment.fee_ore = fee_ore


def open_fees() -> list[Enrollment]:
    """Cancelled places that cost something and were never paid for, which nobody of the staff has dealt with."""
    owed = (
        Enrollment.objects.filter(fee_ore__gt=0, booking__price_ore=0, status=Status.CANCELLED)
        .select_related("run__course", "booking", "person")
        .order_by("cancelled_at", "pk")
    )
    kind = ContentType.objects.get_for_model(Enrollment)
    entries = ModelLogEntry.objects.filter(content_type=kind, action="enrollment.fee")
    dealt_with = set(entries.values_list("object_id", flat=True))
    return [enrollment for enrollment in owed if str(enrollment.pk) not in dealt_with]
