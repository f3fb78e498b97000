"""Until when places are booked, offered and named. Times are UTC; days and nights are Stockholm's."""

from datetime import datetime, time, timedelta

from django.db.models import Max, Min
from django.utils.timezone import localtime, make_aware

from courses.models import Run, Session

from ..models.rules import rules_of

MORNING, NIGHT = time(7), time(22)


def first_meeting(run: Run) -> datetime | None:
    """The start of the first meeting that takes place."""
    return run.sessions.exclude(status=Session.Status.CANCELLED).aggregate(first=Min("starts_at"))[
        "first"
    ]


def booking_end(run: Run) -> datetime | None:
    """When booking ends: the run's last moment to book, else the start of its first meeting."""
    return run.closes_at or first_meeting(run)


def takes_bookings(run: Run, *, now: datetime) -> bool:
    """Whether a place could be booked at `now` if there is one. The last second belongs to the window."""
    if not run.accepts_bookings(now):
        return False
    end = booking_end(run)
    return end is None or now <= end


def offer_end(*, run: Run, now: datetime) -> datetime:
    """Until when an offer made now holds: the run's hours to answer, nights not counted, and never past the
    end of booking; of a selection, which is made when applying has ended, never past the first meeting."""
    answered = after_waking_hours(now, rules_of(run).offer_hours)
    by_application = run.selection == Run.Selection.APPLICATION
    end = first_meeting(run) if by_application else booking_end(run)
    return min(answered, end) if end else answered


def after_waking_hours(start: datetime, hours: float) -> datetime:
    """The moment when `hours` between 7 and 22 o'clock in Stockholm have passed since `start`."""
    left, at = timedelta(hours=hours), start
    while True:
        local = localtime(at)
        opens = make_aware(datetime.combine(local.date(), MORNING))
        closes = make_aware(datetime.combine(local.date(), NIGHT))
        at = max(at, opens)
        if at + left <= closes:
            return at + left
        left -= max(closes - at, timedelta())
        at = make_aware(datetime.combine(local.date() + timedelta(days=1), MORNING))


def waking_time(start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end` lies between 7 and 22 o'clock in Stockholm."""
    total, day = timedelta(), localtime(start).date()
    while day <= localtime(end).date():
        opens = make_aware(datetime.combine(day, MORNING))
        closes = make_aware(datetime.combine(day, NIGHT))
        total += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return total


def reminder_due(*, run: Run, since: datetime, until: datetime) -> datetime:
    """When half of the waking time to answer an offer has passed. `since` is when it was made, or any earlier
    moment (an application is older than its offer): no offer has more than the run's hours to answer."""
    known = waking_time(since, until)
    total = min(timedelta(hours=rules_of(run).offer_hours), known)
    return after_waking_hours(since, (known - total / 2) / timedelta(hours=1))


def last_meeting_end(run: Run) -> datetime | None:
    """The end of the last meeting that takes place."""
    return run.sessions.standing().aggregate(last=Max("ends_at"))["last"]


def names_due(run: Run, *, now: datetime) -> datetime:
    """Until when a booked seat may stay without a name: the end of the day so many days before the first
    meeting; the first meeting itself once that has passed; once it has begun (somebody named has said no) as long
    as a colleague may come instead, until the last one is over. Thirty days for a run without dates."""
    first = first_meeting(run)
    if first is None:
        return now + timedelta(days=30)
    day = localtime(first).date() - timedelta(days=rules_of(run).names_days)
    due = make_aware(datetime.combine(day, time(23, 59, 59)))
    if max(due, first) > now:
        return due if due > now else first
    return max(last_meeting_end(run) or now, now)
