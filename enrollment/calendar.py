"""A person's meetings of a run as a diary sees them."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.models import Session
from messaging.calendar import Meeting

from .models import Enrollment


def meetings(
    enrollment: Enrollment, *, language: str, sessions: QuerySet[Session] | None = None
) -> list[Meeting]:
    """The run's meetings that take place (or those of `sessions`), in `language`, with UIDs that never change for
    this enrolment.

    The sequence grows with every change of the meeting and of the enrolment (RFC 5546, 2.1.4). After a move the
    meeting with the same number goes on with the entry that the diary has.
    """
    host = settings.SITE_URL.partition("://")[2]
    if sessions is None:
        sessions = enrollment.run.sessions.standing()
    shown = sessions.select_related("venue").prefetch_related("modules").order_by("starts_at")
    with override(language):
        url = settings.SITE_URL + reverse("my")
        course = enrollment.run.course.name_in(language)
        return [
            Meeting(
                uid=f"{enrollment.diary_id or enrollment.public_id}.{session.number}@{host}",
                sequence=session.sequence + enrollment.calendar_sequence,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                summary=course,
                location=place_of(session),
                description=_describe(session, language),
                url=url,
            )
            for session in shown
        ]


def place_of(session: Session) -> str:
    """Where a meeting is: the venue with its address, else its link."""
    if session.venue is None:
        return session.link
    return ", ".join(part for part in (session.venue.name, session.venue.address) if part)


def _describe(session: Session, language: str) -> str:
    modules = ", ".join(module.name_in(language) for module in session.modules.all())
    first = _("Meeting %(number)s") % {"number": session.number}
    return "\n".join(
        part for part in (f"{first}: {modules}" if modules else first, session.link) if part
    )
