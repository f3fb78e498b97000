"""Building the demo, part by part. Each part may run again and changes nothing that is there."""

from collections.abc import Callable
from datetime import datetime

from config.baseline import ensure_baseline
from courses.models import Run

from .courses import put_courses
from .pages import put_pages
from .people import put_companies, put_demo_people, put_people
from .promoters import put_promoters
from .runs import PLANS, put_runs


def is_built() -> bool:
    return Run.objects.filter(code__in=PLANS).count() == len(PLANS)


def build(*, now: datetime, say: Callable[[str], None] = lambda words: None) -> None:
    """Make the whole demo; parts that stand are left as they are."""
    ensure_baseline()
    say("companies and people")
    promoters = put_promoters()
    courses = put_courses()
    companies = put_companies()
    put_demo_people(companies, promoters, now=now)
    put_people(companies, now=now)
    say("pages in Swedish and English")
    put_pages(courses, now=now)
    say("course runs")
    put_runs(courses, promoters, now=now)
