"""A colleague instead, another run, one more in the team; what cancelling costs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from accounts.registries import invariants
from courses.models import Course, Session
from courses.scheduling import change_meeting
from enrollment import booking as bookings
from enrollment import changes, group_booking, meeting_news, moving, places, terms
from enrollment.group_booking import Named
from enrollment.models import (
    CancellationPolicy,
    CancellationStep,
    Enrollment,
    Place,
    RunRules,
    Team,
    WaitingEntry,
)
from enrollment.status import Reason, Status
from enrollment.terms import consequence, terms_in_words
from messaging.delivery import compose
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_open_run,
    make_waiting,
)

pytestmark = pytest.mark.django_db
COLLEAGUE = Named("kollega@ventil.example.org", "Kim", "Kollega")


def make_policy(*steps: tuple[int, int, int], substitutes: bool = True) -> CancellationPolicy:
    """Terms with steps of (days, per cent, fee in öre)."""
    policy = CancellationPolicy.objects.create(
        name_sv="Villkor", name_en="Terms", substitutes=substitutes
    )
    for days, percent, fee_ore in steps:
        CancellationStep.objects.create(policy=policy, days=days, percent=percent, fee_ore=fee_ore)
    return policy


def make_run_with(policy, *, now, **fields):
    run = make_open_run(now=now, **fields)
    RunRules.objects.create(run=run, cancellation=policy)
    run.refresh_from_db()
    return run


def first_at(run, moment: datetime) -> None:
    """Put the run's meetings on `moment` and the days after it."""
    for number, meeting in enumerate(run.sessions.order_by("number")):
        meeting.starts_at = moment + timedelta(days=7 * number)
        meeting.ends_at = meeting.starts_at + timedelta(hours=3)
        meeting.save()


def events(mail: OutgoingMail) -> dict[str, dict[str, tuple[int, str]]]:
    """METHOD -> UID -> (SEQUENCE, start) of what a mail brings to a diary."""
    found: dict[str, dict] = {}
    text = fill(mail).calendar
    for part in re.findall(r"BEGIN:VCALENDAR.*?END:VCALENDAR", text, re.DOTALL):
        calendar = Calendar.from_ical(part)
        for event in calendar.walk("VEVENT"):
            found.setdefault(str(calendar["method"]), {})[str(event["uid"])] = (
                int(event["sequence"]),
                event["dtstart"].dt.astimezone(UTC).isoformat(),
            )
    return found


@pytest.fixture
def now(now):
    """A diary knows whole seconds."""
    return now.replace(microsecond=0)


def holds(now) -> list[str]:
    return [message for check in invariants.values() for message in check(now)]


# Sundays over the change of summer time


def test_sundays_at_nine_stay_at_nine_over_the_change_of_summer_time(now):
    """28 March 2027 begins at UTC+1 and ends at UTC+2: 23 hours, which nobody may notice in a diary."""
    run = make_open_run(now=now, sessions=3)
    for number, (day, hour) in enumerate(((21, 8), (28, 7), (4, 7)), 1):
        starts = datetime(2027, 4 if number == 3 else 3, day, hour, tzinfo=UTC)
        Session.objects.filter(run=run, number=number).update(
            starts_at=starts, ends_at=starts + timedelta(hours=3)
        )
    make_enrollment(now=now, run=run)
    mail = fill(OutgoingMail.objects.get(kind="place_confirmed"))
    lines = mail.calendar.replace("\r\n ", "").splitlines()
    starts = [line for line in lines if line.startswith("DTSTART;TZID")]
    assert starts == [
        "DTSTART;TZID=Europe/Stockholm:20270321T090000",
        "DTSTART;TZID=Europe/Stockholm:20270328T090000",
        "DTSTART;TZID=Europe/Stockholm:20270404T090000",
    ]
    assert mail.text.replace("\xa0", " ").count("kl. 09.00–12.00") >= 3
    first, second = run.sessions.order_by("number")[:2]
    assert (second.starts_at - first.starts_at) == timedelta(days=7) - timedelta(hours=1)


# What cancelling costs


@pytest.mark.parametrize(
    ("days", "fee"), [(15, 0), (14, 0), (13, 50_000), (7, 50_000), (6, 100_000), (0, 100_000)]
)
def test_the_smallest_step_that_the_days_left_lie_under_counts(now, days, fee):
    run = make_run_with(make_policy((14, 50, 0), (7, 100, 0)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    enrollment.booking.price_ore = 100_000
    first_at(run, datetime(2027, 3, 16, 8, tzinfo=UTC))
    asked = datetime(2027, 3, 16, 9, tzinfo=UTC) - timedelta(days=days)
    step = terms.applying(terms.steps_of(run.rules.cancellation, price_ore=100_000), days_left=days)
    assert (terms.cost(step, price_ore=100_000) if step else 0) == fee
    assert consequence(enrollment, now=asked).days_left == days


def test_days_are_days_of_the_swedish_calendar_over_the_change_of_summer_time(now):
    run = make_run_with(make_policy((1, 0, 150_000)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    # Sunday 28 March 2027 has 23 hours in Sweden.
    first_at(run, datetime(2027, 3, 29, 6, tzinfo=UTC))
    evening = datetime(2027, 3, 28, 21, 30, tzinfo=UTC)
    assert consequence(enrollment, now=evening).days_left == 1
    assert consequence(enrollment, now=evening).fee_ore == 0
    midnight = datetime(2027, 3, 28, 22, 0, tzinfo=UTC)
    assert consequence(enrollment, now=midnight).days_left == 0
    assert consequence(enrollment, now=midnight).fee_ore == 150_000


def test_what_was_never_paid_costs_nothing(now):
    run = make_run_with(make_policy((60, 100, 0)), now=now, price_ore=100_000)
    enrollment = make_enrollment(now=now, run=run)
    assert enrollment.status == Status.HELD
    assert consequence(enrollment, now=now).fee_ore == 0
    assert bookings.cancel(enrollment=enrollment, reason=Reason.BY_PERSON, actor=None, now=now)
    enrollment.refresh_from_db()
    assert enrollment.fee_ore == 0


def test_cancelling_stores_the_fee_once_and_tells_it(now):
    run = make_run_with(make_policy((60, 0, 150_000)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    for _ in range(2):
        bookings.cancel(enrollment=enrollment, reason="by_person", actor=enrollment.person, now=now)
    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.fee_ore) == (Status.CANCELLED, 150_000)
    mail = OutgoingMail.objects.get(kind="place_cancelled")
    assert "1 500 kr" in mail.text.replace("\xa0", " ")


def test_the_organiser_takes_no_fee(now):
    run = make_run_with(make_policy((60, 0, 150_000)), now=now)
    enrollment = make_enrollment(now=now, run=run)
    bookings.cancel(enrollment=enrollment, reason=Reason.BY_STAFF, actor=None, now=now)
    enrollment.refresh_from_db()
    assert enrollment.fee_ore == 0


def test_terms_are_told_with_the_runs_own_dates(now):
    policy = make_policy((14, 50, 0), (7, 100, 0))
    run = make_run_with(policy, now=now, price_ore=1_250_000)
    first_at(run, datetime(2027, 3, 16, 8, tzinfo=UTC))
    words = [w.replace("\xa0", " ") for w in terms_in_words(run, language="en")]
    assert words == [
        "Cancelling is free up to and including Tue 2 March 2027.",
        "From Wed 3 March 2027 it costs 50% of the price (SEK 6,250 excl. VAT).",
        "From Wed 10 March 2027 it costs 100% of the price (SEK 12,500 excl. VAT).",
        "A colleague can take the place at no cost until the last meeting is over.",
    ]
    assert terms_in_words(run, language="sv")[0].startswith("Avbokning är fri till och med tis 2")


def test_a_share_of_a_price_of_nothing_is_no_step(now):
    run = make_run_with(make_policy((14, 50, 0)), now=now)
    assert terms_in_words(run, language="en")[0] == "Cancelling costs nothing."


# A colleague instead


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
    with pytest.raises(changes.Over):
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


def two_runs(now, **fields):
    """Two runs of a course with one place each."""
    run = make_open_run(now=now, places_count=1, **fields)
    return run, make_open_run(now=now, places_count=1, course=run.course, **fields)


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


def make_team(now, people: int = 2, **fields):
    run = make_open_run(now=now, **fields)
    run.course.unit = Course.Unit.TEAM
    run.course.save()
    names = [Named(f"lag{n}@ventil.example.org", f"Lag{n}", "Lagsson") for n in range(people)]
    group = group_booking.send(**group_form(run=run, now=now, people=names))
    return run, list(group.enrollments.order_by("pk"))


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
