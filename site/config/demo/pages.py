"""The pages of the demo site."""

from datetime import datetime

from config.baseline import ensure_start_pages
from courses.models import Course

from .content.about import put_about
from .content.areas import put_areas
from .content.courses import put_course_pages
from .content.legal import put_legal
from .content.modules import put_module_pages
from .content.news import put_news
from .content.regions import put_regions
from .content.start import fill_start, put_programme
from .content.stories import put_stories
from .content.tools import put_tools


def put_pages(courses: dict[str, Course], *, now: datetime) -> None:
    """Every page of the site, in both languages, in the order of the menu. A page that is there stays."""
    start = ensure_start_pages()
    course_pages = put_course_pages(start, courses)
    put_module_pages(course_pages)
    put_areas(start)
    stories = put_stories(start, course_pages)
    put_tools(start)
    put_about(start)
    put_programme(start, year=now.year)
    put_regions(start)
    put_news(start, now=now)
    put_legal(start, now=now)
    fill_start(start, stories)
