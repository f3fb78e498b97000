"""Calendar invitations (RFC 5545, RFC 5546): what a mail carries so that a diary follows the run."""

from dataclasses import dataclass
from datetime import datetime


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


def invitation(meetings: list[Meeting], *, method: str, attendee_name: str, attendee_email: str, now: datetime) -> str:
    """The iCalendar text of these meetings, with METHOD `REQUEST` or `CANCEL` and a VTIMEZONE."""
    raise NotImplementedError
