"""Runs by application: judging, selecting, declining (R-CRS-01). Applying stands with the bookings, the answer
to an offer with the offers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from courses.models import Run
from messaging import outbox

from . import mails, places
from .booking import BookingError
from .models import Application, Booking, Enrollment
from .status import Reason, Status

AGAIN = (Reason.EXPIRED, Reason.DECLINED)


class Decided(BookingError):
    """The application has been answered already, or was withdrawn."""

    message = _("This application does not wait for a decision.")


class TooLate(BookingError):
    """The run has begun or was cancelled; nothing can be offered any more."""

    message = _("The course run has begun or is cancelled, so nothing can be offered.")


@dataclass(frozen=True)
class Row:
    """An application in the list of a run, with its seats and how it stands."""

    application: Application
    seats: list[Enrollment]

    @property
    def status(self) -> str:
        """Applied, offered, confirmed …; of several seats the one that is furthest from its end."""
        order = [*Status.LIVE, Status.CANCELLED]
        found = {seat.status for seat in self.seats}
        return next((status for status in order if status in found), Status.CANCELLED)

    @property
    def undecided(self) -> bool:
        return self.status == Status.APPLIED

    @property
    def may_be_offered_again(self) -> bool:
        return bool(self.seats) and all(
            seat.status == Status.CANCELLED and seat.reason in AGAIN for seat in self.seats
        )

    @property
    def label(self) -> str:
        first = next(seat for seat in self.seats if seat.status == self.status)
        words = str(first.get_status_display())
        return f"{words}: {first.get_reason_display()}" if first.reason else words

    @property
    def company(self) -> str:
        booking = self.application.booking
        return booking.company.name if booking.company else booking.company_name

    @property
    def size(self) -> str:
        company = self.application.booking.company
        return company.get_size_display() if company else ""

    @property
    def county(self) -> str:
        region = self.application.booking.region
        return region.name if region else ""


SORTS = {
    "score": lambda row: (-(row.application.score or 0), row.application.pk),
    "company": lambda row: (row.company.casefold(), row.application.pk),
    "county": lambda row: (row.county, row.application.pk),
    "people": lambda row: (-len(row.seats), row.application.pk),
    "came": lambda row: (row.application.booking.created_at, row.application.pk),
}


def of_run(run: Run, *, sort: str = "") -> list[Row]:
    """The applications of a run, sorted by a column, with a minus in front backwards; as they came when the column
    is not known. Two queries."""
    rows: dict[int, Row] = {
        application.booking_id: Row(application, [])
        for application in Application.objects.filter(booking__run=run).select_related(
            "booking__company", "booking__region", "booking__booked_by"
        )
    }
    seats = Enrollment.objects.filter(booking__in=rows).select_related("person").order_by("pk")
    for seat in seats:
        rows[seat.booking_id].seats.append(seat)
    key = SORTS.get(sort.removeprefix("-"), SORTS["came"])
    found = (row for row in rows.values() if row.seats)
    return sorted(found, key=key, reverse=sort.startswith("-"))


def undecided(runs: Iterable[Run]) -> dict[int, tuple[int, datetime]]:
    """How many applications of each run wait for a decision, and since when the first one: {run id: …}."""
    found: dict[int, tuple[int, datetime]] = {}
    waiting = (
        Booking.objects.filter(enrollments__status=Status.APPLIED, run__in=runs)
        .exclude(application=None)
        .distinct()
        .order_by("created_at")
    )
    for run_id, since in waiting.values_list("run_id", "created_at"):
        count, first = found.get(run_id, (0, since))
        found[run_id] = (count + 1, first)
    return found


@transaction.atomic
def shortlist(
    *,
    application: Application,
    score: int | None,
    note: str = "",
    chosen: bool = True,
    actor: User,
    now: datetime,
) -> bool:
    """Note how an application is judged, 0 to 100, and whether it is on the short list; False when that is
    how it stood. It promises nothing and tells nobody. Raises Decided."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not _applied(application.booking):
        raise Decided
    at = (application.shortlisted_at or now) if chosen else None
    before = (application.score, application.note, application.shortlisted_at)
    if before == (score, note, at):
        return False
    data = {"from": application.score, "to": score, "shortlisted": chosen}
    application.score, application.note, application.shortlisted_at = score, note, at
    application.save(update_fields=["score", "note", "shortlisted_at"])
    record("enrollment.shortlist", application.booking, actor=actor, data=data)
    return True


def select(*, application: Application, actor: User, now: datetime) -> Booking:
    """Offer the application its places, held until the end of the time to answer; the booker is told. Places that
    are kept for a county go to its applications alone. Selecting again changes nothing.

    Raises Decided, TooLate, and from the door RunFull and Busy; then nothing is offered.
    """
    booking = application.booking
    return _offer(booking, lambda: [seat.person for seat in _applied(booking)], actor, now=now)


def offer_again(*, application: Application, actor: User, now: datetime) -> Booking:
    """Offer places once more to an application whose offer ran out or was declined. Raises as `select`."""
    booking = application.booking

    def people() -> list[User | None]:
        last = list(booking.enrollments.select_related("person").order_by("pk"))
        if any(s.status != Status.CANCELLED or s.reason not in AGAIN for s in last):
            return []
        latest = max((seat.cancelled_at for seat in last if seat.cancelled_at), default=None)
        return [seat.person for seat in last if seat.cancelled_at == latest]

    return _offer(booking, people, actor, again=True, now=now)


def _offer(
    booking: Booking,
    who: Callable[[], list[User | None]],
    actor: User,
    *,
    again: bool = False,
    now: datetime,
) -> Booking:
    """`who` reads whose turn it is, nobody's when that is decided; it is asked once more under the run's lock."""
    run = booking.run
    if _offered(booking):
        return booking
    if not (people := who()):
        raise Decided
    begun = (first := places.first_meeting(run)) is not None and first <= now
    if begun or run.status != Run.Status.PUBLISHED:
        raise TooLate

    def attempt(place_ids: list[int]) -> Booking:
        if _offered(booking):
            return booking
        if who() != people:
            raise Decided
        if again:
            places.apply(booking=booking, people=people, actor=actor, now=now)
        offered = places.offer(booking=booking, place_ids=place_ids, actor=actor, now=now)
        until = offered[0].hold_until or places.offer_end(run=run, now=now)
        mails.application_offer(booking, until=until, now=now)
        return booking

    return places.patiently(
        attempt,
        run=run,
        count=places.places_for(run, len(people)),
        region_id=booking.region_id,
        now=now,
        first=lambda: places.lock_run(run.pk),
    )


def _offered(booking: Booking) -> bool:
    return booking.enrollments.filter(status=Status.OFFERED).exists()


@transaction.atomic
def decline(*, application: Application, actor: User, now: datetime) -> bool:
    """Turn an application down; the booker gets one mail. False when it was turned down already. Raises
    Decided when places are offered or taken: those are cancelled."""
    booking = application.booking
    places.lock_run(booking.run_id)
    if not (applied := _applied(booking)):
        turned_down = booking.enrollments.filter(reason=Reason.NOT_SELECTED)
        if turned_down.exists() and not booking.enrollments.live().exists():
            return False
        raise Decided
    places.release_all(
        enrollments=applied, reason=Reason.NOT_SELECTED, actor=actor, now=now, fee_ore=0
    )
    _tell_not_selected(booking, now=now)
    return True


def _tell_not_selected(booking: Booking, *, now: datetime) -> None:
    if booking.booked_by is None:
        return
    language = booking.language
    run = booking.run
    outbox.put(
        kind="application_declined",
        dedupe_key=f"application_declined:{booking.pk}",
        to=booking.booked_by,
        context={
            "run": run,
            "course": run.course.name_in(language),
            "host": run.host,
            "language": language,
            "courses_url": mails.link("my", language=language),
        },
        now=now,
        language=language,
    )


def _applied(booking: Booking) -> list[Enrollment]:
    return list(
        booking.enrollments.filter(status=Status.APPLIED).select_related("person").order_by("pk")
    )
