"""What is paid, late, twice or with another sum."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from enrollment import booking, reviving, tasks
from enrollment.models import Booking
from enrollment.payments import checkout, fulfil
from enrollment.payments.models import Payment
from enrollment.payments.provider import Session
from enrollment.status import Reason

from .world import Walk, given, which


class Money(Walk):
    @given("to pay")
    @rule(n=which)
    def somebody_goes_to_pay(self, n) -> None:
        rows = Booking.objects.filter(price_ore__gt=0).exclude(booked_by=None)
        if found := self.one(rows, n):
            with self.refusable():
                try:
                    checkout._intend(booking=found, now=self.now)
                except checkout.CheckoutError:
                    return

    @given("payment")
    @rule(
        n=which,
        state=st.sampled_from(("open", "processing", "paid", "paid", "failed", "expired")),
        short=st.sampled_from((0, 0, 0, 1)),
        twice=st.booleans(),
    )
    def the_provider_tells(self, n, state, short, twice) -> None:
        """In any order, more than once, at times with another sum than was asked for."""
        payment = self.one(Payment.objects.select_related("order"), n)
        if not payment:
            return
        session = Session(
            ref=f"cs_{payment.pk}",
            reference=str(payment.public_id),
            url="https://pay.example.org/",
            state=state,
            amount=payment.amount_ore - short,
            currency=payment.order.currency,
            intent=f"pi_{payment.pk}",
            expires_at=payment.expires_at,
        )
        for _ in range(1 + twice):
            changed = fulfil.apply(payment_id=payment.pk, session=session, now=self.now)
        assert not (changed and twice)
        if short:
            # What only the open page has kept is the worker's now.
            tasks.expire_overdue(self.now)

    @given("sent")
    @rule(n=which)
    def everything_is_settled_again(self, n) -> None:
        if found := self.one(Booking.objects.exclude(booked_by=None), n):
            booking.settle(booking=found, now=self.now)

    @given("cancelled")
    @rule(n=which)
    def an_expired_booking_is_revived(self, n) -> None:
        rows = Booking.objects.filter(enrollments__reason=Reason.EXPIRED).exclude(booked_by=None)
        found = self.one(rows.distinct().select_related("run__course", "run__rules"), n)
        if found and not found.enrollments.live().exists():
            with self.refusable():
                reviving.revive(booking=found, now=self.now)
