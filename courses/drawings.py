"""Drawings on course and run pages: the way through a course as a dimension line, meetings on a time line.

For wide screens and hidden from screen readers; the lists beside them carry every fact.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from home import formats

LEFT, RIGHT = 10, 950
DOT = 28
LOOKS = (SafeString(""), SafeString(' class="accent"'), SafeString(' stroke-dasharray="2 4"'))


def extent(parts: Sequence[tuple[int, str]]) -> SafeString:
    """(minutes, words) of teaching, coaching, own work as lengths on one line: solid, red, dashed."""
    total = sum(minutes for minutes, _words in parts)
    if not total:
        return SafeString("")
    edges = [LEFT]
    for minutes, _words in parts:
        edges.append(edges[-1] + round((RIGHT - LEFT) * minutes / total))
    bars = format_html_join(
        "",
        '<path d="M{} 24H{}" stroke-width="12"{}/>',
        (
            (edges[i], edges[i + 1], LOOKS[i % 3])
            for i, (minutes, _words) in enumerate(parts)
            if minutes
        ),
    )
    words = format_html_join(
        "",
        '<text x="{}" y="80" text-anchor="middle">{}</text>',
        (
            ((edges[i] + edges[i + 1]) // 2, text)
            for i, (minutes, text) in enumerate(parts)
            if minutes
        ),
    )
    ticks = "".join(f"M{x} 14V66" for x in dict.fromkeys(edges))
    arrows = "".join(
        f"M{a} 56l10-4v8ZM{b} 56l-10-4v8Z" for a, b in zip(edges, edges[1:], strict=False) if b > a
    )
    return format_html(
        '<svg class="strip desk" viewBox="0 0 960 84" aria-hidden="true"><path d="{}" stroke-width="1"/>{}'
        '<path stroke-width="1" d="M{} 56H{}{}"/>{}</svg>',
        ticks,
        bars,
        LEFT,
        RIGHT,
        arrows,
        words,
    )


def timeline(sessions: Sequence) -> SafeString:
    """Meetings as numbered squares at their dates, months marked. Nothing for fewer than two."""
    if len(sessions) < 2:
        return SafeString("")
    language = "en" if get_language() == "en" else "sv"
    days = [localtime(session.starts_at).date() for session in sessions]
    first = days[0].replace(day=1)
    last = days[-1]
    span = max((last - first).days, 1)

    def x_of(day) -> int:
        return LEFT + round((RIGHT - LEFT - 2 * DOT) * (day - first).days / span)

    months = []
    month = first
    while month <= last:
        months.append((x_of(month), formats.MONTHS[language][month.month - 1]))
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    if len(months) > 8:
        months = months[:: len(months) // 6]
    places = []
    for day in days:
        x = x_of(day) + DOT // 2
        places.append(max(x, places[-1] + DOT + 4) if places else max(x, LEFT + DOT // 2))
    overflow = max(0, places[-1] + DOT - RIGHT)
    if overflow:
        return SafeString("")
    return format_html(
        '<svg class="strip desk" viewBox="0 0 960 96" aria-hidden="true"><path d="M{} 40H{}"/>{}{}</svg>',
        LEFT,
        RIGHT,
        format_html_join(
            "",
            '<path stroke-width="1" d="M{} 30V86"/><text x="{}" y="84">{}</text>',
            ((x, x + 8, name) for x, name in months),
        ),
        format_html_join(
            "",
            '<rect class="dot" x="{}" y="26" width="28" height="28"/>'
            '<text text-anchor="middle" x="{}" y="46">{}</text>',
            ((x - 14, x, n) for n, x in enumerate(places, 1)),
        ),
    )
