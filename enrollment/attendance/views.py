"""The leader's pages: meetings, the list of one meeting, its closing, the sheet for paper."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policy import can, guard, visible
from home import formats

from . import close, roster
from .minutes import CHOICES, of_choice
from .models import Attendance, Roster
from .record import AttendanceError, Mark, NotOnList, record_marks, row_nonce, undo_last

PERSON = "p-"


class BadList(AttendanceError):
    """The form was tampered with or cut off."""


def _roster(request: HttpRequest, public_id: UUID) -> Roster:
    rosters = visible(request.user, Roster).select_related(
        "run__course", "run__host", "venue__municipality"
    )
    return get_object_or_404(rosters.prefetch_related("modules"), public_id=public_id)


def _moment(text: str, *, session: Roster, now: datetime) -> datetime:
    """When the device says it happened, never before the meeting and never in the future."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or timezone.is_naive(at):
        return now
    return min(max(at, session.starts_at), now)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadList from None


def _marks(request: HttpRequest, session: Roster, now: datetime) -> tuple[UUID, list[Mark]]:
    """The batch's nonce and its marks. Raises BadList for what no form of ours sends."""
    batch = _uuid(request.POST.get("nonce", ""))
    at = _moment(request.POST.get("at", ""), session=session, now=now)
    chosen = {
        _uuid(key.removeprefix(PERSON)): choice
        for key, choice in request.POST.items()
        if key.startswith(PERSON)
    }
    if "all" in request.POST:
        chosen = {line.public_id: "present" for line in roster.sheet(session).lines}
    if not set(chosen.values()) <= set(CHOICES):
        raise BadList
    marks = []
    for person, choice in chosen.items():
        status, minutes = of_choice(choice, session=session, at=at)
        marks.append(Mark(person, status, minutes, row_nonce(batch, person)))
    return batch, marks


def _unchanged(session: Roster, marks: list[Mark], chosen: dict[str, str]) -> list[Mark]:
    """Without those whose choice already stands: "left" would else be worth other minutes each save."""
    standing = {str(line.public_id): line.choice for line in roster.sheet(session).lines}
    return [
        mark
        for mark in marks
        if standing.get(str(mark.enrollment)) != chosen.get(f"{PERSON}{mark.enrollment}")
        or str(mark.enrollment) not in standing
    ]


@guard("attendance.lead")
@require_safe
def lead(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    days = roster.meetings(visible(request.user, Roster), now=now)
    return render(request, "attendance/lead.html", {**days, "now": now})


@guard("attendance.lead")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    session = _roster(request, public_id)
    if request.method == "POST":
        return _save(request, session)
    return _page(request, session)


def _save(request: HttpRequest, session: Roster) -> HttpResponse:
    now = timezone.now()
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    try:
        batch, marks = _marks(request, session, now)
        if "all" not in request.POST:
            marks = _unchanged(session, marks, request.POST.dict())
        record_marks(
            session=session,
            marks=marks,
            recorded_by=request.user,
            source=Attendance.Source.LEADER,
            now=now,
            batch=batch,
        )
    except NotOnList:
        if wants_json:
            return JsonResponse({"error": str(NotOnList.message)}, status=404)
        raise Http404 from None
    except AttendanceError as error:
        status = 400 if isinstance(error, BadList) else 409
        if wants_json:
            return JsonResponse({"error": str(error.message)}, status=status)
        return _page(request, session, problem=error, status=status)
    if wants_json:
        return JsonResponse(_saved(roster.sheet(session)))
    return redirect("roster", session.public_id)


def _saved(page: roster.Sheet) -> dict:
    """What the status line says after a save, in the reader's language."""
    return {
        "saved": _("Saved at %(time)s") % {"time": formats.clock(page.saved_at)}
        if page.saved_at
        else "",
        "marked": _("%(marked)s of %(total)s marked.")
        % {"marked": page.marked, "total": page.total},
        "complete": page.marked == page.total,
    }


def _page(
    request: HttpRequest,
    session: Roster,
    *,
    problem: AttendanceError | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    page = roster.sheet(session)
    typed = {
        key.removeprefix(PERSON): value
        for key, value in request.POST.items()
        if key.startswith(PERSON)
    }
    context = {
        "session": session,
        "roll": page,
        "rows": [(line, typed.get(str(line.public_id), line.choice)) for line in page.lines],
        "status": _saved(page),
        "nonce": uuid4(),
        "begun": session.starts_at <= now,
        "may_reopen": can(request.user, "attendance.reopen"),
        "problem": problem.message if problem else "",
        "typed": request.POST,
        "waiting": (
            ngettext("{n} change is", "{n} changes are", 1),
            ngettext("{n} change is", "{n} changes are", 2),
        ),
    }
    return render(request, "attendance/roster.html", context, status=status)


@guard("attendance.lead")
@require_POST
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    session = _roster(request, public_id)
    try:
        undo_last(session=session, actor=request.user, now=timezone.now())
    except AttendanceError as error:
        return _page(request, session, problem=error, status=409)
    return redirect("roster", session.public_id)


@guard("attendance.lead")
@require_POST
def close_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    session = _roster(request, public_id)
    typed = request.POST.get("head_count", "").strip()
    try:
        if not (typed.isascii() and typed.isdigit() and int(typed) <= 999):
            raise close.NoHeadCount
        close.close_session(
            session=session, head_count=int(typed), actor=request.user, now=timezone.now()
        )
    except AttendanceError as error:
        return _page(request, session, problem=error, status=409)
    messages.success(request, _("The list is closed. Thank you."))
    return redirect("roster", session.public_id)


@guard("attendance.reopen")
@require_POST
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    session = _roster(request, public_id)
    try:
        close.reopen_session(
            session=session,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            now=timezone.now(),
        )
    except AttendanceError as error:
        return _page(request, session, problem=error, status=409)
    return redirect("roster", session.public_id)


@guard("attendance.lead")
@require_safe
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    session = _roster(request, public_id)
    return render(
        request,
        "attendance/paper.html",
        {"session": session, "roll": roster.sheet(session), "spare": range(3)},
    )
