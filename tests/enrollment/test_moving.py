"""From one run to another: both or neither, one diary, no way around a fee."""

from datetime import UTC, timedelta

import pytest

from courses.models import Run, Session
from enrollment import booking as bookings
from enrollment import companies, group_booking, moving, places
from enrollment.models import (
    Place,
    RunRules,
    Team,
    WaitingEntry,
)
from enrollment.status import Reason, Status
from messaging.delivery import compose
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.change_factories import (
    COLLEAGUE,
    events,
    holds,
    make_policy,
    make_team,
    two_runs,
)
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_open_run,
    make_waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(now):
    """A diary knows whole seconds."""
    return now.replace(microsecond=0)


def test_moving_takes_the_new_place_and_passes_the_old_one_on(now):
    run, other = two_runs(now)
    old = make_enrollment(now=now, run=run)
    waiting = make_waiting(now=now, run=run)
    made = [moving.move(enrollment=old, to_run=other, actor=old.person, now=now) for _ in range(2)]
    assert made[0] == made[1]
    (new,) = made[0]
    assert (new.status, new.run, new.booking) == (Status.CONFIRMED, other, old.booking)
    old.refresh_from_db()
    waiting.refresh_from_db()
    assert (old.status, old.reason) == (Status.CANCELLED, Reason.MOVED)
    assert waiting.status == WaitingEntry.Status.OFFERED
    assert other.places.get().enrollment == new
    assert holds(now) == []


def test_moving_to_a_full_run_changes_nothing(now):
    run, other = two_runs(now)
    old = make_enrollment(now=now, run=run)
    make_booking(now=now, run=other)
    with pytest.raises(places.RunFull):
        moving.move(enrollment=old, to_run=other, actor=old.person, now=now)
    old.refresh_from_db()
    assert old.status == Status.CONFIRMED
    assert old.place.run == run
    assert not OutgoingMail.objects.filter(kind="place_moved").exists()


def test_after_a_move_the_diary_has_the_new_meetings_only(now):
    run, other = two_runs(now)
    third = Session.objects.create(
        run=run,
        number=3,
        starts_at=now + timedelta(days=60),
        ends_at=now + timedelta(days=60, hours=3),
    )
    Session.objects.filter(run=run, number=1).update(sequence=4)
    old = make_enrollment(now=now, run=run)
    (new,) = moving.move(enrollment=old, to_run=other, actor=old.person, now=now)
    before = events(OutgoingMail.objects.get(kind="place_confirmed"))["REQUEST"]
    mail = OutgoingMail.objects.get(kind="place_moved")
    told = events(mail)
    # The first two entries go on at the new times, the third one goes.
    assert told["REQUEST"].keys() | told["CANCEL"].keys() == before.keys()
    assert len(told["CANCEL"]) == 1
    starts = {start for _sequence, start in told["REQUEST"].values()}
    assert starts == {s.starts_at.astimezone(UTC).isoformat() for s in other.sessions.all()}
    assert {start for _s, start in told["CANCEL"].values()} == {
        third.starts_at.astimezone(UTC).isoformat()
    }
    for method in told.values():
        assert all(sequence > before[uid][0] for uid, (sequence, _start) in method.items())
    parts = [
        (part[0], part[2])
        for part in compose(fill(OutgoingMail.objects.get(pk=mail.pk))).attachments
    ]
    assert parts == [
        ("invite.ics", "text/calendar; method=REQUEST"),
        ("cancelled.ics", "text/calendar; method=CANCEL"),
    ]
    assert OutgoingMail.objects.filter(recipient=old.person).count() == 2
    # Given up later, the same entries disappear.
    bookings.cancel(enrollment=new, reason=Reason.BY_PERSON, actor=None, now=now)
    last = events(OutgoingMail.objects.get(kind="place_cancelled"))["CANCEL"]
    assert last.keys() == told["REQUEST"].keys()
    assert all(last[uid][0] > told["REQUEST"][uid][0] for uid in last)


def test_there_and_back_again_is_one_diary_entry(now):
    run, other = two_runs(now)
    old = make_enrollment(now=now, run=run)
    (there,) = moving.move(enrollment=old, to_run=other, actor=old.person, now=now)
    (back,) = moving.move(enrollment=there, to_run=run, actor=old.person, now=now)
    told = [
        events(m)["REQUEST"]
        for m in OutgoingMail.objects.filter(recipient=old.person).order_by("pk")
    ]
    assert told[0].keys() == told[1].keys() == told[2].keys()
    for earlier, later in zip(told, told[1:], strict=False):
        assert all(later[uid][0] > earlier[uid][0] for uid in later)
    assert back.place.run == run
    assert holds(now) == []


def test_only_a_run_of_the_same_course_and_price_is_moved_to(now):
    run, other = two_runs(now)
    old = make_enrollment(now=now, run=run)
    dearer = make_open_run(now=now, course=run.course, price_ore=100_000)
    for wrong in (run, make_open_run(now=now, course=make_course("ANN")), dearer):
        with pytest.raises(moving.NotTheSame):
            moving.move(enrollment=old, to_run=wrong, actor=None, now=now)
    assert moving.runs_to_move_to(old, now=now) == [other]


def test_moving_is_no_way_around_the_fee(now):
    policy = make_policy((60, 0, 150_000))
    run, other = two_runs(now)
    RunRules.objects.create(run=run, cancellation=policy)
    run.refresh_from_db()
    old = make_enrollment(now=now, run=run)
    with pytest.raises(moving.MovingCosts):
        moving.move(enrollment=old, to_run=other, actor=old.person, now=now)
    staff = make_user(role="promoter")
    with pytest.raises(moving.MovingCosts):
        moving.move(enrollment=old, to_run=other, actor=staff, now=now)
    run.host.staff.add(staff)
    assert moving.move(enrollment=old, to_run=other, actor=staff, now=now)


# Teams


def test_the_whole_team_moves(now):
    run, members = make_team(now)
    other = make_open_run(now=now, places_count=1, course=run.course)
    made = moving.move(enrollment=members[1], to_run=other, actor=None, now=now)
    assert [new.person for new in made] == [old.person for old in members]
    assert Team.objects.count() == 2
    assert other.places.get().team == made[0].team
    assert not Place.objects.filter(run=run).taken().exists()
    assert OutgoingMail.objects.filter(kind="place_moved").count() == 2
    assert holds(now) == []


def test_a_seat_without_a_name_waits_until_names_are_due_on_the_new_run(now):
    run = make_open_run(now=now, starts_in_days=60)
    earlier = make_open_run(now=now, course=run.course, starts_in_days=30)
    booking = group_booking.send(**group_form(run=run, now=now, people=[None]))
    (there,) = moving.move(
        enrollment=booking.enrollments.get(), to_run=earlier, actor=booking.booked_by, now=now
    )
    assert there.hold_until == places.names_due(earlier, now=now)
    (back,) = moving.move(enrollment=there, to_run=run, actor=booking.booked_by, now=now)
    assert back.hold_until == places.names_due(run, now=now)


def test_a_payment_is_not_waited_for_longer_by_moving(now):
    run, other = two_runs(now, price_ore=100_000)
    old = make_enrollment(now=now, run=run)
    Run.objects.filter(pk=other.pk).update(host=run.host)
    other.refresh_from_db()
    (new,) = moving.move(enrollment=old, to_run=other, actor=old.person, now=now)
    assert (new.status, new.hold_until) == (Status.HELD, old.hold_until)


def test_a_place_that_is_only_held_after_a_move_leaves_the_diary_until_it_is_confirmed(now):
    run, other = two_runs(now)
    RunRules.objects.create(run=other, sme_only=True)
    booking = group_booking.send(**group_form(run=run, now=now, people=[COLLEAGUE]))
    old = booking.enrollments.get()
    (new,) = moving.move(enrollment=old, to_run=other, actor=None, now=now)
    assert new.status == Status.HELD
    told = events(OutgoingMail.objects.get(kind="place_moved"))
    before = events(OutgoingMail.objects.get(kind="place_confirmed"))["REQUEST"]
    assert told.keys() == {"CANCEL"}
    assert told["CANCEL"].keys() == before.keys()
    companies.describe(company=booking.company, email_domain="", size="small", actor=None, now=now)
    again = events(OutgoingMail.objects.filter(kind="place_confirmed").latest("pk"))["REQUEST"]
    assert again.keys() == before.keys()
    assert all(again[uid][0] > told["CANCEL"][uid][0] for uid in again)
