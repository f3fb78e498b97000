"""What cancelling costs: by the terms of the booking, in steps of whole days before the first meeting."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from courses.models import Run
from home import formats

from .models import CancellationPolicy, CancellationStep, Enrollment
from .models.rules import rules_of
from .places import first_meeting, is_per_team
from .requirements import MAY_FOLLOW, missing
from .status import Status


@dataclass(frozen=True)
class Consequence:
    """What giving an enrolment up costs at one moment.

    `fee_ore` is without VAT; `refund_ore` is with VAT and what goes back of the place's price if it was paid.
    `free_until` is the last Swedish day on which cancelling is free, None where it always is or no date is
    set. `days_left` are whole calendar days to the first meeting; None without a date. `paid_ore` is what was
    paid for the place, with VAT. `team_stays`: the place is a team's, and others of it keep it.
    """

    fee_ore: int = 0
    refund_ore: int = 0
    free_until: date | None = None
    step: CancellationStep | None = None
    days_left: int | None = None
    paid_ore: int = 0
    team_stays: bool = False


def consequence(enrollment: Enrollment, *, now: datetime) -> Consequence:
    """What cancelling the enrolment at `now` costs, by the terms it was booked under (domain 7.4).

    A place that was never paid for, or whose booking was not sent, costs nothing. People of a team leave for
    nothing as long as somebody of it stays: the place is the team's.
    """
    booking = enrollment.booking
    first = first_meeting(enrollment.run)
    steps = steps_of(booking.cancellation, price_ore=booking.price_ore)
    days_left = (localdate(first) - localdate(now)).days if first else None
    free_until = _free_until(localdate(first), steps) if first else None
    team_stays = _others_stay(enrollment)
    if team_stays or not is_binding(enrollment):
        return Consequence(free_until=free_until, days_left=days_left, team_stays=team_stays)
    step = applying(steps, days_left=days_left)
    fee = cost(step, price_ore=booking.price_ore) if step else 0
    paid = with_vat(booking.price_ore, booking.vat_percent)
    back = max(0, paid - with_vat(fee, booking.vat_percent))
    return Consequence(fee, back, free_until, step, days_left, paid)


def is_binding(enrollment: Enrollment) -> bool:
    """Whether the place is agreed on: nothing is missing but what may follow."""
    if enrollment.status not in (Status.HELD, Status.CONFIRMED):
        return False
    return missing(enrollment).keys() <= MAY_FOLLOW


def _others_stay(enrollment: Enrollment) -> bool:
    if not enrollment.team_id:
        return False
    members = Enrollment.objects.placed().filter(team=enrollment.team_id)
    return members.exclude(pk=enrollment.pk).exists()


def steps_of(policy: CancellationPolicy | None, *, price_ore: int) -> list[CancellationStep]:
    """The steps that cost something at this price, the earliest first."""
    if policy is None:
        return []
    steps = sorted(policy.steps.all(), key=lambda step: step.days, reverse=True)
    return [step for step in steps if cost(step, price_ore=price_ore)]


def applying(steps: list[CancellationStep], *, days_left: int | None) -> CancellationStep | None:
    """The step of the fewest days that `days_left` lies under; None while cancelling is free."""
    if days_left is None:
        return None
    under = [step for step in steps if days_left < step.days]
    return min(under, key=lambda step: step.days, default=None)


def cost(step: CancellationStep, *, price_ore: int) -> int:
    """The fee of a step in öre without VAT: the share of the price, rounded half up, and the fixed fee."""
    return (price_ore * step.percent * 2 + 100) // 200 + step.fee_ore


def with_vat(net_ore: int, vat_percent: int) -> int:
    """The sum with VAT of one line, VAT rounded half up to whole öre (R-PAY-03)."""
    return net_ore + (net_ore * vat_percent * 2 + 100) // 200


def _free_until(first: date, steps: list[CancellationStep]) -> date | None:
    return first - timedelta(days=steps[0].days) if steps else None


def terms_in_words(
    run: Run,
    *,
    policy: CancellationPolicy | None = None,
    price_ore: int | None = None,
    language: str | None = None,
) -> list[str]:
    """The terms as sentences with the run's own dates, for the run page, the check screen and before
    cancelling. `policy` and `price_ore` of a booking where there is one, else what the run has now."""
    policy = policy or rules_of(run).cancellation
    price_ore = run.price_ore if price_ore is None else price_ore
    steps = steps_of(policy, price_ore=price_ore)
    first = None
    if steps:
        first = run.first_at if hasattr(run, "first_at") else first_meeting(run)
    with override(language) if language else nullcontext():
        return _sentences(run, policy, steps, localdate(first) if first else None, price_ore)


def _sentences(
    run: Run,
    policy: CancellationPolicy | None,
    steps: list[CancellationStep],
    first: date | None,
    price_ore: int,
) -> list[str]:
    if not steps:
        words = [_("Cancelling costs nothing.")]
    elif first:
        free = formats.day(first - timedelta(days=steps[0].days))
        words = [_("Cancelling is free up to and including %(day)s.") % {"day": free}]
    else:
        words = [
            ngettext(
                "Cancelling is free until %(days)s day before the first meeting.",
                "Cancelling is free until %(days)s days before the first meeting.",
                steps[0].days,
            )
            % {"days": steps[0].days}
        ]
    for step in steps:
        price = {"cost": _cost_in_words(step, price_ore, per_team=is_per_team(run))}
        if first:
            day = formats.day(first - timedelta(days=step.days - 1))
            words.append(_("From %(day)s it costs %(cost)s.") % {"day": day, **price})
        else:
            words.append(
                ngettext(
                    "With fewer than %(days)s day left it costs %(cost)s.",
                    "With fewer than %(days)s days left it costs %(cost)s.",
                    step.days,
                )
                % {"days": step.days, **price}
            )
    if policy is None or policy.substitutes:
        words.append(_("A colleague can take the place at no cost until the last meeting is over."))
    return words


def _cost_in_words(step: CancellationStep, price_ore: int, *, per_team: bool) -> str:
    amount = _("%(amount)s excl. VAT") % {"amount": formats.money(cost(step, price_ore=price_ore))}
    if step.percent and price_ore and not step.fee_ore:
        words = _("%(percent)s%% of the price (%(amount)s)")
        return words % {"percent": step.percent, "amount": amount}
    words = _("%(amount)s per team") if per_team else _("%(amount)s per place")
    return words % {"amount": amount}
