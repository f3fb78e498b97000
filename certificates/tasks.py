from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from messaging.periodic import every

from .issue import store_file
from .models import Certificate


@task()
def store_certificate_file(*, certificate_id: int) -> None:
    store_file(certificate_id=certificate_id, now=timezone.now())


@every(seconds=600)
def print_what_is_left(now) -> None:
    """A worker was killed or Pango was missing: certificates without a file are queued again."""
    left = Certificate.objects.unprinted().filter(issued_at__lt=now - timedelta(minutes=10))
    for certificate_id in left.values_list("pk", flat=True)[:200]:
        store_certificate_file.enqueue(certificate_id=certificate_id)
