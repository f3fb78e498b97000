"""Minutes: what a tap on the list is worth, and what a person is credited with."""

from collections.abc import Iterable
from datetime import datetime

from courses.models import Session
from enrollment.models import Enrollment

from .models import Attendance

Status = Attendance.Status
CHOICES = ("present", "late15", "late30", "left", "absent")


def of_choice(choice: str, *, session: Session, at: datetime) -> tuple[str, int]:
    """Status and credited minutes of a choice on the list, made at `at`.

    Late costs 15 or 30 minutes. Left early counts the minutes from the start to `at` while the meeting goes on;
    noted afterwards it counts half the meeting. Raises ValueError for an unknown choice.
    """
    whole = session.minutes
    match choice:
        case "present":
            return Status.PRESENT, whole
        case "late15":
            return Status.LATE, max(whole - 15, 0)
        case "late30":
            return Status.LATE, max(whole - 30, 0)
        case "left":
            if session.starts_at <= at < session.ends_at:
                return Status.LEFT_EARLY, int((at - session.starts_at).total_seconds()) // 60
            return Status.LEFT_EARLY, whole // 2
        case "absent":
            return Status.ABSENT, 0
    raise ValueError(choice)


def choice_of(row: Attendance | None, *, session: Session) -> str:
    """The choice on the list that shows a row; "" for nobody marked."""
    if row is None or row.status == Status.UNMARKED:
        return ""
    if row.status == Status.LATE:
        return "late15" if session.minutes - row.minutes <= 15 else "late30"
    choices: dict[str, str] = {Status.PRESENT: "present", Status.LEFT_EARLY: "left"}
    return choices.get(row.status, "absent")


def credited(enrollments: Iterable[Enrollment]) -> dict[tuple[int, int], int]:
    """`{(enrollment id, session id): minutes}` of the rows that count, in one query.

    Cancelled meetings and withdrawn marks are left out; an absence stands there with 0 minutes. Minutes
    belong to the one enrolment: a substitute's do not help the absent person (R-CRS-04).
    """
    rows = (
        Attendance.objects.current()
        .filter(enrollment__in=[enrollment.pk for enrollment in enrollments])
        .exclude(session__status=Session.Status.CANCELLED)
        .exclude(status=Status.UNMARKED)
        .values_list("enrollment_id", "session_id", "minutes")
    )
    return {(enrollment_id, session_id): minutes for enrollment_id, session_id, minutes in rows}
