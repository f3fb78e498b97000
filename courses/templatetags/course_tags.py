"""Runs and courses for templates of this room and of the pages below it."""

import json

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import drawings, state
from courses.jsonld import course_data
from courses.models import Run
from home import formats

register = template.Library()
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def run_state(run: Run, seats=None, now=None) -> state.State:
    return state.state_of(run, seats=seats, now=now or timezone.now())


@register.simple_tag
def places_words(run: Run, seats=None, now=None) -> str:
    """What is said beside the drawn seats; "" when nothing is known of the run's places."""
    return state.places_words(run, seats=seats, now=now or timezone.now())


@register.filter
def first_day(run: Run) -> str:
    """`8 dec`; the day a run starts, without its year."""
    return formats.short_date(run.first_at) if run.first_at else ""


@register.filter
def rest_of_period(run: Run) -> str:
    """What follows the first day: `2026 – 14 jan`, or the year alone."""
    if not run.first_at:
        return ""
    first, last = timezone.localtime(run.first_at), timezone.localtime(run.last_at)
    if first.date() == last.date():
        return str(first.year)
    return f"{first.year} – {formats.short_date(last)}"


@register.filter
def short_day(value) -> str:
    """`tis 3 mars 2027` with the month cut short, for a narrow column."""
    return f"{formats.day(value).split()[0]} {formats.short_date(value, year=True)}"


@register.filter
def venue_line(venue) -> str:
    """Name, address and municipality of a venue, the town once."""
    parts = [venue.name, venue.address]
    if venue.municipality.name not in venue.address:
        parts.append(venue.municipality.name)
    return ", ".join(part for part in parts if part)


@register.filter
def where(run: Run) -> str:
    """Where a run is held, in the reader's words: the municipality, "online", or both."""
    place = run.municipality.name if run.municipality_id else ""
    if run.format == Run.Format.ONLINE:
        return _("Online")
    if run.format == Run.Format.HYBRID:
        return _("%(place)s and online") % {"place": place} if place else _("On site and online")
    return place or _("Place not decided")


@register.filter
def taught_in(run: Run) -> str:
    return _("In Swedish") if run.language == "sv" else _("In English")


@register.filter
def hours(minutes: int | None) -> str:
    """`16 hours`, `1.5 hours`: whole or half hours of a number of minutes."""
    if not minutes:
        return ""
    whole = minutes % 60 == 0
    if minutes == 60:
        return _("1 hour")
    return _("%(hours)s hours") % {
        "hours": formats.number(minutes / 60, decimals=0 if whole else 1)
    }


@register.filter
def name_of(thing) -> str:
    """A course's or module's formal name in the reader's language."""
    return thing.name_in(get_language())


@register.filter
def open_to_words(run: Run) -> str:
    """The counties whose companies may book: `Dalarna och Gävleborg`, or all three. No query for a run of a list."""
    names = [region.name for region in run.open_to.all()]
    if not names or len(names) > 2:
        return _("all three counties")
    return _(" and ").join(names)


@register.filter
def note_of(run: Run) -> str:
    return run.note_en if get_language() == "en" else run.note_sv


@register.simple_tag
def balloons(runs) -> list[tuple[int, str]]:
    """(number in the list, municipality code) of the runs that have a place, for `{% county_map %}`."""
    return [(n, run.municipality.code) for n, run in enumerate(runs, 1) if run.municipality_id]


@register.inclusion_tag("courses/run_list.html", takes_context=True)
def run_list(context, limit=4, region=None, course=None, heading_level=3):
    """The next runs, numbered, with the map their numbers stand on. Two queries and those for places.

    `region`: held there or open to it. `course`: of this course only.
    """
    now = context.get("now") or timezone.now()
    runs = Run.objects.upcoming(now).for_list()
    if region is not None:
        runs = runs.for_region(region)
    if course is not None:
        runs = runs.filter(course=course)
    return {
        "runs": list(runs[:limit]),
        "now": now,
        "request": context.get("request"),
        "level": heading_level,
    }


@register.simple_tag(takes_context=True)
def course_jsonld(context) -> SafeString:
    """The course and its runs as schema.org data. Escaped so that no text can end the element; a data block
    is never executed, and the nonce satisfies the policy for scripts all the same."""
    data = course_data(
        context["page"],
        runs=context["runs"],
        meetings=context.get("meetings", []),
    )
    # Safe because ESCAPES leaves no character that HTML reads; escaping for HTML would break the JSON.
    body = SafeString(json.dumps(data, ensure_ascii=False).translate(ESCAPES))
    return format_html('<script type="application/ld+json">{}</script>', body)


@register.simple_tag
def timeline(meetings) -> SafeString:
    return drawings.timeline(list(meetings))


@register.simple_tag
def extent(course) -> SafeString:
    """The time a course takes as a dimension line; the words beside it come from `{% extent_words %}`."""
    return drawings.extent(_parts(course))


@register.simple_tag
def extent_words(course) -> str:
    return ", ".join(words for minutes, words in _parts(course) if minutes)


def _parts(course) -> list[tuple[int, str]]:
    return [
        (
            course.teaching_minutes,
            _("%(hours)s of meetings") % {"hours": hours(course.teaching_minutes)},
        ),
        (
            course.coaching_minutes,
            _("%(hours)s with a coach") % {"hours": hours(course.coaching_minutes)},
        ),
        (
            course.own_work_minutes,
            _("about %(hours)s of your own work") % {"hours": hours(course.own_work_minutes)},
        ),
    ]


@register.filter
def month_words(value) -> str:
    """`december 2026`, the heading over a month's runs; without a date "later"."""
    if not value:
        return _("Date not set")
    local = timezone.localtime(value)
    month = formats.MONTHS["en" if get_language() == "en" else "sv"][local.month - 1]
    return f"{month[0].upper()}{month[1:]} {local.year}"
