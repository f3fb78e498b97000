"""Course and CourseInstance as schema.org describes them, for search engines."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from .models import CoursePage, Run

MODES = {
    Run.Format.ON_SITE: "Onsite",
    Run.Format.ONLINE: "Online",
    Run.Format.HYBRID: "Blended",
}


def course_data(page: CoursePage, *, runs: Iterable[Run], meetings=()) -> dict:
    """A course page as a dictionary ready for JSON; runs carry `first_at` and `last_at`, cancelled ones are
    left out. No queries beyond what the arguments bring."""
    course = page.course
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": page.title,
        "description": page.intro,
        "courseCode": course.code,
        "inLanguage": page.locale.language_code,
        "url": f"{settings.SITE_URL}{page.url}",
        "provider": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
        "timeRequired": f"PT{course.teaching_minutes}M",
        "hasCourseInstance": [
            _instance(run) for run in runs if run.first_at and not run.is_cancelled
        ],
    }


def _instance(run: Run) -> dict:
    data = {
        "@type": "CourseInstance",
        "name": run.code,
        "courseMode": MODES[run.format],
        "inLanguage": run.language,
        "startDate": localtime(run.first_at).isoformat(),
        "endDate": localtime(run.last_at).isoformat(),
        "url": f"{settings.SITE_URL}{reverse('run', args=[run.code])}",
        "organizer": {"@type": "Organization", "name": run.host.name},
        "courseWorkload": f"PT{run.course.teaching_minutes}M",
        "offers": {
            "@type": "Offer",
            "price": f"{run.price_incl_vat_ore / 100:.2f}",
            "priceCurrency": "SEK",
            "category": "Free" if run.price_ore == 0 else "Paid",
            "url": f"{settings.SITE_URL}{reverse('run', args=[run.code])}",
        },
    }
    if run.municipality_id:
        data["location"] = {
            "@type": "Place",
            "name": run.municipality.name,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": run.municipality.name,
                "addressRegion": run.municipality.region.name,
                "addressCountry": "SE",
            },
        }
    return data
