"""Forms of companies that nobody sent are deleted, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from wagtail.models import ModelLogEntry

from courses.models import Course
from enrollment import drafts, group_booking, places, tasks
from enrollment.models import Booking, Enrollment, Place, Team
from enrollment.payments.models import Order
from tests.courses.factories import make_course
from tests.enrollment.company_factories import ANNA
from tests.enrollment.factories import group_form, make_open_run

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


def make_draft(now, run=None, token=None) -> Booking:
    run = run or make_open_run(now=now)
    given = {"run": run, "token": token or uuid4(), "language": "sv", "region": None}
    return drafts.hold(people=2, now=now, **given)


def expired(now, **fields) -> Booking:
    draft = make_draft(now, **fields)
    places.expire(run=draft.run, now=now + drafts.DRAFT_TIME)
    return draft


def test_an_unsent_form_is_deleted_a_week_after_its_places_were_given_back(now):
    expired(now)
    expired(now, run=make_open_run(now=now, course=make_course("TEAM", unit=Course.Unit.TEAM)))
    tasks.forget_drafts(now + drafts.DRAFT_TIME + WEEK - MINUTE)
    assert (Booking.objects.count(), Enrollment.objects.count()) == (2, 4)
    tasks.forget_drafts(now + drafts.DRAFT_TIME + WEEK + MINUTE)
    assert not Booking.objects.exists()
    assert not Enrollment.objects.exists()
    assert not Team.objects.exists()
    assert Place.objects.free().count() == 20


def test_the_audit_keeps_what_happened_to_it(now):
    seat = expired(now).enrollments.first()
    told = ModelLogEntry.objects.filter(action="enrollment.move", object_id=str(seat.pk))
    assert told.count() == 1
    assert drafts.forget_old(now=now + 2 * WEEK) == 1
    assert told.count() == 1


def test_what_was_sent_or_holds_places_stays(now):
    draft = make_draft(now)
    sent = group_booking.send(**group_form(run=make_open_run(now=now), now=now, people=[ANNA]))
    assert drafts.forget_old(now=now + 2 * WEEK) == 0
    assert set(Booking.objects.values_list("pk", flat=True)) == {draft.pk, sent.pk}
    places.expire(run=draft.run, now=now + drafts.DRAFT_TIME)


def test_a_form_that_takes_places_again_counts_from_when_it_gave_them_back(now):
    token, run = uuid4(), make_open_run(now=now)
    expired(now, run=run, token=token)
    again = now + timedelta(days=6)
    draft = expired(again, run=run, token=token)
    assert drafts.forget_old(now=now + WEEK + timedelta(days=1)) == 0
    sent = group_booking.send(**group_form(run=run, now=again, people=[ANNA], token=token))
    assert sent == draft
    assert drafts.forget_old(now=now + 3 * WEEK) == 0


def test_what_a_payment_refers_to_is_not_deleted(now):
    draft = expired(now)
    order = {
        "quantity": 1,
        "list_price_ore": 1,
        "unit_price_ore": 1,
        "net_ore": 1,
        "vat_ore": 0,
        "total_ore": 1,
    }
    Order.objects.create(
        booking=draft, seller=draft.run.host, vat_percent=0, created_at=now, **order
    )
    assert drafts.forget_old(now=now + 2 * WEEK) == 0
    assert draft.enrollments.count() == 2


def test_a_form_sent_after_its_draft_was_deleted_is_a_booking(now):
    run, token = make_open_run(now=now), uuid4()
    expired(now, run=run, token=token)
    later = now + 2 * WEEK
    assert drafts.forget_old(now=later) == 1
    sent = group_booking.send(**group_form(run=run, now=later, people=[ANNA], token=token))
    assert sent.enrollments.confirmed().count() == 1


def test_so_many_at_a_time(now):
    run = make_open_run(now=now)
    for _ in range(3):
        expired(now, run=run)
    gone = [drafts.forget_old(now=now + 2 * WEEK, most=2) for _ in range(3)]
    assert gone == [2, 1, 0]
