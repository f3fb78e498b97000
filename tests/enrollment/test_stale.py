"""What was read before somebody else changed it: decisions and mails rest on what is so under the lock."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from courses.models import Course, Run
from enrollment import (
    applications,
    booking,
    closing,
    companies,
    group_booking,
    naming,
    offers,
    waiting,
)
from enrollment.models import Application, Booking, Enrollment, RunRules
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.change_factories import first_at, make_policy
from tests.enrollment.company_factories import ANNA, MATS, make_group
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)

pytestmark = pytest.mark.django_db


def read_before(enrollment: Enrollment) -> Enrollment:
    """As a page reads it before it asks for anything."""
    rows = Enrollment.objects.select_related(
        "booking__booked_by", "run__course", "run__host", "person"
    )
    return rows.get(pk=enrollment.pk)


def mails(kind: str):
    return OutgoingMail.objects.filter(kind=kind)


@pytest.mark.parametrize("selection", list(Run.Selection))
@pytest.mark.parametrize("by_company", [False, True])
def test_nobody_books_a_run_that_was_cancelled_since_the_form_was_opened(
    now, selection, by_company
):
    run = make_open_run(now=now, selection=selection)
    seen = Run.objects.get(pk=run.pk)
    closing.cancel_run(run=run, actor=None, now=now)
    with pytest.raises(booking.NotOpen):
        if by_company:
            make_group(now, run=seen, motivation="Vi behöver det.")
        else:
            make_booking(now=now, run=seen)
    assert not Enrollment.objects.live().exists()
    assert not OutgoingMail.objects.exists()


def test_a_team_that_is_too_late_is_told_that_the_run_is_not_open(now):
    run = make_open_run(now=now, course=make_course("TEAM", unit=Course.Unit.TEAM))
    seen = Run.objects.select_related("course").get(pk=run.pk)
    closing.cancel_run(run=run, actor=None, now=now)
    with pytest.raises(booking.NotOpen):
        make_group(now, (ANNA, MATS), run=seen)
    assert not Enrollment.objects.live().exists()


def test_nobody_joins_the_line_of_a_run_that_was_cancelled_since(now):
    run = make_full_run(now=now)
    seen = Run.objects.get(pk=run.pk)
    closing.cancel_run(run=run, actor=None, now=now)
    with pytest.raises(booking.NotOpen):
        make_waiting(now=now, run=seen)


def test_who_was_named_meanwhile_is_told_that_the_place_is_cancelled(now):
    made = make_group(now, (None,))
    seat = made.enrollments.get()
    seen = read_before(seat)
    naming.name_seats(booking=made, named={seat.pk: ANNA}, actor=made.booked_by, now=now)
    booking.cancel(enrollment=seen, reason=Reason.BY_PERSON, actor=made.booked_by, now=now)
    assert mails("place_cancelled").get().recipient.email == ANNA.email


def test_who_was_confirmed_meanwhile_has_the_meetings_taken_out_of_the_diary(now):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, sme_only=True)
    made = make_group(now, run=run)
    seen = read_before(made.enrollments.get())
    assert seen.status == Status.HELD
    companies.describe(company=made.company, email_domain="", size="small", actor=None, now=now)
    booking.cancel(enrollment=seen, reason=Reason.BY_STAFF, actor=None, now=now)
    assert mails("place_cancelled").get().calendar_method == "CANCEL"


def test_who_is_the_last_of_a_team_meanwhile_pays_nothing_unasked(now):
    run = make_open_run(now=now, course=make_course("TEAM", unit=Course.Unit.TEAM))
    RunRules.objects.create(run=run, cancellation=make_policy((100, 0, 150_000)))
    one, two = make_group(now, (ANNA, MATS), run=Run.objects.get(pk=run.pk)).enrollments.all()
    booking.cancel(enrollment=one, reason=Reason.BY_PERSON, actor=one.person, now=now)
    asked = {"enrollment": two, "reason": Reason.BY_PERSON, "actor": two.person, "now": now}
    with pytest.raises(booking.FeeChanged) as refused:
        booking.cancel(**asked, fee_told_ore=0)
    assert refused.value.fee_ore == 150_000
    assert Enrollment.objects.get(pk=two.pk).status == Status.CONFIRMED
    assert booking.cancel(**asked, fee_told_ore=150_000)
    assert Enrollment.objects.get(pk=two.pk).fee_ore == 150_000


def test_nobody_gives_a_place_up_when_the_run_is_over(client, now):
    enrollment = make_enrollment(now=now, run=make_open_run(now=now, closes_at=None))
    first_at(enrollment.run, now - timedelta(days=90))
    client.force_login(enrollment.person)
    answer = client.post(reverse("cancel_enrolment", args=[enrollment.public_id]), {"fee": "0"})
    assert answer.status_code == 409
    enrollment.refresh_from_db()
    assert enrollment.status == Status.CONFIRMED
    by_staff = {"reason": Reason.BY_STAFF, "actor": make_user(role=Role.COORDINATOR)}
    assert booking.cancel(enrollment=enrollment, now=now, **by_staff)


def test_an_application_read_before_it_was_offered_again_is_offered_once(now):
    run, staff = make_open_run(now=now, selection=Run.Selection.APPLICATION), make_user()
    made = make_group(now, (None, None), run=run, motivation="Vi behöver det.")
    applications.select(application=Application.objects.get(), actor=staff, now=now)
    offers.decline(booking=Booking.objects.get(pk=made.pk), actor=None, now=now)
    for application in (Application.objects.get(), Application.objects.get()):
        applications.offer_again(application=application, actor=staff, now=now)
    assert Enrollment.objects.filter(status=Status.OFFERED).count() == 2


def test_joining_twice_keeps_one_entry(now):
    run, person = make_full_run(now=now), make_user()
    first = make_waiting(now=now, run=run, person=person)
    assert make_waiting(now=now, run=run, person=person) == first
    assert waiting.position(first) == 1


def test_a_form_that_was_sent_before_the_cancelling_is_still_the_same_booking(now):
    """The token decides, whatever has become of the run."""
    run = make_open_run(now=now)
    form = group_form(run=run, now=now, people=[ANNA])
    made = group_booking.send(**form)
    closing.cancel_run(run=run, actor=None, now=now)
    assert group_booking.send(**form) == made
