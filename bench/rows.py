"""Many rows quickly: runs as the demo's are, with a meeting and places each; people who have taken them."""

import uuid
from datetime import timedelta

PLACES_EACH = 12
TAKEN_EACH = 10
CODE = "B-"


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
    wanted = count - Run.objects.public().starting_after(now).count()
    made = []
    for number in range(max(0, wanted)):
        pattern = patterns[number % len(patterns)]
        values = {
            field.attname: getattr(pattern, field.attname)
            for field in Run._meta.concrete_fields
            if not field.primary_key
        }
        values.update(code=f"{CODE}{uuid.uuid4().hex[:10]}", public_id=uuid.uuid4())
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


def enrollments_until(count: int) -> None:
    """Book places of the runs of `runs_until` for the same ten people each, until there are `count` enrolments."""
    from django.utils import timezone

    from accounts.models import User
    from courses.models import Run
    from enrollment.models import Booking, Enrollment, Place
    from enrollment.models.door import opened
    from enrollment.status import Status

    now = timezone.now()
    wanted = count - Enrollment.objects.count()
    if wanted <= 0:
        return
    people = User.objects.bulk_create(
        User(email=f"many-{n}@example.org", first_name="Exempel", last_name=f"Nr {n}")
        for n in range(TAKEN_EACH)
    )
    runs = Run.objects.filter(code__startswith=CODE).order_by("pk")[: -(-wanted // TAKEN_EACH)]
    bookings = Booking.objects.bulk_create(
        [
            Booking(
                token=uuid.uuid4(),
                run=run,
                booked_by=people[0],
                language="sv",
                price_ore=0,
                vat_percent=25,
                terms_accepted_at=now,
                created_at=now,
            )
            for run in runs
        ],
        batch_size=500,
    )
    # Past `places.take`, as above.
    with opened():
        enrollments = Enrollment.objects.bulk_create(
            [
                Enrollment(
                    booking=booking,
                    run_id=booking.run_id,
                    person=person,
                    status=Status.CONFIRMED,
                    created_at=now,
                    confirmed_at=now,
                )
                for booking in bookings
                for person in people
            ],
            batch_size=500,
        )
        places = {
            (place.run_id, place.number): place
            for place in Place.objects.filter(run__in=[booking.run_id for booking in bookings])
        }
        for n, enrollment in enumerate(enrollments):
            places[enrollment.run_id, n % TAKEN_EACH + 1].enrollment_id = enrollment.pk
        Place.objects.bulk_update(places.values(), ["enrollment"], batch_size=500)
