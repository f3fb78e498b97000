"""Building the demo, part by part. Each part may run again and changes nothing that is there."""

from collections.abc import Callable
from datetime import datetime, timedelta

from config.baseline import ensure_baseline
from courses.models import Run
from enrollment.models import Booking
from messaging.models import OutgoingMail

from .courses import put_courses
from .history import TOLD, put_history
from .pages import put_pages
from .people import put_companies, put_demo_people, put_people
from .promoters import put_promoters
from .runs import PLANS, put_runs

LONG_AGO = timedelta(days=400)


def is_built() -> bool:
    """Whether the last part stands."""
    return Run.objects.filter(code__in=PLANS).count() == len(PLANS) and all(
        Booking.objects.filter(run__code=code).exists() for code in TOLD
    )


def build(*, now: datetime, say: Callable[[str], None] = lambda words: None) -> None:
    """Make the whole demo; parts that stand are left as they are."""
    ensure_baseline()
    say("companies and people")
    promoters = put_promoters()
    courses = put_courses()
    companies = put_companies()
    put_demo_people(companies, promoters, now=now - LONG_AGO)
    people = put_people(companies, now=now - LONG_AGO)
    say("pages in Swedish and English")
    put_pages(courses, now=now)
    say("course runs")
    runs = put_runs(courses, promoters, now=now)
    say("what has happened on them")
    put_history(runs, people, now=now)
    settle_queue(now=now)


def settle_queue(*, now: datetime) -> None:
    """Nobody gets mail about what happened before the demo was there: it counts as delivered."""
    OutgoingMail.objects.unsent().update(sent_at=now)
