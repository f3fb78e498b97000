"""One act is held up half done, in its own process; another one that would end what it is about comes meanwhile."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.models import Run
from enrollment import applications, drafts, offers
from enrollment.models import Application, Booking, Enrollment, RunRules
from enrollment.models.door import opened
from enrollment.status import Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import ANNA, MATS, make_group
from tests.enrollment.factories import make_enrollment, make_open_run
from tests.enrollment.racers import race
from tests.home.factories import make_municipality

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

ENROLLED = 'INSERT INTO "enrollment_enrollment"'
CHANGED = 'UPDATE "enrollment_enrollment"'


def meanwhile(slow: dict, other: dict) -> list[str]:
    """What became of `slow`, held up after its statement with the words `after`, and of `other`."""
    answers = race("meanwhile", [slow, other])
    assert [answer["error"] for answer in answers if answer["error"]] == []
    return [answer["result"].split()[0] for answer in answers]


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to_address", flat=True))


def test_who_books_while_the_run_is_cancelled_is_told_and_has_no_place(now):
    run, person = make_open_run(now=now), make_user()
    said = meanwhile(
        {"job": "book", "after": ENROLLED, "run": run.pk, "person": person.pk},
        {"job": "cancel_run", "run": run.pk},
    )
    assert said == ["booked", "cancelled"]
    assert not Enrollment.objects.live().exists()
    assert told("run_cancelled") == [person.email]


def test_a_run_that_is_being_cancelled_gives_no_place(now):
    run = make_open_run(now=now, places_count=2)
    cancelling = {"job": "cancel_run", "after": 'UPDATE "courses_session"', "run": run.pk}
    booking = {"job": "book", "run": run.pk, "person": make_user().pk}
    assert meanwhile(cancelling, booking) == ["cancelled", "closed"]
    assert not Booking.objects.exists()


def test_who_applies_while_the_run_is_cancelled_is_told(now):
    run = make_open_run(now=now, selection=Run.Selection.APPLICATION)
    person = make_user()
    said = meanwhile(
        {"job": "book", "after": ENROLLED, "run": run.pk, "person": person.pk},
        {"job": "cancel_run", "run": run.pk},
    )
    assert said == ["booked", "cancelled"]
    assert not Enrollment.objects.live().exists()
    assert told("run_cancelled") == [person.email]


def naming_slowly(seat: Enrollment) -> dict:
    return {"job": "name", "after": CHANGED, "seat": seat.pk, "email": ANNA.email}


def test_a_seat_that_is_being_named_does_not_expire(now):
    seat = make_group(now, (None,)).enrollments.get()
    end = timezone.now() + timedelta(minutes=2)
    with opened():
        Enrollment.objects.filter(pk=seat.pk).update(hold_until=end)
    later = str(end + timedelta(seconds=1))
    said = meanwhile(naming_slowly(seat), {"job": "expire", "run": seat.run_id, "at": later})
    assert said == ["named", "expired"]
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED
    assert told("place_expired") == []


def test_a_booking_on_a_full_run_does_not_stumble_over_a_seat_that_is_being_named(now):
    run = make_open_run(now=now, places_count=1)
    seat = make_group(now, (None,), run=run).enrollments.get()
    with opened():
        Enrollment.objects.filter(pk=seat.pk).update(hold_until=now - timedelta(seconds=1))
    booking = {"job": "book", "run": run.pk, "person": make_user().pk}
    assert meanwhile(naming_slowly(seat), booking) == ["named", "full"]


def test_who_is_being_named_is_told_that_the_seat_is_given_up(now):
    seat = make_group(now, (None,)).enrollments.get()
    giving_up = {"job": "give_up", "enrollment": seat.pk}
    assert meanwhile(naming_slowly(seat), giving_up) == ["named", "cancelled"]
    assert told("place_cancelled") == [ANNA.email]


def test_who_is_being_named_is_told_that_the_run_is_cancelled(now):
    seat = make_group(now, (None,)).enrollments.get()
    cancelling = {"job": "cancel_run", "run": seat.run_id}
    assert meanwhile(naming_slowly(seat), cancelling) == ["named", "cancelled"]
    assert ANNA.email in told("run_cancelled")
    assert not Enrollment.objects.live().exists()


def draft_of_one(now) -> tuple[Booking, dict]:
    """Held places, and the form that sends them."""
    run, town = make_open_run(now=now), make_municipality("21")
    draft = drafts.hold(
        run=run, token=uuid4(), people=1, region=town.region, language="sv", now=now
    )
    form = {
        "booker": "booker@ventil.example.org",
        "number": "492900-4119",
        "county": town.pk,
        "people": [ANNA.email],
        "token": str(draft.token),
    }
    return draft, {"job": "send", "run": run.pk, "form": form}


def test_who_is_named_by_a_form_that_is_being_sent_is_told_that_the_run_is_cancelled(now):
    draft, sending = draft_of_one(now)
    cancelling = {"job": "cancel_run", "run": draft.run_id}
    assert meanwhile({**sending, "after": CHANGED}, cancelling) == ["booked", "cancelled"]
    assert told("run_cancelled") == [ANNA.email, "booker@ventil.example.org"]
    assert not Enrollment.objects.live().exists()


def test_a_form_sent_while_its_run_is_cancelled_books_nothing(now):
    draft, sending = draft_of_one(now)
    cancelling = {"job": "cancel_run", "after": CHANGED, "run": draft.run_id}
    assert meanwhile(cancelling, sending) == ["cancelled", "ended"]
    assert Booking.objects.get().is_draft
    assert told("group_booked") == []


def test_an_application_offered_again_twice_at_once_is_offered_once(now):
    run, staff = make_open_run(now=now, selection=Run.Selection.APPLICATION), make_user()
    made = make_group(now, (None, None), run=run, motivation="Vi behöver det.")
    applications.select(application=Application.objects.get(), actor=staff, now=now)
    offers.decline(booking=Booking.objects.get(pk=made.pk), actor=None, now=now)
    again = {"job": "offer_again", "application": Application.objects.get().pk}
    assert meanwhile({**again, "after": ENROLLED}, again) == ["offered", "offered"]
    assert Enrollment.objects.filter(status=Status.OFFERED).count() == 2


def test_an_application_that_is_being_selected_is_not_turned_down(now):
    run = make_open_run(now=now, selection=Run.Selection.APPLICATION)
    make_group(now, (ANNA,), run=run, motivation="Vi behöver det.")
    application = {"application": Application.objects.get().pk}
    selecting = {"job": "select", "after": CHANGED, **application}
    assert meanwhile(selecting, {"job": "turn_down", **application}) == ["offered", "Decided"]
    assert Enrollment.objects.get().status == Status.OFFERED


def test_two_of_a_company_who_move_at_once_do_not_pass_its_number(now):
    first = make_open_run(now=now)
    second = make_open_run(now=now, course=first.course)
    target = make_open_run(now=now, course=first.course)
    RunRules.objects.create(run=target, most_per_company=1)
    one = make_group(now, (ANNA,), run=first).enrollments.get()
    two = make_group(now, (MATS,), run=second).enrollments.get()
    said = meanwhile(
        {"job": "move", "after": ENROLLED, "enrollment": one.pk, "run": target.pk},
        {"job": "move", "enrollment": two.pk, "run": target.pk},
    )
    assert said == ["done", "refused"]
    assert Enrollment.objects.live().filter(run=target).count() == 1


@pytest.mark.parametrize("has_place", [False, True])
def test_who_is_merged_while_booking_has_the_place_as_the_kept_person(now, has_place):
    run, keep, gone = make_open_run(now=now), make_user(), make_user()
    if has_place:
        make_enrollment(now=now, run=run, person=keep)
    booking = {"job": "sign_up", "run": run.pk, "email": gone.email}
    merging = {"job": "merge", "keep": keep.pk, "gone": gone.pk}
    assert meanwhile({**booking, "after": ENROLLED}, merging) == ["booked", "merged"]
    assert Enrollment.objects.live().get().person == keep


def test_who_books_while_being_merged_books_as_the_kept_person(now):
    run, keep, gone = make_open_run(now=now), make_user(), make_user()
    merging = {"job": "merge", "keep": keep.pk, "gone": gone.pk, "after": 'UPDATE "accounts_user"'}
    said = meanwhile(merging, {"job": "sign_up", "run": run.pk, "email": gone.email})
    assert said == ["merged", "booked"]
    assert Enrollment.objects.live().get().person == keep


def test_two_merges_about_the_same_runs_wait_for_one_another(now):
    runs = [make_open_run(now=now), make_open_run(now=now)]
    pairs = [(make_user(), make_user()) for _ in range(2)]
    for order, pair in zip((runs, runs[::-1]), pairs, strict=True):
        for run in order:
            for person in pair:
                make_enrollment(now=now, run=run, person=person)
    one, two = ({"job": "merge", "keep": k.pk, "gone": g.pk} for k, g in pairs)
    assert meanwhile({**one, "after": CHANGED}, two) == ["merged", "merged"]
    assert Enrollment.objects.live().count() == 4
