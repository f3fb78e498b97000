"""Whose turn it is on a waiting list, by a plain read: for passing on, for invariants and for "why not me?".

With a strict order nobody passes one who waits before: as long as the first of the line cannot be served,
places of the pool stay free, and others are only served out of what is kept for their own county alone. Who may
not have places by the run's rules at this moment is waited for in no order: that need not end by places becoming
free.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from courses.models import Run

from ..eligibility import Candidate, reasons_of_many
from ..models import RunRules, WaitingEntry
from ..models.rules import rules_of
from .picking import Reach, free_places
from .writing import is_per_team


@dataclass
class Standing:
    """Those who wait and could not be served yet; in a strict order they hold back whoever comes after."""

    strict: bool
    regions: set = field(default_factory=set)

    def reach(self, region_id: int | None) -> Reach:
        if not self.strict or not self.regions:
            return Reach.ALL
        return Reach.NOTHING if region_id in self.regions else Reach.OWN_SHARE

    def waits(self, entry: WaitingEntry) -> None:
        self.regions.add(entry.region_id)


@dataclass(frozen=True)
class Turn:
    """How one entry stands: `before` people of entries are ahead, `free` places are free for it at this
    moment, `needed` at least are; `reach` says what those ahead leave. `refused` are the rules of the run that
    do not let it have places now, with the reasons in words."""

    entry: WaitingEntry
    position: int
    before: int
    free: int
    needed: int
    reach: Reach
    refused: Mapping[str, str]

    @property
    def can_be_served(self) -> bool:
        return not self.refused and self.free >= self.needed


def is_strict(run: Run) -> bool:
    return rules_of(run).waiting_order == RunRules.Order.STRICT


def places_wanted(run: Run, entry: WaitingEntry) -> tuple[int, int]:
    """Most and fewest places that an entry can use: its people, or the one place of a team."""
    return (1, 1) if is_per_team(run) else (entry.wanted, entry.at_least)


def entries(run_id: int) -> Iterable[WaitingEntry]:
    return (
        WaitingEntry.objects.filter(run_id=run_id)
        .in_line()
        .select_related("person", "region", "company", "workplace")
    )


def candidate_of(entry: WaitingEntry, *, run: Run, people: int) -> Candidate:
    """What is known of those who stand in line, as the rules of the run ask for it."""
    return Candidate(
        run=run,
        people=people,
        region=entry.region,
        company=entry.company,
        addresses=(entry.person.email,) if entry.takes_part else (),
        for_company=entry.company_id is not None,
    )


@dataclass(frozen=True)
class Admitted:
    """How many `people` of an entry the rules of the run let have places at this moment: as many as it wants, or
    fewer, never fewer than its least; else 0, and `refused` says by which rules and why."""

    people: int
    refused: Mapping[str, str]


def admitted(run: Run, line: Sequence[WaitingEntry], *, now: datetime) -> dict[int, Admitted]:
    """By entry id, in a number of queries that does not grow with the line."""
    asked = [
        (entry.pk, people, candidate_of(entry, run=run, people=people))
        for entry in line
        for people in range(entry.wanted, entry.at_least - 1, -1)
    ]
    answers = reasons_of_many([candidate for _pk, _people, candidate in asked], now=now)
    found: dict[int, Admitted] = {}
    for (pk, people, _candidate), refused in zip(asked, answers, strict=True):
        if pk not in found or found[pk].refused:
            found[pk] = Admitted(0 if refused else people, refused)
    return found


def turns(run: Run, *, now: datetime) -> list[Turn]:
    """The whole line as it stands, first come first. The free places are counted once per county in it."""
    standing, ahead, found = Standing(is_strict(run)), 0, []
    free: dict[tuple[int | None, Reach], int] = {}
    line = list(entries(run.pk))
    allowed = admitted(run, line, now=now)
    for position, entry in enumerate(line, start=1):
        reach = standing.reach(entry.region_id)
        key = (entry.region_id, reach)
        if key not in free:
            rows = free_places(run.pk, region_id=entry.region_id, now=now, reach=reach)
            free[key] = rows.count()
        needed, refused = places_wanted(run, entry)[1], allowed[entry.pk].refused
        found.append(Turn(entry, position, ahead, free[key], needed, reach, refused))
        if not refused:
            standing.waits(entry)
        ahead += entry.wanted
    return found


def reach_of_newcomer(run: Run, *, region_id: int | None, now: datetime) -> Reach:
    """What a line leaves to somebody who does not stand in it. In a strict order that is only what is kept for
    a county of which nobody waits; else whatever the line could not use."""
    standing = Standing(is_strict(run))
    if standing.strict:
        line = list(entries(run.pk))
        allowed = admitted(run, line, now=now)
        standing.regions = {e.region_id for e in line if not allowed[e.pk].refused}
    return standing.reach(region_id)


def free_for_newcomer(run: Run, *, region_id: int | None, now: datetime) -> int:
    """How many places somebody who does not stand in line could take at this moment, after those who wait
    were served. A plain read; decides nothing."""
    reach = reach_of_newcomer(run, region_id=region_id, now=now)
    return free_places(run.pk, region_id=region_id, now=now, reach=reach).count()
