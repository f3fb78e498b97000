from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from messaging.calendar import Meeting, invitation

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def meeting(number=1, starts_at=NOW + timedelta(days=7), **fields) -> Meeting:
    values = {
        "uid": f"s{number}-e7@focusindustri.example.org",
        "sequence": 0,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "summary": "Tjänster; mål, mått",
        "location": "Exempelsalen, Ludvika",
        "description": "Ta med dator\nVälkommen",
        "url": "https://focusindustri.example.org/sv/my/",
        **fields,
    }
    return Meeting(**values)


def read(*meetings, method="REQUEST", name="Elin Exempel") -> Calendar:
    return Calendar.from_ical(
        invitation(
            list(meetings),
            method=method,
            attendee_name=name,
            attendee_email="elin@example.org",
            now=NOW,
        )
    )


def test_invitation_holds_every_meeting_and_one_time_zone():
    calendar = read(meeting(1), meeting(2))
    assert calendar["method"] == "REQUEST"
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE", "VEVENT", "VEVENT"]
    event = calendar.walk("VEVENT")[0]
    assert event["uid"] == "s1-e7@focusindustri.example.org"
    assert event["sequence"] == 0
    assert event["status"] == "CONFIRMED"
    assert str(event["summary"]) == "Tjänster; mål, mått"
    assert event["attendee"] == "mailto:elin@example.org"
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert event["organizer"].startswith("mailto:")
    assert event["dtstart"].params["TZID"] == "Europe/Stockholm"


def test_cancellation_keeps_the_uid():
    event = read(meeting(sequence=1), method="CANCEL").walk("VEVENT")[0]
    assert (event["uid"], event["sequence"], event["status"]) == (
        "s1-e7@focusindustri.example.org",
        1,
        "CANCELLED",
    )


def test_nine_o_clock_stays_nine_o_clock_across_summer_time():
    sundays = [datetime(2027, 3, day, 9, tzinfo=STOCKHOLM) for day in (21, 28)]
    text = invitation(
        [meeting(n, starts_at=start.astimezone(UTC)) for n, start in enumerate(sundays)],
        method="REQUEST",
        attendee_name="Elin",
        attendee_email="elin@example.org",
        now=NOW,
    )
    assert "DTSTART;TZID=Europe/Stockholm:20270321T090000" in text
    assert "DTSTART;TZID=Europe/Stockholm:20270328T090000" in text
    zone = Calendar.from_ical(text).walk("VTIMEZONE")[0].to_tz()
    for start in sundays:
        wall = start.replace(tzinfo=zone)
        assert wall.utcoffset() == start.utcoffset()


def test_a_hostile_name_makes_no_new_line():
    event = read(meeting(), name='Elin"\r\nATTENDEE:mailto:evil@example.org').walk("VEVENT")[0]
    assert event["attendee"] == "mailto:elin@example.org"


def test_another_method_is_refused():
    with pytest.raises(ValueError, match="PUBLISH"):
        invitation([meeting()], method="PUBLISH", attendee_name="", attendee_email="", now=NOW)
