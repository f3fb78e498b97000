"""Money that comes after a hold of several people ran out."""

from datetime import timedelta
from uuid import uuid4

import pytest

from enrollment import drafts, group_booking, places
from enrollment.payments import checkout, fulfil
from enrollment.payments.models import Payment, Refund
from enrollment.payments.provider import Session
from enrollment.status import Status
from tests.enrollment.factories import group_form, make_open_run

pytestmark = pytest.mark.django_db


def test_a_late_payment_takes_the_places_of_what_was_sent_not_of_an_earlier_check_screen(now):
    """The check screen's twenty minutes had run out before; the form was sent all the same."""
    run, token = make_open_run(now=now, places_count=4, price_ore=80000), uuid4()
    form = group_form(run=run, now=now, token=token, people=[None, None])
    held = {"run": run, "token": token, "language": "sv", "region": form["municipality"].region}
    drafts.hold(people=2, now=now, **held)
    now += timedelta(minutes=30)
    places.expire(run=run, now=now)
    sent = group_booking.send(**{**form, "now": now})
    checkout._intend(booking=sent, now=now)
    payment = Payment.objects.get()
    later = now + timedelta(hours=2)
    session = {
        "ref": "cs_1",
        "reference": str(payment.public_id),
        "url": "",
        "amount": payment.amount_ore,
        "currency": "SEK",
        "intent": "pi_1",
        "expires_at": payment.expires_at,
    }
    for state in ("expired", "paid"):
        fulfil.apply(payment_id=payment.pk, session=Session(state=state, **session), now=later)
    payment.refresh_from_db()
    assert payment.problem == ""
    assert not Refund.objects.exists()
    assert sent.enrollments.filter(status__in=Status.PLACED).count() == 2
