"""Registry lines of this room: policy, personal data, requirement, hold blocker, invariants, work-list."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policy import rule, visibility
from accounts.registries import WorkItem, invariant, register_personal_data, work
from accounts.roles import Role, has_role
from enrollment.models import Enrollment
from enrollment.requirements import hold_blocker, requirement, requirement_of_many
from enrollment.status import Status
from home import formats
from home.prepared import Prepared

from . import checks  # noqa: F401 - registers the system checks
from .amounts import line
from .models import Order, Payment, Receipt, Refund, WebhookEvent
from .status import PaymentStatus, RefundStatus


@rule("payments.see")
def _see(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR, Role.PROMOTER)


@rule("payments.handle")
def _handle(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR, Role.PROMOTER)


@rule("payments.events")
def _see_events(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR)


def _rows(model, actor, *, own: Q, seller: str):
    """One's own; those of one's promoter; all for coordinators."""
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return model.objects.none()
    if has_role(actor, Role.COORDINATOR):
        return model.objects.all()
    if has_role(actor, Role.PROMOTER):
        own |= Q(**{f"{seller}__staff": actor})
    return model.objects.filter(pk__in=model.objects.filter(own).order_by().values("pk"))


@visibility(Order)
def _orders(actor):
    return _rows(Order, actor, own=Q(booking__booked_by=actor.pk), seller="seller")


@visibility(Payment)
def _payments(actor):
    own = Q(order__booking__booked_by=actor.pk)
    return _rows(Payment, actor, own=own, seller="order__seller")


@visibility(Refund)
def _refunds(actor):
    own = Q(payment__order__booking__booked_by=actor.pk)
    return _rows(Refund, actor, own=own, seller="payment__order__seller")


@visibility(Receipt)
def _receipts(actor):
    own = Q(buyer=actor.pk) | Q(buyer__merged_into=actor.pk)
    return _rows(Receipt, actor, own=own, seller="series__seller")


@visibility(WebhookEvent)
def _events(actor):
    if has_role(actor, Role.COORDINATOR):
        return WebhookEvent.objects.all()
    return WebhookEvent.objects.none()


BOOKKEEPING = gettext_lazy(
    "Seven years after the end of the calendar year (bokföringslagen 1999:1078, 7 kap. 2 §)"
)

register_personal_data(
    Order,
    purpose=gettext_lazy("To sell a place on a course run"),
    until=BOOKKEEPING,
    erase="keep",
    path="booking__booked_by",
    fields=("quantity", "net_ore", "vat_ore", "total_ore", "created_at", "paid_at"),
)
register_personal_data(
    Payment,
    purpose=gettext_lazy("To know whether an order is paid"),
    until=BOOKKEEPING,
    erase="keep",
    path="order__booking__booked_by",
    fields=("status", "amount_ore", "received_ore", "created_at", "settled_at"),
)
register_personal_data(
    Refund,
    purpose=gettext_lazy("To pay money back"),
    until=BOOKKEEPING,
    erase="keep",
    path="payment__order__booking__booked_by",
    fields=("status", "amount_ore", "created_at", "settled_at"),
)
register_personal_data(
    Receipt,
    purpose=gettext_lazy("To prove a purchase and to keep the seller's books"),
    until=BOOKKEEPING,
    erase="keep",
    path="buyer",
    fields=("number", "content", "issued_at"),
)


@requirement("paid")
def _is_paid(enrollment: Enrollment) -> str | None:
    if enrollment.booking.price_ore == 0:
        return None
    if Order.objects.filter(booking=enrollment.booking_id).exclude(paid_at=None).exists():
        return None
    return _("The payment is missing.")


@requirement_of_many("paid")
def _are_paid(enrollments: Sequence[Enrollment]) -> dict[int, str]:
    """As `_is_paid`, in one query for a list of enrolments; none where nothing costs."""
    cost = {e.booking_id for e in enrollments if e.booking.price_ore}
    if not cost:
        return {}
    orders = Order.objects.filter(booking__in=cost).exclude(paid_at=None)
    cost -= set(orders.values_list("booking_id", flat=True))
    reason = _("The payment is missing.")
    return {e.pk: reason for e in enrollments if e.booking_id in cost}


@hold_blocker("payment")
def _is_open(enrollment: Enrollment, now) -> bool:
    """A page that may still be paid, or a bank that may still answer, keeps the place."""
    return Payment.objects.filter(order__booking=enrollment.booking_id).unsettled().exists()


def _balance(order: Order) -> tuple[int, int]:
    """What is kept of an order's money, and what its places and cancellation fees come to, in öre with VAT:
    one line for the places that are left and one for the fees, as a receipt would have them (R-PAY-03)."""
    paid = sum(p.received_ore for p in order.payments.all() if p.status == PaymentStatus.PAID)
    back = sum(
        refund.amount_ore
        for payment in order.payments.all()
        for refund in payment.refunds.all()
        if refund.status != RefundStatus.FAILED
    )
    enrollments = order.booking.enrollments.all()
    # The people of a team have one place.
    live = {(e.team_id and -e.team_id) or e.pk for e in enrollments if e.status in Status.PLACED}
    lines = ((order.unit_price_ore, len(live)), (sum(e.fee_ore for e in enrollments), 1))
    price = sum(
        line(unit_price_ore=unit, quantity=quantity, vat_percent=order.vat_percent).total
        for unit, quantity in lines
    )
    return paid - back, price


def _difference(kept: int, price: int) -> str:
    amount = formats.money(abs(kept - price))
    if kept > price:
        return _("%(amount)s goes back, incl. VAT") % {"amount": amount}
    return _("%(amount)s is missing, incl. VAT") % {"amount": amount}


_with_money = Prepared(
    lambda: (
        Order.objects.filter(payments__status=PaymentStatus.PAID)
        .distinct()
        .select_related("booking__run", "seller")
        .prefetch_related("payments__refunds", "booking__enrollments")
    )
)


def _unbalanced():
    """Orders with money whose sum is not the price of their confirmed places."""
    balances = ((order, *_balance(order)) for order in _with_money())
    return [(order, kept, price) for order, kept, price in balances if kept != price]


def _cases(actor, now) -> list[WorkItem]:
    items = [
        WorkItem(
            title=_("Booking %(booking)s: %(problem)s")
            % {"booking": payment.order.booking_id, "problem": payment.get_problem_display()},
            since=payment.settled_at or payment.created_at,
            url=reverse("payments:inspect", args=[payment.pk]),
            promoter_id=payment.order.seller_id,
        )
        for payment in Payment.objects.with_problem().select_related("order")
    ]
    items += [
        WorkItem(
            title=_("Booking %(booking)s: %(problem)s")
            % {"booking": order.booking_id, "problem": _difference(kept, price)},
            since=order.paid_at or order.created_at,
            url=reverse("orders:inspect", args=[order.pk]),
            promoter_id=order.seller_id,
        )
        for order, kept, price in _unbalanced()
        if not any(payment.problem for payment in order.payments.all())
    ]
    items += [
        WorkItem(
            title=_("The refund for booking %(booking)s failed")
            % {"booking": refund.payment.order.booking_id},
            since=refund.settled_at or refund.created_at,
            url=reverse("payments:inspect", args=[refund.payment_id]),
            promoter_id=refund.payment.order.seller_id,
        )
        for refund in Refund.objects.filter(status=RefundStatus.FAILED).select_related(
            "payment__order"
        )
    ]
    return items


@work("payments")
def _work(actor, now):
    """For coordinators all, for a promoter's staff the cases of their own sales."""
    items = _cases(actor, now)
    if has_role(actor, Role.COORDINATOR):
        return items
    if not has_role(actor, Role.PROMOTER):
        return []
    mine = set(actor.promoters.values_list("pk", flat=True))
    return [item for item in items if item.promoter_id in mine]


_unpaid = Prepared(
    lambda: (
        Enrollment.objects.confirmed()
        .filter(booking__price_ore__gt=0)
        .exclude(booking__order__paid_at__isnull=False)
        .values_list("pk")
    )
)


@invariant("5 money is the price of the places")
def _money(now):
    """A confirmed place of a paid run has its money, and no more goes back than came. Any other difference
    is a line on the work-list by construction (`_cases`)."""
    yield from (f"enrolment {pk} is confirmed and not paid" for (pk,) in _unpaid())
    for order, kept, _price in _unbalanced():
        if kept < 0:
            yield f"order {order.pk}: more was paid back than received"


@invariant("9 an outside event has its effect once")
def _once(now):
    paid = Order.objects.exclude(paid_at=None).exclude(payments__receipt__isnull=False)
    yield from (
        f"order {pk} is paid and has no receipt" for pk in paid.values_list("pk", flat=True)
    )
    for order in Order.objects.exclude(paid_at=None).prefetch_related("payments__receipt"):
        settled = [
            p for p in order.payments.all() if p.status == PaymentStatus.PAID and not p.problem
        ]
        if len(settled) != 1:
            yield f"order {order.pk} was paid by {len(settled)} payments"
