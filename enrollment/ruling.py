"""How places of a run are given and what cancelling costs: set by staff, with what was before in the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from courses.models import Run

from . import places
from .models import Booking, CancellationPolicy, CancellationStep, RunRules

FIELDS = (
    "sme_only",
    "regions_only",
    "prerequisite",
    "most_per_company",
    "no_overlap",
    "most_per_booking",
    "team_min",
    "team_max",
    "waiting_order",
    "offer_hours",
    "names_days",
    "min_participants",
    "decide_on",
    "cancellation",
)


class InUse(Exception):
    """Somebody has booked under these terms, so they stay as they were agreed."""

    message = _("Bookings were made under these terms, so they stay. Make a copy and change that.")


@dataclass(frozen=True)
class Step:
    """With fewer than `days` days left cancelling costs `percent` of the price and `fee_ore` without VAT."""

    days: int
    percent: int = 0
    fee_ore: int = 0


@transaction.atomic
def set_rules(*, run: Run, changes: dict[str, Any], actor: User, now: datetime) -> list[str]:
    """Set the given fields of a run's rules; the names of those that changed. What is booked stays as it was
    booked. Whoever waits and is served by the new rules gets the offer at once. Audited with before and after.
    """
    locked = Run.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    rules, _made = RunRules.objects.get_or_create(run=locked)
    wanted = {field: changes[field] for field in FIELDS if field in changes}
    changed = [field for field, value in wanted.items() if getattr(rules, field) != value]
    if not changed:
        return []
    before = {field: _plain(getattr(rules, field)) for field in changed}
    for field in changed:
        setattr(rules, field, wanted[field])
    rules.save(update_fields=changed)
    after = {field: _plain(getattr(rules, field)) for field in changed}
    record("enrollment.rules", locked, actor=actor, data={"before": before, "after": after})
    places.pass_on(run_id=run.pk, now=now)
    return changed


def _plain(value: Any) -> Any:
    """What JSON can carry: the id of a row, a day as text."""
    if hasattr(value, "pk"):
        return value.pk
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def in_use(policy: CancellationPolicy) -> bool:
    """Whether a booking was made under these terms."""
    return Booking.objects.filter(cancellation=policy).exists()


@transaction.atomic
def write_terms(
    *,
    policy: CancellationPolicy | None,
    name_sv: str,
    name_en: str,
    substitutes: bool,
    steps: Sequence[Step],
    actor: User,
) -> CancellationPolicy:
    """Make cancellation terms, or change some that nobody has booked under. Audited. Raises InUse."""
    if policy is None:
        policy = CancellationPolicy()
    else:
        policy = CancellationPolicy.objects.select_for_update().get(pk=policy.pk)
        if in_use(policy):
            raise InUse
    policy.name_sv, policy.name_en, policy.substitutes = name_sv, name_en, substitutes
    policy.save()
    policy.steps.all().delete()
    CancellationStep.objects.bulk_create(
        CancellationStep(policy=policy, days=step.days, percent=step.percent, fee_ore=step.fee_ore)
        for step in steps
    )
    data = {"steps": [[step.days, step.percent, step.fee_ore] for step in steps]}
    record("enrollment.rules", policy, actor=actor, data=data)
    return policy
