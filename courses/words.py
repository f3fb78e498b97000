"""From the neutral record to the words in the reader's language."""

from collections.abc import Iterable

from django.conf import settings

from .models import Course, CoursePage, Module, ModulePage


def page_for(course: Course, language: str | None) -> CoursePage | None:
    """The published page of a course in `language` ("sv" or "en"), else in the first language of the
    site, else None. One query."""
    return pages_for([course], language).get(course.pk)


def pages_for(courses: Iterable[Course], language: str | None) -> dict[int, CoursePage]:
    """As `page_for` for a whole list: {course id: page}; a course without any page is missing. One query."""
    pages = CoursePage.objects.live().filter(course__in=[course.pk for course in courses])
    return _best(pages, "course_id", language)


def module_page_for(module: Module, language: str | None) -> ModulePage | None:
    """The published page of a module in `language`, else in the first language of the site, else None."""
    pages = ModulePage.objects.live().filter(module=module)
    return _best(pages, "module_id", language).get(module.pk)


def _best(pages, key: str, language: str | None) -> dict:
    found: dict = {}
    for page in pages.select_related("locale"):
        code = page.locale.language_code
        if code == language or (code == settings.LANGUAGE_CODE and getattr(page, key) not in found):
            found[getattr(page, key)] = page
    return found
