"""Tags of the attendance room, for its own pages and for the participant's."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.policy import can
from courses.models import Session
from enrollment.models import Enrollment
from home.formats import number

from ..minutes import credited

register = template.Library()
SIDE, STEP = 18, 23


@register.simple_tag
def leads_meetings(user) -> bool:
    """Whether the reader has meetings to keep lists of; nothing is read for a visitor."""
    return can(user, "attendance.lead")


@register.simple_tag
def meeting_title(session: Session) -> str:
    """`Träff 4: Affärsmodell, pris och avtal`; only the number when no module is set."""
    label = _("Meeting %(number)s") % {"number": session.number}
    names = ", ".join(module.name_in(get_language()) for module in session.modules.all())
    return f"{label}: {names}" if names else label


@register.filter
def hours(minutes: int) -> str:
    """`6 tim`, `4,5 tim`; quarters of an hour at most."""
    exact = minutes / 60
    decimals = 0 if minutes % 60 == 0 else 1 if minutes % 30 == 0 else 2
    return _("%(hours)s h") % {"hours": number(exact, decimals=decimals)}


def boxes(minutes: int, length: int) -> list[dict]:
    """One square per begun hour of a meeting: filled, half (hatched) from 30 minutes, or open."""
    squares = []
    for hour in range(-(-length // 60)):
        there = min(max(minutes - hour * 60, 0), 60)
        whole = min(60, length - hour * 60)
        x = 1 + hour * STEP
        kind = "t" if there >= whole else "r" if there >= 30 else "f"
        squares.append(
            {"x": x, "kind": kind, "right": x + SIDE, "middle": x + SIDE // 2, "left": x}
        )
    return squares


@register.inclusion_tag("attendance/presence.html", takes_context=True)
def presence(context, enrollment: Enrollment):
    """A person's attendance in one run, hour by hour. However many runs stand on a page, the minutes are
    read once per person."""
    sessions, minutes = _evidence(context, enrollment)
    rows = []
    for session in sessions.get(enrollment.run_id, []):
        got = minutes.get((enrollment.pk, session.pk))
        squares = boxes(got or 0, session.minutes)
        rows.append(
            {
                "session": session,
                "minutes": got,
                "boxes": squares,
                "width": len(squares) * STEP - 3,
            }
        )
    total = sum(row["minutes"] or 0 for row in rows)
    return {"rows": rows, "total": total, "marked": any(r["minutes"] is not None for r in rows)}


def _evidence(context, enrollment: Enrollment):
    """({run id: meetings}, {(enrolment id, meeting id): minutes}) of all the person's confirmed places."""
    request = context.get("request")
    kept = vars(request).setdefault("_presence", {}) if request else {}
    if enrollment.person_id not in kept:
        own = list(Enrollment.objects.confirmed().filter(person=enrollment.person_id))
        sessions: dict[int, list[Session]] = {}
        listed = Session.objects.filter(run__in=[e.run_id for e in own]).order_by("run", "number")
        for session in listed.exclude(status=Session.Status.CANCELLED):
            sessions.setdefault(session.run_id, []).append(session)
        kept[enrollment.person_id] = (sessions, credited(own))
    return kept[enrollment.person_id]
