"""Work that waits for the provider, outside of requests and transactions."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django_tasks import task

from messaging.periodic import every

from . import provider, reconcile, refunds, webhooks
from .models import Refund, WebhookEvent


@task()
def process_event(event_id: int) -> None:
    event = WebhookEvent.objects.get(pk=event_id)
    rows = WebhookEvent.objects.filter(pk=event_id)
    rows.update(attempts=F("attempts") + 1)
    try:
        webhooks.process(event=event, now=timezone.now())
    except provider.ProviderError as error:
        # Taken up again by the reconciler.
        rows.update(error=str(error)[:300])


@task()
def send_refund(refund_id: int) -> None:
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    try:
        refunds.send(refund=refund, now=timezone.now())
    except provider.ProviderError as error:
        Refund.objects.filter(pk=refund_id).update(error=str(error)[:300])


@every(seconds=300)
def reconcile_payments(now: datetime) -> None:
    reconcile.run(now=now)
