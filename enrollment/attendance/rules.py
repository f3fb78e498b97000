"""Registry lines of this room: policy, visibility, personal data, invariants, work-list."""

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.policy import rule, visibility, visible
from accounts.registries import WorkItem, invariant, register_personal_data, work
from accounts.roles import Role, has_role
from courses.models import Run, Session

from .close import rows_sha256
from .models import Attendance, Roster, SessionClosure


@rule("attendance.lead")
def _lead(actor, obj=None) -> bool:
    return has_role(actor, Role.LEADER, Role.PROMOTER, Role.COORDINATOR)


@rule("attendance.reopen")
def _reopen(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR)


@visibility(Roster)
def _rosters(actor):
    """Leaders: the runs they lead; promoters' staff: their promoter's runs too; coordinators: all."""
    rosters = Roster.objects.exclude(run__status=Run.Status.DRAFT)
    if has_role(actor, Role.COORDINATOR):
        return rosters
    if not _lead(actor):
        return rosters.none()
    mine = Q(run__in=Run.objects.filter(leaders=actor))
    if has_role(actor, Role.PROMOTER):
        mine |= Q(run__host__in=actor.promoters.all())
    return rosters.filter(mine)


@visibility(Attendance)
def _attendance(actor):
    return Attendance.objects.filter(session__in=visible(actor, Roster).values("pk"))


register_personal_data(
    Attendance,
    purpose=_("Evidence of taking part, for the certificate and the funder's report"),
    until=_("the funder's retention period ends"),
    erase="keep",
    path="enrollment__person",
    fields=("session", "minutes", "status", "recorded_at"),
)
register_personal_data(
    SessionClosure,
    purpose=_("Who vouched for an attendance list"),
    until=_("the funder's retention period ends"),
    erase="keep",
    path="closed_by",
    fields=("session", "closed_at", "head_count"),
)


@invariant("attendance: rows belong together and fit their meeting")
def _rows_fit(now):
    wrong = Attendance.objects.exclude(enrollment__run=F("session__run"))
    yield from (
        f"attendance {pk}: enrolment of another run" for pk in wrong.values_list("pk", flat=True)
    )
    for row in Attendance.objects.current().select_related("session"):
        if row.minutes > row.session.minutes:
            yield f"attendance {row.pk}: {row.minutes} of {row.session.minutes} minutes"


@invariant("attendance: a closed list is as it was closed")
def _closed_unchanged(now):
    for closure in SessionClosure.objects.filter(reopened_at=None):
        if closure.rows_sha256 != rows_sha256(closure.session_id):
            yield f"session {closure.session_id}: rows differ from those of its closing"


@work("attendance lists to close")
def _to_close(actor, now):
    if not _lead(actor):
        return
    open_lists = (
        visible(actor, Roster)
        .filter(ends_at__lt=now - timedelta(hours=24), attendance_required=True)
        .exclude(status=Session.Status.CANCELLED)
        .exclude(closures__in=SessionClosure.objects.filter(reopened_at=None))
        .select_related("run")
        .order_by("ends_at")[:50]
    )
    for session in open_lists:
        yield WorkItem(
            title=gettext("Close the attendance list of meeting %(number)s, %(run)s")
            % {"number": session.number, "run": session.run.code},
            since=session.ends_at,
            url=reverse("roster", args=[session.public_id]),
            promoter_id=session.run.host_id,
        )
