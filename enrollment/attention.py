"""What of a run needs a person of the staff: the first thing that its page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Run
from home import formats

from .board import Board
from .models import Enrollment, WaitingEntry
from .models.rules import rules_of
from .status import Status
from .terms import with_vat

NEAR = timedelta(days=3)


@dataclass(frozen=True)
class Need:
    """Something to do, and the part of the page where it is done, or another page's address."""

    words: str
    where: str = ""
    url: str = ""


def needs_of(shown: Board, *, now: datetime) -> Iterator[Need]:
    """What waits for somebody on this run, in words. Reads nothing: the board has it all."""
    rows = [row.enrollment for row in shown.rows]
    sent = [e for e in rows if e.booking.booked_by_id]
    unnamed = [e for e in sent if e.person is None and e.status in Status.LIVE]
    if unnamed:
        first = min((e.hold_until for e in unnamed if e.hold_until), default=None)
        words = ngettext(
            "%(n)s seat has no name yet", "%(n)s seats have no name yet", len(unnamed)
        ) % {"n": len(unnamed)}
        if first:
            words += _(", the first at the latest %(when)s") % {"when": formats.day_time(first)}
        yield Need(words, "people")
    bookings = {e.booking_id for e in sent if e.status == Status.APPLIED}
    if bookings:
        yield Need(
            ngettext(
                "%(n)s application waits for a decision",
                "%(n)s applications wait for a decision",
                len(bookings),
            )
            % {"n": len(bookings)},
            url=reverse("enrolments:applications", args=[shown.run.code]),
        )
    offers = [e for e in rows if e.status == Status.OFFERED]
    if offers:
        until = min(e.hold_until for e in offers if e.hold_until)
        yield Need(
            ngettext(
                "%(n)s place is offered, to be answered by %(when)s",
                "%(n)s places are offered, the first to be answered by %(when)s",
                len(offers),
            )
            % {"n": len(offers), "when": formats.day_time(until)},
            "people",
        )
    soon = now + NEAR
    held = [
        e
        for e in sent
        if e.status == Status.HELD and e.person and e.hold_until and e.hold_until <= soon
    ]
    if held:
        yield Need(
            ngettext(
                "%(n)s place is held and not confirmed yet",
                "%(n)s places are held and not confirmed yet",
                len(held),
            )
            % {"n": len(held)},
            "people",
        )
    rules = rules_of(shown.run)
    confirmed = sum(e.status == Status.CONFIRMED for e in rows)
    fewest = rules.min_participants or 0
    if fewest > confirmed and not shown.run.is_cancelled:
        facts = {"fewest": fewest, "n": confirmed}
        words = _("%(n)s are confirmed of the %(fewest)s that the run needs") % facts
        if rules.decide_on:
            words += _("; decide by %(day)s") % {"day": formats.date_words(rules.decide_on)}
        yield Need(words, url=reverse("enrolments:rules", args=[shown.run.code]))


@dataclass(frozen=True)
class Stake:
    """What is lost when a run is cancelled: how many take part, wait, and what was paid, in öre with VAT."""

    people: int
    unnamed: int
    waiting: int
    paid_ore: int


def at_stake(run: Run) -> Stake:
    """What cancelling the run would end."""
    live = Enrollment.objects.live().filter(run=run).exclude(booking__booked_by=None)
    sold = live.confirmed().filter(booking__price_ore__gt=0).select_related("booking")
    # A team has one place and pays for one.
    prices = {
        (e.team_id, None if e.team_id else e.pk): with_vat(
            e.booking.price_ore, e.booking.vat_percent
        )
        for e in sold
    }
    return Stake(
        people=live.exclude(person=None).count(),
        unnamed=live.filter(person=None).count(),
        waiting=WaitingEntry.objects.open().filter(run=run).count(),
        paid_ore=sum(prices.values()),
    )
