"""Meeting dates written as people write them: pasted lines, or a pattern in one sentence.

Times are Swedish wall-clock times. A weekly pattern keeps its clock time over the change to and from summer time,
because days are counted in the calendar, never by adding 24 hours.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from home.formats import MONTHS, STOCKHOLM, WEEKDAYS

MOST = 60
COUNTS = {"en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8}
COUNTS |= {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
DAY_NAMES = {name.lower()[:3]: n for names in WEEKDAYS.values() for n, name in enumerate(names)}
MONTH_NAMES = {name.lower()[:3]: n for names in MONTHS.values() for n, name in enumerate(names, 1)}
CLOCK = re.compile(
    r"(?:kl\.?|at)?\s*(?<![\d-])(\d{1,2})(?:[.:](\d{2}))?\s*(?:-|–|till|to|until)\s*(\d{1,2})(?:[.:](\d{2}))?\s*$"
)
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NAMED_DAY = re.compile(r"(\d{1,2})\.?\s+([a-zåäö]{3,10})\.?(?:\s+(\d{4}))?")
SLASH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:[ -](\d{4}))?")
PATTERN = re.compile(
    r"^\s*(\d{1,2}|[a-zåäö]+)\s+(varannan |every other )?([a-zåäö]+)\s+(?:från och med|från|from)\s+(.+)$"
)


class DatesError(Exception):
    """Text that is not understood as dates. `problems` holds one message per line, for the reader."""

    def __init__(self, problems: list[str]):
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Span:
    """One meeting: aware times in Europe/Stockholm, the end after the start, on one day."""

    starts_at: datetime
    ends_at: datetime


def spans(text: str, *, today: date) -> list[Span]:
    """Meetings out of text, by time. One line per meeting ("tis 3 mars 2027 kl. 9–12", "2027-03-03 09:00-12:00",
    "3/3 9-12") or a pattern ("4 tisdagar från 3 mars kl 9–12", "3 every other Tuesday from 3 March 9-12"). A day
    without a year is the next such day from `today` on. At most 60.

    Raises DatesError naming each line that is not understood, twice the same start, or an impossible time.
    """
    found: list[Span] = []
    problems: list[str] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise DatesError([_("Write at least one date.")])
    for line in lines[:MOST]:
        try:
            found += _line(line.lower(), today)
        except (ValueError, OverflowError):
            problems.append(
                _("This is not understood as a date and time: %(line)s") % {"line": line[:80]}
            )
    found.sort(key=lambda span: span.starts_at)
    for before, after in zip(found, found[1:], strict=False):
        if after.starts_at < before.ends_at:
            problems.append(
                _("Two meetings overlap on %(day)s.") % {"day": after.starts_at.date().isoformat()}
            )
    if len(lines) > MOST or len(found) > MOST:
        problems.append(_("A run has at most %(n)s meetings.") % {"n": MOST})
    if problems:
        raise DatesError(problems)
    return found


def _line(line: str, today: date) -> list[Span]:
    clock = CLOCK.search(line)
    if not clock:
        raise ValueError(line)
    begin = time(int(clock[1]), int(clock[2] or 0))
    end = time(int(clock[3]), int(clock[4] or 0))
    rest = line[: clock.start()].strip(" ,.")
    rest = re.sub(r"\s*(kl|at)$", "", rest).strip(" ,.")
    pattern = PATTERN.match(rest)
    if pattern:
        count = int(pattern[1]) if pattern[1].isdigit() else COUNTS[pattern[1]]
        weekday = DAY_NAMES[pattern[3][:3]]
        first = _day(pattern[4], today)
        first += timedelta(days=(weekday - first.weekday()) % 7)
        step = 14 if pattern[2] else 7
        if not 1 <= count <= MOST:
            raise ValueError(count)
        return [_span(first + timedelta(days=step * n), begin, end) for n in range(count)]
    return [_span(_day(rest, today), begin, end)]


def _day(text: str, today: date) -> date:
    if iso := ISO_DAY.search(text):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if slash := SLASH_DAY.search(text):
        return _with_year(int(slash[1]), int(slash[2]), slash[3], today)
    if named := NAMED_DAY.search(text):
        month = MONTH_NAMES.get(named[2][:3])
        if month is None:
            raise ValueError(text)
        return _with_year(int(named[1]), month, named[3], today)
    raise ValueError(text)


def _with_year(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _span(day: date, begin: time, end: time) -> Span:
    starts_at = datetime.combine(day, begin, STOCKHOLM)
    ends_at = datetime.combine(day, end, STOCKHOLM)
    if end <= begin:
        raise ValueError(end)
    return Span(starts_at, ends_at)
