"""What of a run needs a person of the staff: the first thing that its page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home import formats

from .board import Board
from .models.rules import rules_of
from .status import Status

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
        until = min(e.hold_until for e in offers)
        yield Need(
            ngettext(
                "%(n)s place is offered, to be answered by %(when)s",
                "%(n)s places are offered, the first to be answered by %(when)s",
                len(offers),
            )
            % {"n": len(offers), "when": formats.day_time(until)},
            "people",
        )
    held = [e for e in sent if e.status == Status.HELD and e.person and e.hold_until <= now + NEAR]
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
        yield Need(words, "rules")
