"""Why can I not book, why is it not confirmed yet, why have I no offer: one function, the same words for the
person and for staff, in the reader's language.

It reads and decides nothing: the facts behind the answers are those behind the refusals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Run
from courses.state import Kind, state_of
from home import formats

from . import mails, places
from .availability import Availability, for_runs
from .eligibility import Candidate, reasons_against
from .models import Booking, Enrollment, RunPartner, WaitingEntry
from .places import Reach
from .requirements import missing
from .status import Status


@dataclass(frozen=True)
class Answer:
    """One reason: `code` for machines, `text` a whole sentence, and where there is something to do about it the
    words of the way there (`action`) and a page's name (`link`, `arguments`)."""

    code: str
    text: str
    action: str = ""
    link: str = ""
    arguments: tuple = ()

    @property
    def url(self) -> str:
        """The page's address; "" where there is none."""
        try:
            return reverse(self.link, args=self.arguments) if self.link else ""
        except NoReverseMatch:
            return ""


@singledispatch
def why(subject, *, now: datetime) -> list[Answer]:
    """The reasons, most telling first; empty when nothing stands in the way.

    Of a Run or a Candidate: why it cannot be booked. Of an Enrollment: why it is not confirmed. Of a
    WaitingEntry: why there is no offer. Raises TypeError for anything else.
    """
    raise TypeError(type(subject))


@why.register
def _run(subject: Run, *, now: datetime) -> list[Answer]:
    return why(Candidate(subject), now=now)


@why.register
def _candidate(subject: Candidate, *, now: datetime) -> list[Answer]:
    run = subject.run
    if not hasattr(run, "first_at"):
        run = Run.objects.with_days().select_related("course", "rules").get(pk=run.pk)
    seats = for_runs([run], now=now)[run.pk]
    return of_candidate(subject, run=run, seats=seats, now=now)


def of_candidate(
    subject: Candidate, *, run: Run, seats: Availability, now: datetime
) -> list[Answer]:
    """As `why`, for who has at hand the run with its days and the places it has."""
    state = _state(run, state_of(run, seats=seats, now=now).kind)
    if state:
        return state
    reasons = reasons_against(subject, now=now)
    found = _by_rule(reasons)
    if run.selection == Run.Selection.APPLICATION:
        return found
    return found + _too_few(subject, run, seats, now)


def _by_rule(reasons: Mapping[str, str]) -> list[Answer]:
    return [Answer(f"eligibility: {name}", text) for name, text in reasons.items()]


def _state(run: Run, kind: Kind) -> list[Answer]:
    """What the state of a run says to everybody."""
    text = {
        Kind.DRAFT: _("This course run has not been published yet."),
        Kind.CANCELLED: _("This course run is cancelled."),
        Kind.PAST: _("This course run is over."),
        Kind.UNDER_WAY: _("This course run has already begun."),
        Kind.PLANNED: _("Dates or the number of places have not been decided yet."),
        Kind.CLOSED: _("Booking has closed."),
    }.get(kind)
    if kind == Kind.NOT_OPEN and run.opens_at:
        text = _("Booking opens %(when)s, Swedish time.") % {"when": formats.day_time(run.opens_at)}
    if kind == Kind.CLOSED and run.closes_at:
        text = _("Booking closed %(when)s, Swedish time.") % {
            "when": formats.day_time(run.closes_at)
        }
    return [Answer(str(kind), text)] if text else []


def _too_few(candidate: Candidate, run: Run, seats: Availability, now: datetime) -> list[Answer]:
    region_id = candidate.region.pk if candidate.region else None
    needed = places.places_for(run, candidate.people)
    if seats.free >= needed and not seats.waiting:
        return []
    free = places.free_for_newcomer(run, region_id=region_id, now=now)
    if free >= needed:
        return []
    found = []
    if not seats.free + seats.reserved:
        text = ngettext(
            "The only place is taken.", "All %(n)s places are taken.", seats.capacity
        ) % {"n": seats.capacity}
        found.append(Answer("full", text))
    else:
        found += _free_words(free, needed) if free else []
        found += _kept(run, region_id, now)
    if seats.waiting:
        text = ngettext(
            "%(n)s waits in line, and comes first.",
            "%(n)s wait in line, and come first.",
            seats.waiting,
        ) % {"n": seats.waiting}
        found.append(Answer("line", text))
    found = found or [Answer("full", _("No place is free."))]
    first = found[0]
    way = Answer(first.code, first.text, _("Join the waiting list"), "wait", (run.code,))
    return [way, *found[1:]]


def _free_words(free: int, needed: int) -> list[Answer]:
    text = ngettext(
        "Only %(free)s place is free, and %(needed)s are needed.",
        "Only %(free)s places are free, and %(needed)s are needed.",
        free,
    ) % {"free": free, "needed": needed}
    return [Answer("too few", text)]


def _kept(run: Run, region_id: int | None, now: datetime) -> list[Answer]:
    """The free places that other counties have until a day."""
    return [_kept_words(share, n) for share, n in _shares(run, now) if share.region_id != region_id]


def _shares(run: Run, now: datetime) -> list[tuple[RunPartner, int]]:
    """What is kept for counties at this moment and how much of it is free, soonest released first."""
    free = Count("places", filter=Q(places__enrollment=None, places__team=None))
    shares = RunPartner.objects.filter(run=run, release_at__gt=now).select_related("region")
    kept = shares.annotate(free=free).filter(free__gt=0).order_by("release_at", "pk")
    return [(share, share.free) for share in kept]


def _kept_words(share: RunPartner, free: int) -> Answer:
    text = ngettext(
        "%(n)s free place is kept for companies in %(county)s until %(when)s. After that it is open"
        " to everybody.",
        "%(n)s free places are kept for companies in %(county)s until %(when)s. After that they are"
        " open to everybody.",
        free,
    ) % {"n": free, "county": share.region.name, "when": formats.day_time(share.release_at)}
    return Answer("kept", text)


@why.register
def _enrollment(subject: Enrollment, *, now: datetime) -> list[Answer]:
    if subject.status == Status.CONFIRMED:
        return []
    if subject.status == Status.CANCELLED:
        return [Answer("cancelled", _("It has ended: %(why)s.") % {"why": _small(subject)})]
    found = [_lacking(subject, name, text) for name, text in missing(subject).items()]
    if subject.status == Status.OFFERED:
        found.insert(0, _offered(subject.booking, subject.hold_until))
    elif subject.hold_until and found:
        text = _("The place is kept until %(when)s, Swedish time.") % {
            "when": formats.day_time(subject.hold_until)
        }
        found.append(Answer("until", text))
    return found


def _small(enrollment: Enrollment) -> str:
    words = str(enrollment.get_reason_display() or enrollment.get_status_display())
    return words[:1].lower() + words[1:]


def _lacking(enrollment: Enrollment, name: str, text: str) -> Answer:
    action, link = {
        "paid": (_("Go on to the payment"), "pay"),
        "name": (_("Say who is coming"), "name_people"),
    }.get(name, ("", ""))
    return Answer(name, text, action, link, (enrollment.booking.public_id,) if link else ())


def _offered(booking: Booking, until: datetime | None) -> Answer:
    text = _("The offer has not been answered yet. It is kept until %(when)s, Swedish time.") % {
        "when": formats.day_time(until) if until else ""
    }
    token = mails.booking_offer_token(booking)
    return Answer("offered", text, _("Take or decline the place"), "offer", (token,))


@why.register
def _waiting(subject: WaitingEntry, *, now: datetime) -> list[Answer]:
    if subject.status == WaitingEntry.Status.OFFERED:
        first = Enrollment.objects.filter(booking=subject.booking_id, status=Status.OFFERED).first()
        return [_offered(first.booking, first.hold_until)] if first else []
    if subject.status != WaitingEntry.Status.WAITING:
        text = _("It is no longer in line: %(why)s.") % {
            "why": subject.get_status_display().lower()
        }
        return [Answer(str(subject.status), text)]
    line = places.turns(subject.run, now=now)
    return of_line(subject.run, line, only=subject.pk, now=now)[subject.pk]


def of_line(
    run: Run, line: Sequence[places.Turn], *, only: int | None = None, now: datetime
) -> dict[int, list[Answer]]:
    """`{entry id: why it has no offer}` for a run's line (or `only` one entry of it), in a number of queries that
    does not grow with it."""
    shown = [turn for turn in line if only in (None, turn.entry.pk)]
    if not places.takes_bookings(run, now=now):
        closed = Answer("closed", _("Booking has closed, so nothing more is offered."))
        return {turn.entry.pk: [closed] for turn in shown}
    shares, within = _shares(run, now), {}
    found = {}
    for turn in shown:
        if turn.refused:
            found[turn.entry.pk] = [_place_in_line(turn), *_refused(turn)]
            continue
        region_id = turn.entry.region_id
        if region_id not in within:
            within[region_id] = places.free_now(run_id=run.pk, region_id=region_id, now=now)
        kept = [_kept_words(share, n) for share, n in shares if share.region_id != region_id]
        reasons = _no_places(turn, within[region_id], kept)
        found[turn.entry.pk] = [_place_in_line(turn), *reasons]
    return found


def _place_in_line(turn: places.Turn) -> Answer:
    text = ngettext(
        "Place %(position)s in line, %(n)s person before.",
        "Place %(position)s in line, %(n)s people before.",
        turn.before,
    ) % {"position": turn.position, "n": turn.before}
    return Answer("line", text)


def _refused(turn: places.Turn) -> list[Answer]:
    """The rules that do not let the entry have places now, in the words of every refusal."""
    kept = _("The place in line is kept; meanwhile those behind are offered places.")
    return [*_by_rule(turn.refused), Answer("passed by", kept)]


def _no_places(turn: places.Turn, within: int, kept: list[Answer]) -> list[Answer]:
    """Why the places that are free do not help: `within` its county and the pool, `kept` for others."""
    if turn.can_be_served:
        return [Answer("soon", _("Enough places are free: the offer comes within a few minutes."))]
    if turn.reach != Reach.ALL and within >= turn.needed:
        text = _(
            "Places are free, but the line is served strictly in order: those before are waited for."
        )
        return [Answer("strict", text), *kept]
    if within:
        return _free_words(within, turn.needed) + kept
    return kept or [Answer("full", _("No place is free."))]
