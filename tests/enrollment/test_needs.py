from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from accounts.policy import can, visible
from accounts.roles import Role
from config.baseline import ensure_baseline
from enrollment import booking, needs, tasks
from enrollment.models import Needs
from enrollment.status import Reason
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import ANNA, make_booker, make_group
from tests.enrollment.factories import make_enrollment, make_open_run

pytestmark = pytest.mark.django_db


def give(enrollment, now, *, diet=("vegan",), access=(), consent=True):
    return needs.give(enrollment=enrollment, diet=diet, access=access, consent=consent, now=now)


def last_day(run):
    return localdate(run.sessions.order_by("ends_at").last().ends_at)


def test_needs_are_kept_until_a_week_after_the_last_meeting(now):
    enrollment = make_enrollment(now=now)
    kept = give(enrollment, now, diet=["vegan", "nut_free", "vegan"], access=["hearing_loop"])
    assert (kept.diet, kept.access) == (["nut_free", "vegan"], ["hearing_loop"])
    assert kept.consent_at == now
    assert kept.delete_after == last_day(enrollment.run) + timedelta(days=7)


def test_without_consent_nothing_is_kept(now):
    with pytest.raises(needs.ConsentMissing):
        give(make_enrollment(now=now), now, consent=False)
    assert not Needs.objects.exists()


@pytest.mark.parametrize("diet", [["diabetes since 2009"], ["step_free"], [""]])
def test_only_listed_choices_are_kept(now, diet):
    with pytest.raises(needs.UnknownChoice):
        give(make_enrollment(now=now), now, diet=diet)


def test_taking_the_consent_back_deletes_at_once(now):
    enrollment = make_enrollment(now=now)
    give(enrollment, now)
    assert needs.withdraw(enrollment=enrollment)
    assert not needs.withdraw(enrollment=enrollment)
    give(enrollment, now)
    give(enrollment, now, diet=[], consent=False)
    assert not Needs.objects.exists()


def test_nothing_is_kept_for_a_place_that_was_given_up(now):
    enrollment = make_enrollment(now=now)
    booking.cancel(enrollment=enrollment, reason=Reason.BY_PERSON, actor=None, now=now)
    enrollment.refresh_from_db()
    with pytest.raises(needs.TooLate):
        give(enrollment, now)


def test_the_caterer_gets_numbers_and_no_names(now):
    run = make_open_run(now=now)
    for diet in (["vegan"], ["vegan", "nut_free"], []):
        enrollment = make_enrollment(now=now, run=run)
        give(enrollment, now, diet=diet, access=["step_free"] if diet else [])
    gone = make_enrollment(now=now, run=run)
    give(gone, now)
    booking.cancel(enrollment=gone, reason=Reason.BY_PERSON, actor=None, now=now)
    give(make_enrollment(now=now), now)
    counted = needs.counts(run)
    assert counted.diet == {"veganskt": 2, "nötfritt": 1}
    assert counted.access == {"lokal utan trappsteg": 2}
    assert counted.people == 2
    people = {str(person): diet for person, diet, _access in needs.of_run(run)}
    assert sorted(map(len, people.values())) == [1, 2]


def test_only_the_person_and_the_hosts_staff_see_needs(now):
    group = make_group(now, [ANNA])
    enrollment = group.enrollments.get()
    kept = give(enrollment, now)
    host = make_user(role=Role.PROMOTER)
    enrollment.run.host.staff.add(host)
    leader = make_user(role=Role.LEADER)
    enrollment.run.leaders.add(leader)
    assert list(visible(enrollment.person, Needs)) == [kept]
    assert list(visible(host, Needs)) == [kept]
    assert can(host, "enrollment.needs", enrollment.run)
    others = [
        group.booked_by,
        make_booker(group.company, now),
        leader,
        make_user(role=Role.PROMOTER),
        make_user(role=Role.COORDINATOR),
        make_user(role=Role.COMMUNICATOR),
    ]
    for other in others:
        assert not visible(other, Needs).exists()
        assert not can(other, "enrollment.needs", enrollment.run)


def test_needs_are_deleted_a_week_after_the_last_meeting_and_not_before(now):
    enrollment = make_enrollment(now=now)
    give(enrollment, now)
    other = make_enrollment(now=now, run=make_open_run(now=now, starts_in_days=60))
    give(other, now)
    last = enrollment.run.sessions.order_by("ends_at").last().ends_at
    tasks.forget_needs(last + timedelta(days=6))
    assert Needs.objects.count() == 2
    tasks.forget_needs(last + timedelta(days=9))
    assert list(Needs.objects.values_list("enrollment", flat=True)) == [other.pk]


def test_meetings_that_moved_move_the_deletion(now):
    enrollment = make_enrollment(now=now)
    give(enrollment, now)
    meeting = enrollment.run.sessions.order_by("ends_at").last()
    before = meeting.ends_at
    meeting.starts_at += timedelta(days=30)
    meeting.ends_at += timedelta(days=30)
    meeting.save()
    tasks.forget_needs(before + timedelta(days=10))
    assert Needs.objects.get().delete_after == localdate(meeting.ends_at) + timedelta(days=7)


def test_a_given_up_place_forgets_its_needs_at_the_next_turn(now):
    enrollment = make_enrollment(now=now)
    give(enrollment, now)
    booking.cancel(enrollment=enrollment, reason=Reason.BY_PERSON, actor=None, now=now)
    tasks.forget_needs(now)
    assert not Needs.objects.exists()


def test_the_runs_page_shows_needs_to_the_host_and_to_no_coordinator(client, now):
    ensure_baseline()
    enrollment = make_enrollment(now=now)
    give(enrollment, now, access=["hearing_loop"])
    host, partner = make_user(role=Role.PROMOTER), make_user(role=Role.COORDINATOR)
    enrollment.run.host.staff.add(host)
    address = f"/admin/enrolments/runs/{enrollment.run.code}/"
    client.force_login(host)
    page = client.get(address).content.decode()
    assert "1 veganskt" in page or "1 vegan" in page
    assert "<td>◐♿</td>" in page
    client.force_login(partner)
    page = client.get(address).content.decode()
    assert "vegan" not in page
    assert "<td>◐" not in page
