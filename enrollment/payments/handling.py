"""What staff does with a payment that needed a look."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record

from .models import Payment


@transaction.atomic
def mark_handled(*, payment: Payment, actor, now: datetime) -> bool:
    """Take a payment with a problem off the work-list. False when there was nothing to take off. Audited."""
    changed = Payment.objects.with_problem().filter(pk=payment.pk).update(handled_at=now)
    if changed:
        payment.handled_at = now
        record("payments.handle", payment, actor=actor, data={"problem": str(payment.problem)})
    return bool(changed)
