"""The pages of the demo site."""

from datetime import datetime

from config.baseline import ensure_start_pages
from courses.models import Course

from .content.areas import put_areas
from .content.courses import put_course_pages
from .content.modules import put_module_pages
from .content.regions import put_regions
from .content.stories import put_stories


def put_pages(courses: dict[str, Course], *, now: datetime) -> None:
    """Every page of the site, in both languages, in the order of the menu. A page that is there stays."""
    start = ensure_start_pages()
    course_pages = put_course_pages(start, courses)
    put_module_pages(course_pages)
    put_areas(start)
    put_stories(start, course_pages)
    put_regions(start)
