"""Calendar invitations (RFC 5545, RFC 5546): what a mail carries so that a diary follows the run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Meeting:
    """One meeting as a diary sees it. Times are aware datetimes; `uid` never changes for a person and
    meeting, `sequence` grows with every change."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str


def invitation(
    meetings: list[Meeting], *, method: str, attendee_name: str, attendee_email: str, now: datetime
) -> str:
    """The iCalendar text of these meetings, with METHOD `REQUEST` or `CANCEL` and a VTIMEZONE.

    The attendee has accepted already (the booking is the answer) and nobody is asked to reply. Times are
    Stockholm wall clock with TZID, so that a diary anywhere follows a change of summer time.
    Raises ValueError for another method.
    """
    if method not in ("REQUEST", "CANCEL"):
        raise ValueError(method)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//{translation.get_language() or 'sv'}")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_stockholm_rules())
    for meeting in meetings:
        calendar.add_component(_event(meeting, method, attendee_name, attendee_email, now))
    return calendar.to_ical().decode()


def _event(meeting: Meeting, method: str, name: str, address: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at.astimezone(STOCKHOLM))
    event.add("dtend", meeting.ends_at.astimezone(STOCKHOLM))
    event.add("summary", meeting.summary)
    if meeting.location:
        event.add("location", meeting.location)
    if meeting.description:
        event.add("description", meeting.description)
    if meeting.url:
        event.add("url", meeting.url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    host_name, host_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    event.add("organizer", _person(host_name, host_address))
    attendee = _person(name, address)
    attendee.params["cutype"] = vText("INDIVIDUAL")
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee)
    return event


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    # A double quote cannot be written in a parameter (RFC 5545 3.2), control characters neither.
    words = "".join(c if c.isprintable() and c != '"' else " " for c in name)
    person.params["cn"] = vText(" ".join(words.split()) or address)
    return person


@cache
def _stockholm_rules() -> Timezone:
    """The VTIMEZONE of all invitations: the rules of the European Union since 1996 (directive 2000/84/EC)."""
    rules = Timezone()
    rules.add("tzid", "Europe/Stockholm")
    summer, winter = TimezoneDaylight(), TimezoneStandard()
    for part, name, month, onset, before, after in (
        (summer, "CEST", 3, datetime(1996, 3, 31, 2), 1, 2),  # noqa: DTZ001 - local by RFC 5545
        (winter, "CET", 10, datetime(1996, 10, 27, 3), 2, 1),  # noqa: DTZ001
    ):
        part.add("tzname", name)
        part.add("dtstart", onset)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        rules.add_component(part)
    return rules
