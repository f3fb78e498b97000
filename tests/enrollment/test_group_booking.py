from datetime import timedelta
from uuid import uuid4

import pytest

from courses.models import Course
from enrollment import drafts, eligibility, group_booking, places
from enrollment.models import Booking, Enrollment, Place, Team
from enrollment.named import Named, TwiceTheSame
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.enrollment.factories import group_form, make_open_run

pytestmark = pytest.mark.django_db

ANNA = Named("anna@ventil.example.org", "Anna", "Exempelsson")
MATS = Named("mats@ventil.example.org", "Mats", "Exempelman")


def free(run) -> int:
    return Place.objects.free().filter(run=run).count()


def make_team_run(*, now, places_count=2, **fields):
    run = make_open_run(now=now, places_count=places_count, **fields)
    run.course.unit = Course.Unit.TEAM
    run.course.save()
    return run


def test_three_people_with_one_name_to_follow(now):
    run = make_open_run(now=now, places_count=5)
    booking = group_booking.send(**group_form(run=run, now=now, people=[ANNA, MATS, None]))
    statuses = list(booking.enrollments.order_by("pk").values_list("status", flat=True))
    assert statuses == [Status.CONFIRMED, Status.CONFIRMED, Status.HELD]
    assert free(run) == 2
    unnamed = booking.enrollments.unnamed().get()
    assert unnamed.hold_until == places.names_due(run, now=now)
    kinds = OutgoingMail.objects.order_by("pk").values_list("kind", "to_address")
    assert list(kinds) == [
        ("place_confirmed", ANNA.email),
        ("place_confirmed", MATS.email),
        ("group_booked", "booker@ventil.example.org"),
    ]


def test_a_draft_holds_the_places_and_sending_fills_it(now):
    run, token = make_open_run(now=now, places_count=3), uuid4()
    draft = drafts.hold(run=run, token=token, people=3, region=None, language="sv", now=now)
    assert (free(run), draft.is_draft) == (0, True)
    form = group_form(run=run, now=now, token=token, people=[ANNA, MATS, None])
    draft.region = form["municipality"].region
    draft.save()
    booking = group_booking.send(**form)
    assert booking.pk == draft.pk
    assert (booking.is_draft, Enrollment.objects.count()) == (False, 3)
    assert group_booking.send(**form) == booking


def test_a_hold_that_ran_out_is_taken_again_when_sending(now):
    run, token = make_open_run(now=now, places_count=3), uuid4()
    drafts.hold(run=run, token=token, people=2, region=None, language="sv", now=now)
    later = now + timedelta(minutes=30)
    assert places.expire(run=run, now=later) == 2
    form = group_form(run=run, now=later, token=token, people=[ANNA, MATS])
    assert group_booking.send(**form).enrollments.confirmed().count() == 2
    assert free(run) == 1


def test_another_number_changes_only_the_difference(now):
    run, token = make_open_run(now=now, places_count=3), uuid4()
    common = {"run": run, "token": token, "region": None, "language": "sv", "now": now}
    draft = drafts.hold(people=3, **common)
    drafts.hold(people=1, **common)
    assert free(run) == 2
    drafts.hold(people=2, **common)
    assert free(run) == 1
    assert draft.enrollments.filter(reason=Reason.GIVEN_BACK).count() == 2


def test_who_asks_for_more_than_there_is_keeps_what_was_held(now):
    run, token = make_open_run(now=now, places_count=3), uuid4()
    common = {"run": run, "token": token, "region": None, "language": "sv", "now": now}
    draft = drafts.hold(people=2, **common)
    with pytest.raises(places.RunFull) as error:
        drafts.hold(people=4, **common)
    assert error.value.free == 3
    assert draft.enrollments.held().count() == 2


def test_four_on_three_places_books_nothing_and_names_three(now):
    run = make_open_run(now=now, places_count=3)
    with pytest.raises(places.RunFull) as error:
        group_booking.send(**group_form(run=run, now=now, people=[ANNA, MATS, None, None]))
    assert error.value.free == 3
    assert not Booking.objects.exists()


def test_the_same_address_twice_is_told_by_position(now):
    run = make_open_run(now=now)
    with pytest.raises(TwiceTheSame) as error:
        group_booking.send(**group_form(run=run, now=now, people=[ANNA, None, ANNA]))
    assert error.value.position == 2


def test_a_team_has_one_place_together(now):
    run = make_team_run(now=now)
    booking = group_booking.send(**group_form(run=run, now=now, people=[ANNA, MATS, None]))
    assert free(run) == 1
    team = Team.objects.get()
    assert (team.booking, team.lead.email, team.members.count()) == (booking, ANNA.email, 3)
    for enrollment in booking.enrollments.all():
        places.release(enrollment=enrollment, reason=Reason.BY_PERSON, now=now)
    assert free(run) == 2


@pytest.mark.parametrize("people", [1, 5])
def test_a_team_of_another_size_is_refused(now, people):
    run = make_team_run(now=now)
    with pytest.raises(eligibility.NotEligible):
        group_booking.send(**group_form(run=run, now=now, people=[None] * people))


def test_naming_a_seat_confirms_it(now):
    run = make_open_run(now=now)
    booking = group_booking.send(**group_form(run=run, now=now, people=[None, None]))
    seat = booking.enrollments.unnamed().first()
    group_booking.name_seat(enrollment=seat, named=ANNA, actor=booking.booked_by, now=now)
    seat.refresh_from_db()
    assert (seat.status, seat.person.email) == (Status.CONFIRMED, ANNA.email)
