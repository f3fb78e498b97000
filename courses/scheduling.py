"""Runs from first idea to publication: create, copy, set dates, see what is missing, publish."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.audit import record

from .dates import Span
from .models import Course, CoursePage, Run, Session, Venue
from .models.run import STOCKHOLM

OPEN_DAYS_BEFORE = 1


class ScheduleError(Exception):
    """A change that the run's state does not allow. `message` is for the reader."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class NotReady(ScheduleError):
    """The run lacks something; `gaps` says what, one message each."""

    def __init__(self, gaps: list[str]):
        super().__init__(_("The run cannot be published yet."))
        self.gaps = gaps


def create_run(
    *, course: Course, host, code: str, actor, now: datetime, spans: Iterable[Span] = (), **fields
) -> Run:
    """A draft run of a course with its meetings. What is not given comes from the course: price, policy.
    Returns the run. Raises IntegrityError for a code in use."""
    open_to = fields.pop("open_to", ())
    leaders = fields.pop("leaders", ())
    with transaction.atomic():
        run = Run.objects.create(
            course=course,
            host=host,
            code=code,
            status=Run.Status.DRAFT,
            **{"price_ore": course.price_ore, "policy": course.policy, **fields},
        )
        run.open_to.set(open_to)
        run.leaders.set(leaders)
        record("courses.create_run", run, actor=actor)
        if spans:
            set_meetings(run=run, spans=spans, venue=None, actor=actor, now=now)
    return run


def copy_run(*, run: Run, code: str, first_day, actor, now: datetime) -> Run:
    """A draft with everything of a run but its people, moved so that the first meeting falls on `first_day` (a
    date): the same distance in days, the same clock times. Raises ScheduleError when the run has no meeting."""
    meetings = list(run.sessions.standing().order_by("starts_at").prefetch_related("modules"))
    if not meetings:
        raise ScheduleError(_("A run without meetings cannot be copied to a new date."))
    shift = first_day - localdate(meetings[0].starts_at)
    with transaction.atomic():
        made = create_run(
            course=run.course,
            host=run.host,
            code=code,
            actor=actor,
            now=now,
            open_to=run.open_to.all(),
            leaders=run.leaders.all(),
            **{
                name: getattr(run, name)
                for name in (
                    "municipality",
                    "language",
                    "format",
                    "selection",
                    "price_ore",
                    "vat_percent",
                )
                + ("policy", "note_sv", "note_en")
            },
            **{
                name: getattr(run, name) and _moved(getattr(run, name), shift)
                for name in ("opens_at", "closes_at")
            },
        )
        for number, meeting in enumerate(meetings, 1):
            copy = Session.objects.create(
                run=made,
                number=number,
                starts_at=_moved(meeting.starts_at, shift),
                ends_at=_moved(meeting.ends_at, shift),
                venue=meeting.venue,
                link=meeting.link,
                attendance_required=meeting.attendance_required,
            )
            copy.modules.set(meeting.modules.all())
    return made


def _moved(moment: datetime, shift: timedelta) -> datetime:
    """Calendar days later at the same Swedish clock time, also over the change of summer time."""
    # Adding to an aware local time keeps its clock time: the offset is looked up anew.
    return moment.astimezone(STOCKHOLM) + shift


def set_meetings(
    *, run: Run, spans: Iterable[Span], venue: Venue | None, actor, now: datetime
) -> list[Session]:
    """Give a draft its meetings in place of those it had; the modules of the course are laid out over them in
    order. Raises ScheduleError for a run that is not a draft: people have its dates in their calendars."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)
        if run.status != Run.Status.DRAFT:
            raise ScheduleError(
                _("The dates of a published run are changed one meeting at a time.")
            )
        run.sessions.all().delete()
        modules = list(run.course.modules.all())
        made = []
        for number, span in enumerate(sorted(spans, key=lambda span: span.starts_at), 1):
            session = Session.objects.create(
                run=run, number=number, starts_at=span.starts_at, ends_at=span.ends_at, venue=venue
            )
            if number <= len(modules):
                session.modules.add(modules[number - 1])
            made.append(session)
        if made and run.closes_at is None:
            run.closes_at = _moved(made[0].starts_at, timedelta(days=-OPEN_DAYS_BEFORE))
            run.save(update_fields=["closes_at"])
        record("courses.set_meetings", run, actor=actor, data={"meetings": len(made)})
    return made


def change_meeting(*, session: Session, actor, now: datetime, **fields) -> Session:
    """Change time, venue or link of one meeting. Calendars learn of it: `sequence` grows when something that
    a calendar shows has changed; the same values again change nothing."""
    shown = ("starts_at", "ends_at", "venue", "link", "status")
    with transaction.atomic():
        locked = Session.objects.select_for_update().get(pk=session.pk)
        changed = [name for name, value in fields.items() if getattr(locked, name) != value]
        if not changed:
            return locked
        for name in changed:
            setattr(locked, name, fields[name])
        if any(name in shown for name in changed):
            locked.sequence += 1
        locked.full_clean()
        locked.save()
        record("courses.change_meeting", locked, actor=actor, data={"fields": changed})
    return locked


def gaps(run: Run, *, now: datetime) -> list[str]:
    """What a run lacks before it can be published, in the reader's language; empty when it is ready."""
    sessions = list(run.sessions.standing().order_by("starts_at"))
    missing = []
    if not sessions:
        missing.append(_("It has no meetings."))
    elif sessions[0].starts_at <= now:
        missing.append(_("Its first meeting lies in the past."))
    elif run.closes_at is None:
        missing.append(_("The last day to book is not set."))
    elif run.closes_at > sessions[0].starts_at:
        missing.append(_("The last day to book is after the first meeting."))
    if run.opens_at and run.closes_at and run.opens_at >= run.closes_at:
        missing.append(_("Booking closes before it opens."))
    if run.format != Run.Format.ONLINE:
        if run.municipality_id is None:
            missing.append(_("The municipality where it is held is not set."))
        if any(session.venue_id is None and not session.link for session in sessions):
            missing.append(_("A meeting has neither a venue nor a link."))
    if not run.open_to.exists():
        missing.append(_("It is open to no county."))
    if not CoursePage.objects.live().filter(course=run.course).exists():
        missing.append(_("The course has no published page."))
    return missing


def publish(*, run: Run, actor, now: datetime) -> Run:
    """Show a draft to the public. Publishing twice changes nothing. Audited.

    Raises NotReady with the list of what is missing, ScheduleError for a cancelled run.
    """
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.status == Run.Status.PUBLISHED:
            return locked
        if locked.status != Run.Status.DRAFT:
            raise ScheduleError(_("A cancelled run cannot be published again. Copy it instead."))
        missing = gaps(locked, now=now)
        if missing:
            raise NotReady(missing)
        locked.status = Run.Status.PUBLISHED
        locked.save(update_fields=["status"])
        record("courses.publish", locked, actor=actor, data={"from": "draft", "to": "published"})
    return locked
