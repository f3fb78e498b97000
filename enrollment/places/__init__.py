"""The one door to places and to the status of an enrolment.

Everything that gives, holds, frees or passes on a place, and every change of an enrolment's status, is a
function of this package; no other code writes them (the models refuse it, `tests/config/test_floors.py` looks
for it). Taking never waits on a place row. Freeing and passing on lock the run's row first. In which order locks are
taken stands in docs/decisions/0005-places-are-rows.md.
"""

from .capacity import open_places, resize, set_share
from .errors import Busy, NotOpen, Overtaken, PlacesError, RunFull, StatusError, TooFewFree
from .forgetting import forget_draft
from .freeing import close, expire, release, release_all
from .line import Turn, free_for_newcomer, is_strict, places_wanted, turns
from .moving import relocate
from .offering import accept, decline, offer, pass_on
from .picking import Reach, free_now
from .seats import await_name, confirm, hand_over, hold_longer, join_team, name, reassign, vacate
from .taking import apply, patiently, take
from .timing import (
    booking_end,
    first_meeting,
    last_meeting_end,
    names_due,
    offer_end,
    reminder_due,
    takes_bookings,
)
from .writing import is_per_team, lock_run, locked, places_for, read_again

__all__ = [
    "Busy",
    "NotOpen",
    "Overtaken",
    "PlacesError",
    "Reach",
    "RunFull",
    "StatusError",
    "TooFewFree",
    "Turn",
    "accept",
    "apply",
    "await_name",
    "booking_end",
    "close",
    "confirm",
    "decline",
    "expire",
    "first_meeting",
    "forget_draft",
    "free_for_newcomer",
    "free_now",
    "hand_over",
    "hold_longer",
    "is_per_team",
    "is_strict",
    "join_team",
    "last_meeting_end",
    "lock_run",
    "locked",
    "name",
    "names_due",
    "offer",
    "offer_end",
    "open_places",
    "pass_on",
    "patiently",
    "places_for",
    "places_wanted",
    "read_again",
    "reassign",
    "release",
    "release_all",
    "relocate",
    "reminder_due",
    "resize",
    "set_share",
    "take",
    "takes_bookings",
    "turns",
    "vacate",
]
