"""Many rows quickly: runs as the demo's are, with a meeting and places each."""

import uuid
from datetime import timedelta

PLACES_EACH = 10


def runs_until(count: int) -> None:
    """Make runs, spread over the demo's courses, until the catalogue lists `count`."""
    from django.utils import timezone

    from courses.models import Run, Session
    from enrollment.models import Place
    from enrollment.models.door import opened

    now = timezone.now()
    patterns = list(
        Run.objects.filter(status=Run.Status.PUBLISHED, closes_at__gt=now).order_by("pk")[:6]
    )
    regions = list(patterns[0].open_to.all())
    wanted = count - Run.objects.public().starting(now).count()
    made = []
    for number in range(max(0, wanted)):
        pattern = patterns[number % len(patterns)]
        values = {
            field.attname: getattr(pattern, field.attname)
            for field in Run._meta.concrete_fields
            if not field.primary_key
        }
        values.update(code=f"B-{uuid.uuid4().hex[:10]}", public_id=uuid.uuid4())
        made.append(Run(**values))
    made = Run.objects.bulk_create(made, batch_size=200)
    Run.open_to.through.objects.bulk_create(
        [
            Run.open_to.through(run_id=run.pk, region_id=region.pk)
            for run in made
            for region in regions
        ],
        batch_size=500,
    )
    Session.objects.bulk_create(
        [
            Session(
                run=run,
                number=1,
                starts_at=now + timedelta(days=20 + number % 200),
                ends_at=now + timedelta(days=20 + number % 200, hours=3),
            )
            for number, run in enumerate(made)
        ],
        batch_size=500,
    )
    # Past `open_places`, which locks and records run by run: a thousand of them are only rows to be read.
    with opened():
        Place.objects.bulk_create(
            [Place(run=run, number=n) for run in made for n in range(1, PLACES_EACH + 1)],
            batch_size=1000,
        )
