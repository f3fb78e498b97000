"""A colleague instead, one more in a team, meetings that change."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Session
from courses.scheduling import change_meeting
from enrollment import booking as bookings
from enrollment import changes, meeting_news, places
from enrollment.group_booking import Named
from enrollment.models import (
    Enrollment,
    Place,
)
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.change_factories import (
    COLLEAGUE,
    events,
    holds,
    make_policy,
    make_run_with,
    make_team,
)
from tests.enrollment.factories import (
    make_enrollment,
    make_open_run,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(now):
    """A diary knows whole seconds."""
    return now.replace(microsecond=0)


def test_a_colleague_takes_the_very_same_place_and_both_calendars_are_corrected(now):
    run = make_open_run(now=now, places_count=1)
    old = make_enrollment(now=now, run=run)
    place = old.place
    made = [
        changes.substitute(enrollment=old, named=COLLEAGUE, actor=old.person, now=now)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    place.refresh_from_db()
    assert place.enrollment == made[0]
    old.refresh_from_db()
    assert (old.status, old.reason) == (Status.CANCELLED, Reason.SUBSTITUTED)
    assert (made[0].status, made[0].instead_of) == (Status.CONFIRMED, old)
    first = OutgoingMail.objects.get(kind="place_confirmed", recipient=old.person)
    out = OutgoingMail.objects.get(kind="substituted_out")
    into = OutgoingMail.objects.get(kind="place_confirmed", recipient=made[0].person)
    invited, cancelled, new = events(first)["REQUEST"], events(out)["CANCEL"], events(into)
    assert invited.keys() == cancelled.keys()
    assert all(cancelled[uid][0] > invited[uid][0] for uid in invited)
    assert len(new["REQUEST"]) == len(invited)
    assert not new["REQUEST"].keys() & invited.keys()
    # The old person booked: nobody else is to be told.
    assert OutgoingMail.objects.count() == 3
    assert holds(now) == []


def test_a_booker_who_is_neither_of_both_is_told_once(now):
    booker = make_user()
    old = make_enrollment(now=now, booked_by=booker)
    changes.substitute(enrollment=old, named=COLLEAGUE, actor=old.person, now=now)
    mail = OutgoingMail.objects.get(kind="booking_changed")
    assert mail.recipient == booker
    assert "Kim Kollega" in mail.text
    other = make_enrollment(now=now, booked_by=booker)
    changes.substitute(enrollment=other, named=COLLEAGUE, actor=booker, now=now)
    assert OutgoingMail.objects.filter(kind="booking_changed").count() == 1


def test_nobody_takes_their_own_place_nor_two_on_one_run(now):
    run = make_open_run(now=now)
    old, other = make_enrollment(now=now, run=run), make_enrollment(now=now, run=run)
    with pytest.raises(changes.SamePerson):
        changes.substitute(
            enrollment=old, named=Named(old.person.email, "A", "B"), actor=None, now=now
        )
    with pytest.raises(changes.Taken):
        changes.substitute(
            enrollment=old, named=Named(other.person.email, "A", "B"), actor=None, now=now
        )
    assert Enrollment.objects.confirmed().count() == 2


def test_a_colleague_may_come_until_the_last_meeting_is_over(now):
    old = make_enrollment(now=now)
    end = places.last_meeting_end(old.run)
    with pytest.raises(bookings.Over):
        changes.substitute(enrollment=old, named=COLLEAGUE, actor=None, now=end)
    assert not User.objects.filter(email=COLLEAGUE.email).exists()
    before = end - timedelta(seconds=1)
    assert changes.substitute(enrollment=old, named=COLLEAGUE, actor=None, now=before)


def test_terms_may_rule_colleagues_out(now):
    run = make_run_with(make_policy(substitutes=False), now=now)
    old = make_enrollment(now=now, run=run)
    assert not changes.may_hand_over(old, now=now)
    with pytest.raises(changes.NoSubstitutes):
        changes.substitute(enrollment=old, named=COLLEAGUE, actor=None, now=now)


def test_a_place_that_is_given_up_cannot_be_handed_over(now):
    old = make_enrollment(now=now)
    stale = Enrollment.objects.select_related("booking", "run", "person").get(pk=old.pk)
    bookings.cancel(enrollment=old, reason=Reason.BY_PERSON, actor=None, now=now)
    with pytest.raises(changes.Ended):
        changes.substitute(enrollment=stale, named=COLLEAGUE, actor=None, now=now)
    assert not User.objects.filter(email=COLLEAGUE.email).exists()


# Another run


# Teams


def test_one_more_joins_a_team_until_it_is_complete(now):
    run, members = make_team(now, people=3)
    for _ in range(2):
        added = changes.add_person(
            enrollment=members[0], named=COLLEAGUE, actor=members[0].booking.booked_by, now=now
        )
    assert (added.status, added.team) == (Status.CONFIRMED, members[0].team)
    assert Place.objects.filter(run=run).taken().count() == 1
    with pytest.raises(changes.TeamFull):
        changes.add_person(
            enrollment=members[0],
            named=Named("femte@ventil.example.org", "Fem", "Te"),
            actor=None,
            now=now,
        )
    assert not User.objects.filter(email="femte@ventil.example.org").exists()
    assert holds(now) == []


def test_of_a_team_who_leaves_last_owes_the_fee(now):
    policy = make_policy((60, 0, 150_000))
    run, members = make_team(now)
    members[0].booking.cancellation = policy
    members[0].booking.save()
    for member, fee in zip(members, (0, 150_000), strict=True):
        member.refresh_from_db()
        bookings.cancel(enrollment=member, reason=Reason.BY_PERSON, actor=None, now=now)
        member.refresh_from_db()
        assert member.fee_ore == fee
    assert not Place.objects.filter(run=run).taken().exists()


# A meeting that changes


def test_a_changed_meeting_is_told_once_with_its_entry_corrected(now):
    enrollment = make_enrollment(now=now)
    meeting = enrollment.run.sessions.get(number=2)
    later = meeting.starts_at + timedelta(hours=1)
    meeting = change_meeting(
        session=meeting, actor=None, now=now, starts_at=later, ends_at=later + timedelta(hours=3)
    )
    soon = timezone.now() + timedelta(minutes=1)
    late = make_enrollment(now=soon, run=enrollment.run)
    assert [meeting_news.tell_of_changed_meetings(now=soon) for _ in range(2)] == [1, 0]
    assert not OutgoingMail.objects.filter(kind="meeting_changed", recipient=late.person).exists()
    told = events(OutgoingMail.objects.get(kind="meeting_changed"))["REQUEST"]
    ((uid, (sequence, start)),) = told.items()
    assert (sequence, start) == (1, later.astimezone(UTC).isoformat())
    first = OutgoingMail.objects.get(kind="place_confirmed", recipient=enrollment.person)
    assert uid in events(first)["REQUEST"]


def test_a_meeting_that_is_cancelled_leaves_the_diary(now):
    enrollment = make_enrollment(now=now)
    meeting = enrollment.run.sessions.get(number=2)
    change_meeting(session=meeting, actor=None, now=now, status=Session.Status.CANCELLED)
    soon = timezone.now() + timedelta(minutes=1)
    assert meeting_news.tell_of_changed_meetings(now=soon) == 1
    mail = OutgoingMail.objects.get(kind="meeting_changed")
    assert len(events(mail)["CANCEL"]) == 1
    assert "blir inte av" in mail.text


def test_what_no_diary_shows_is_not_told(now):
    enrollment = make_enrollment(now=now)
    meeting = enrollment.run.sessions.get(number=2)
    change_meeting(session=meeting, actor=None, now=now, attendance_required=False)
    assert meeting_news.tell_of_changed_meetings(now=timezone.now() + timedelta(minutes=1)) == 0
