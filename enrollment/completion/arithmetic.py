"""The arithmetic of a result: whole numbers in, a proposal out. No database, no clock, no rounding.

The rules are those of the default policy (domain rules 4.3; docs/decisions/0020-completion.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .models import Completion

Result = Completion.Result
LEFT_EARLY_PER_CENT = 50


@dataclass(frozen=True)
class Meeting:
    """A held meeting: planned `minutes`, minutes `credited` to the person, the ids of its modules.

    `required` ones make up the scheduled time; the others can only make up for a missed module.
    """

    minutes: int
    credited: int
    modules: tuple[int, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Policy:
    """Per cent of the scheduled minutes, per cent of one meeting per mandatory module, and whether
    mandatory modules count at all."""

    min_pct: int = 80
    module_pct: int = 50
    require_modules: bool = True


@dataclass(frozen=True)
class Outcome:
    scheduled_min: int
    attended_min: int
    attendance_ok: bool
    modules_attended: tuple[int, ...]
    modules_ok: bool
    result: str


def assess(
    *,
    policy: Policy,
    meetings: Sequence[Meeting],
    mandatory: Sequence[int],
    held_before_leaving: int | None = None,
) -> Outcome:
    """What the numbers say. `mandatory` holds module ids; `held_before_leaving` the required minutes that
    were over when the person gave notice, None for who stayed.

    Exactly the limit passes. Credit never exceeds a meeting's length. Raises ValueError when no required
    meeting was held: then there is nothing to measure against.
    """
    required = [meeting for meeting in meetings if meeting.required]
    scheduled = sum(meeting.minutes for meeting in required)
    if not scheduled:
        raise ValueError("no required meeting was held")
    attended = sum(min(m.credited, m.minutes) for m in required)
    by_meeting = _modules_of(required, policy)
    attended += _made_up(meetings, by_meeting)
    there = by_meeting | _modules_of([m for m in meetings if not m.required], policy)
    modules = tuple(module for module in mandatory if module in there)
    attendance_ok = attended * 100 >= policy.min_pct * scheduled
    modules_ok = not policy.require_modules or len(modules) == len(mandatory)
    left_early = (
        held_before_leaving is not None
        and held_before_leaving * 100 < LEFT_EARLY_PER_CENT * scheduled
    )
    if left_early:
        result = Result.WITHDRAWN
    elif not attended:
        result = Result.NO_SHOW
    elif attendance_ok and modules_ok:
        result = Result.COMPLETED
    elif attendance_ok:
        result = Result.ATTENDED
    else:
        result = Result.NOT_COMPLETED
    return Outcome(scheduled, attended, attendance_ok, modules, modules_ok, str(result))


def _modules_of(meetings: Sequence[Meeting], policy: Policy) -> set[int]:
    """The modules with at least one meeting attended as far as the policy asks."""
    return {
        module
        for meeting in meetings
        if meeting.credited and meeting.credited * 100 >= policy.module_pct * meeting.minutes
        for module in meeting.modules
    }


def _made_up(meetings: Sequence[Meeting], attended: set[int]) -> int:
    """Minutes credited by make-up meetings: at most one per module, none for a module already attended,
    never more than was missed."""
    missing = {
        i: meeting.minutes - min(meeting.credited, meeting.minutes)
        for i, meeting in enumerate(meetings)
        if meeting.required
    }
    extras = [meeting for meeting in meetings if not meeting.required and meeting.credited]
    total = 0
    for extra in sorted(extras, key=lambda meeting: -meeting.credited):
        module = next((module for module in extra.modules if module not in attended), None)
        if module is None:
            continue
        attended = attended | {module}
        left = min(extra.credited, extra.minutes)
        for i, lacking in missing.items():
            if module in meetings[i].modules:
                credit = min(left, lacking)
                missing[i] -= credit
                left -= credit
                total += credit
    return total
