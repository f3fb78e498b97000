"""Somebody named by a colleague says no by the link of the notice: the seat stays, without a name and a cost."""

from datetime import timedelta

import pytest

from courses.models import Course, Run
from enrollment import confirming, group_booking, places
from enrollment.models import (
    Application,
    Booking,
    CancellationPolicy,
    CancellationStep,
    Enrollment,
    Place,
    RunRules,
)
from enrollment.payments import checkout, fulfil
from enrollment.payments.models import Payment
from enrollment.payments.rules import _unbalanced
from enrollment.status import Reason, Status
from enrollment.why import why
from messaging.models import OutgoingMail
from tests.courses.factories import make_course
from tests.enrollment.company_factories import ANNA, MATS, make_group
from tests.enrollment.factories import make_open_run, make_waiting
from tests.enrollment.payments.helpers import paid_session

from .test_own_data import page_of, words

pytestmark = pytest.mark.django_db


def dear_run(now, **fields) -> Run:
    """With terms by which cancelling costs half of the price a month before, and all of it a week before."""
    run = make_open_run(now=now, **fields)
    policy = CancellationPolicy.objects.create(name_sv="Exempelvillkor", name_en="Example terms")
    for days, percent in ((60, 50), (7, 100)):
        CancellationStep.objects.create(policy=policy, days=days, percent=percent, fee_ore=500_00)
    RunRules.objects.create(run=run, cancellation=policy)
    return Run.objects.select_related("rules", "course", "host").get(pk=run.pk)


def says_no(enrollment: Enrollment, now) -> Enrollment | None:
    """The seat as it is after the no; None when nothing happened."""
    enrollment = confirming.by_token(confirming.token_of(enrollment), now=now)
    if not confirming.decline(enrollment=enrollment, now=now):
        return None
    return Enrollment.objects.select_related("booking", "run__course", "team").get(
        instead_of=enrollment
    )


def pay(booking: Booking, now) -> None:
    checkout._intend(booking=booking, now=now)
    payment = Payment.objects.get()
    fulfil.apply(payment_id=payment.pk, session=paid_session(payment), now=now)


def mail(kind: str) -> OutgoingMail:
    return OutgoingMail.objects.get(kind=kind)


def test_saying_no_asks_first_and_clicked_twice_is_once(client, now):
    seat = make_group(now, [ANNA]).enrollments.get()
    place, address = Place.objects.get(enrollment=seat), page_of(seat) + "decline/"
    assert "Tacka nej till platsen?" in words(client.get(address))
    assert Enrollment.objects.get().status == Status.CONFIRMED
    for _ in range(2):
        assert "Du har tackat nej" in words(client.post(address))
    assert "Du har tackat nej" in words(client.get(address))
    assert client.get(page_of(seat)).status_code == 404
    seat.refresh_from_db()
    place.refresh_from_db()
    assert (seat.status, seat.reason) == (Status.CANCELLED, Reason.SAID_NO)
    assert place.enrollment.instead_of == seat
    assert OutgoingMail.objects.filter(kind="place_cancelled").count() == 1
    told = mail("booking_changed")
    assert told.to_address == seat.booking.booked_by.email
    assert "Anna Exempelsson" in told.text
    assert f"/{seat.booking.public_id}/people/" in told.text


def test_nobody_in_line_gets_the_place_and_another_colleague_may(now):
    run = make_open_run(now=now, places_count=1)
    made = make_group(now, [ANNA], run=run)
    waits = make_waiting(now=now, run=run)
    left = says_no(made.enrollments.get(), now)
    waits.refresh_from_db()
    assert waits.status == "waiting"
    assert left.hold_until == places.names_due(run, now=now)
    assert [answer.code for answer in why(left, now=now)] == ["name", "until"]
    named = group_booking.name_seat(enrollment=left, named=MATS, actor=made.booked_by, now=now)
    assert named.status == Status.CONFIRMED
    assert OutgoingMail.objects.filter(kind="place_confirmed", recipient=named.person).exists()


def test_it_costs_the_booker_nothing_by_terms_that_do(now):
    made = make_group(now, [ANNA, MATS], run=dear_run(now))
    gone = made.enrollments.get(person__email=ANNA.email)
    says_no(gone, now)
    gone.refresh_from_db()
    assert gone.fee_ore == 0
    assert "kostar" not in mail("place_cancelled").text
    assert "kostar dig inget" in mail("booking_changed").text


def test_a_paid_place_stays_paid_and_the_next_colleague_is_confirmed_at_once(now):
    made = make_group(now, [ANNA], run=dear_run(now, price_ore=1000_00))
    pay(made, now)
    left = says_no(made.enrollments.get(), now)
    assert left.status == Status.HELD
    assert _unbalanced() == []
    named = group_booking.name_seat(enrollment=left, named=MATS, actor=made.booked_by, now=now)
    assert named.status == Status.CONFIRMED
    assert _unbalanced() == []


def test_an_unpaid_place_is_kept_no_longer_than_the_payment_has_time(now):
    made = make_group(now, [ANNA], run=make_open_run(now=now, price_ore=1000_00))
    seat = made.enrollments.get()
    until = seat.hold_until
    left = says_no(seat, now)
    assert (left.status, left.hold_until) == (Status.HELD, until)
    assert places.expire(run=left.run, now=until) == 1


def test_of_a_team_one_seat_has_no_name_and_somebody_else_leads(now):
    course = make_course("TEAM", unit=Course.Unit.TEAM)
    run = make_open_run(now=now, course=course, places_count=1)
    made = make_group(now, [ANNA, MATS], run=run)
    anna, mats = made.enrollments.order_by("pk")
    left = says_no(anna, now)
    assert left.team == anna.team == Place.objects.get().team
    assert left.team.lead == mats.person
    again = says_no(mats, now)
    again.team.refresh_from_db()
    assert again.team.lead is None
    assert Place.objects.taken().count() == 1


def test_of_an_application_the_place_applied_for_stays(now):
    run = make_open_run(now=now, selection=Run.Selection.APPLICATION)
    made = make_group(now, [ANNA, MATS], run=run)
    left = says_no(made.enrollments.first(), now)
    assert (left.status, left.person) == (Status.APPLIED, None)
    assert Application.objects.get().booking.enrollments.live().count() == 2


def test_after_names_were_due_the_seat_stays_until_the_first_meeting(now):
    made = make_group(now, [ANNA])
    first = places.first_meeting(made.run)
    left = says_no(made.enrollments.get(), first - timedelta(hours=1))
    assert left.hold_until == first


def test_once_the_run_has_begun_the_seat_stays_as_long_as_a_colleague_may_come(now):
    made = make_group(now, [ANNA])
    at = places.first_meeting(made.run) + timedelta(minutes=5)
    left = says_no(made.enrollments.get(), at)
    assert left.hold_until == places.last_meeting_end(made.run)
    named = group_booking.name_seat(enrollment=left, named=MATS, actor=made.booked_by, now=at)
    assert named.status == Status.CONFIRMED


def test_what_is_the_bookers_own_place_is_given_up_by_the_terms(now):
    booker = type(ANNA)("self@ventil.example.org", "Örjan", "Exempelkvist")
    made = make_group(now, [booker], run=dear_run(now), booker=booker)
    own = made.enrollments.get()
    assert confirming.decline(enrollment=own, now=now)
    own.refresh_from_db()
    assert (own.reason, own.fee_ore) == (Reason.BY_PERSON, 500_00)
    assert Booking.objects.get().enrollments.live().count() == 0


def test_cancelling_by_ones_own_page_is_saying_no_for_whom_a_colleague_has_named(client, now):
    made = make_group(now, [ANNA], run=dear_run(now))
    seat = made.enrollments.get()
    address = f"/sv/my/enrolments/{seat.public_id}/cancel/"
    client.force_login(seat.person)
    assert client.post(address, {"fee": "50000"})["Location"] == page_of(seat) + "decline/"
    assert "500" not in words(client.get(address, follow=True))
    client.post(page_of(seat) + "decline/")
    seat.refresh_from_db()
    assert (seat.reason, seat.fee_ore) == (Reason.SAID_NO, 0)
    client.force_login(made.booked_by)
    left = made.enrollments.live().get()
    assert "500 kr" in words(client.get(f"/sv/my/enrolments/{left.public_id}/cancel/"))
