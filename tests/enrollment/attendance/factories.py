from datetime import datetime, timedelta

from accounts.roles import Role
from courses.models import Run
from enrollment.attendance.close import close_session
from enrollment.attendance.minutes import of_choice
from enrollment.attendance.models import Attendance
from enrollment.attendance.record import Mark, record_marks
from enrollment.models import Enrollment
from tests.accounts.factories import make_user
from tests.courses.factories import make_run
from tests.enrollment.factories import make_enrollment


def make_led_run(*, now: datetime, people: int = 3, leader=None, **fields):
    """A run whose first meeting began an hour ago, with its leader and confirmed people by name."""
    fields.setdefault("starts_in_days", 0)
    run = make_run(now=now - timedelta(hours=1), **fields)
    leader = leader or make_user(role=Role.LEADER)
    run.leaders.add(leader)
    enrollments = [make_enrollment(now=now - timedelta(days=2), run=run) for _ in range(people)]
    return run, leader, enrollments


def mark(enrollment: Enrollment, choice: str, *, session, at: datetime) -> Mark:
    status, minutes = of_choice(choice, session=session, at=at)
    return Mark(enrollment.public_id, status, minutes)


def mark_all(run: Run, choices: dict[Enrollment, str], *, session, by, now: datetime) -> None:
    """Marks at `now`; afterwards the list of the meeting is as `choices` says."""
    record_marks(
        session=session,
        marks=[mark(e, choice, session=session, at=now) for e, choice in choices.items()],
        recorded_by=by,
        source=Attendance.Source.LEADER,
        now=now,
    )


def hold(run: Run, choices: dict[Enrollment, str], *, by) -> None:
    """Hold and close every meeting of the run with the same choices, each at its end."""
    for session in run.sessions.exclude(status="cancelled"):
        mark_all(run, choices, session=session, by=by, now=session.ends_at)
        close_session(session=session, head_count=len(choices), actor=by, now=session.ends_at)
