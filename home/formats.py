"""Dates, times and money as people here write them. Pure functions; the templates' filters call these.

Swedish follows the style of the authorities ("tis 3 mars 2026 kl. 09.00"), English is British with the
currency in front. Times are shown in Swedish time wherever the reader is.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NBSP = "\N{NO-BREAK SPACE}"

WEEKDAYS = {
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = {
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
SHORT_MONTHS = {
    "sv": [
        "jan",
        "feb",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "aug",
        "sept",
        "okt",
        "nov",
        "dec",
    ],
    "en": [
        "Jan",
        "Feb",
        "March",
        "April",
        "May",
        "June",
        "July",
        "Aug",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
    ],
}


def _language(language: str | None) -> str:
    return "en" if (language or get_language() or "sv").startswith("en") else "sv"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(STOCKHOLM)
    return value


def date_words(value: date | datetime, *, language: str | None = None, year: bool = True) -> str:
    """`3 mars 2026`, `3 March 2026`; without the year on request."""
    local = _local(value)
    month = MONTHS[_language(language)][local.month - 1]
    return f"{local.day} {month} {local.year}" if year else f"{local.day} {month}"


def short_date(value: date | datetime, *, language: str | None = None, year: bool = False) -> str:
    """`8 dec`, `8 Dec`; with the year on request. For narrow columns."""
    local = _local(value)
    month = SHORT_MONTHS[_language(language)][local.month - 1]
    return f"{local.day} {month} {local.year}" if year else f"{local.day} {month}"


def day(value: date | datetime, *, language: str | None = None) -> str:
    """`tis 3 mars 2026`, `Tue 3 March 2026`."""
    weekday = WEEKDAYS[_language(language)][_local(value).weekday()]
    return f"{weekday} {date_words(value, language=language)}"


def clock(value: datetime, *, language: str | None = None) -> str:
    """`09.00`, `09:00`."""
    return f"{_local(value):%H.%M}" if _language(language) == "sv" else f"{_local(value):%H:%M}"


def day_time(value: datetime, *, language: str | None = None) -> str:
    """`tis 3 mars 2026 kl. 09.00`, `Tue 3 March 2026, 09:00`."""
    between = f" kl.{NBSP}" if _language(language) == "sv" else ", "
    return f"{day(value, language=language)}{between}{clock(value, language=language)}"


def time_span(starts_at: datetime, ends_at: datetime, *, language: str | None = None) -> str:
    """`tis 3 mars 2026 kl. 09.00–12.00`, `Tue 3 March 2026, 09:00–12:00`; two dates when it passes
    midnight."""
    first = day_time(starts_at, language=language)
    if _local(starts_at).date() == _local(ends_at).date():
        return f"{first}–{clock(ends_at, language=language)}"
    return f"{first} – {day_time(ends_at, language=language)}"


def period(first: date | datetime, last: date | datetime, *, language: str | None = None) -> str:
    """`12–14 januari 2027`, `12 januari – 4 maj 2027`, `16 december 2026 – 20 januari 2027`."""
    a, b = _local(first), _local(last)
    end = date_words(b, language=language)
    if (a.year, a.month, a.day) == (b.year, b.month, b.day):
        return end
    if (a.year, a.month) == (b.year, b.month):
        return f"{a.day}–{end}"
    return f"{date_words(a, language=language, year=a.year != b.year)} – {end}"


def number(value: float, *, decimals: int = 0, language: str | None = None) -> str:
    """`12 500` with a hard space, `12,500` in English; decimals after comma or point."""
    text = f"{value:,.{decimals}f}"
    if _language(language) == "en":
        return text
    return text.replace(",", NBSP).replace(".", ",")


def money(ore: int, *, language: str | None = None) -> str:
    """An amount in öre as `12 500 kr` or `SEK 12,500`; öre are shown only when there are any."""
    kronor, rest = divmod(abs(ore), 100)
    sign = "−" if ore < 0 else ""
    text = number(abs(ore) / 100 if rest else kronor, decimals=2 if rest else 0, language=language)
    return f"SEK{NBSP}{sign}{text}" if _language(language) == "en" else f"{sign}{text}{NBSP}kr"
