"""Two accounts of one person become one."""

import pytest

from accounts.models import User
from accounts.people import known_as, known_or_new
from accounts.registries import invariants
from config.baseline import ensure_roles
from enrollment import companies, group_booking, merging
from enrollment.booking import AlreadyEnrolled
from enrollment.eligibility import Candidate, known_under
from enrollment.models import Booking, CompanyMembership, Enrollment, WaitingEntry
from enrollment.named import Named, TwiceTheSame
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db):
    return make_user(role="coordinator")


def broken(now) -> list[str]:
    return [message for check in invariants.values() for message in check(now)]


def test_everything_is_the_kept_persons_and_the_old_address_leads_there(now, staff):
    keep, gone = make_user(), make_user()
    enrollment = make_enrollment(now=now, person=gone)
    entry = make_waiting(now=now, run=make_full_run(now=now), person=gone)
    mails = OutgoingMail.objects.count()
    for _ in range(2):
        merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    gone.refresh_from_db()
    assert (gone.is_active, gone.merged_into) == (False, keep)
    assert Enrollment.objects.get(pk=enrollment.pk).person == keep
    assert Booking.objects.get(pk=enrollment.booking_id).booked_by == keep
    assert WaitingEntry.objects.get(pk=entry.pk).person == keep
    assert known_or_new(email=gone.email, language="sv", now=now) == keep
    assert known_as(gone.email) == keep
    assert OutgoingMail.objects.count() == mails + 1
    mail = OutgoingMail.objects.get(kind="people_merged")
    assert mail.recipient == keep
    assert broken(now) == []


def test_a_code_for_the_old_address_is_mailed_to_the_kept_one_and_signs_in_there(
    client, now, staff
):
    keep, gone = make_user(), make_user()
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    page = client.post("/sv/accounts/login/", {"email": gone.email}, follow=True)
    assert gone.email in page.content.decode()
    assert keep.email not in page.content.decode()
    mail = OutgoingMail.objects.get(kind="account_login_code")
    assert mail.to_address == keep.email
    code = mail.subject.rpartition(" ")[2]
    answer = client.post("/sv/accounts/login/code/confirm/", {"code": code})
    assert answer.status_code == 302, answer.content.decode()
    assert "/my/" in answer.url
    assert int(client.session["_auth_user_id"]) == keep.pk


def test_of_two_places_on_one_run_one_passes_on(now, staff):
    keep, gone = make_user(), make_user()
    run = make_open_run(now=now, places_count=2)
    theirs = make_enrollment(now=now, run=run, person=gone)
    ours = make_enrollment(now=now, run=run, person=keep)
    waiting = make_waiting(now=now, run=run)
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    theirs.refresh_from_db()
    ours.refresh_from_db()
    waiting.refresh_from_db()
    assert (theirs.status, theirs.person) == (Status.CONFIRMED, keep)
    assert (ours.status, ours.reason) == (Status.CANCELLED, Reason.MERGED)
    assert waiting.status == WaitingEntry.Status.OFFERED
    assert broken(now) == []


def test_a_confirmed_place_is_not_given_up_for_an_earlier_one_that_is_only_held(now, staff):
    keep, gone = make_user(), make_user()
    run = make_open_run(now=now, price_ore=100_000)
    held = make_booking(now=now, run=run, person=gone).enrollments.get()
    type(run).objects.filter(pk=run.pk).update(price_ore=0)
    run.refresh_from_db()
    confirmed = make_enrollment(now=now, run=run, person=keep)
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    held.refresh_from_db()
    confirmed.refresh_from_db()
    assert (held.status, confirmed.status) == (Status.CANCELLED, Status.CONFIRMED)


def test_who_waits_twice_or_beside_a_place_waits_no_more(now, staff):
    keep, gone = make_user(), make_user()
    run = make_full_run(now=now)
    first = make_waiting(now=now, run=run, person=keep)
    second = make_waiting(now=now, run=run, person=gone)
    other = make_full_run(now=now)
    beside = make_waiting(now=now, run=other, person=gone)
    merged = merging.merge(keep=other.enrollments.get().person, gone=gone, actor=staff, now=now)
    beside.refresh_from_db()
    second.refresh_from_db()
    assert beside.status == WaitingEntry.Status.LEFT
    assert second.status == WaitingEntry.Status.WAITING
    merging.merge(keep=keep, gone=merged, actor=staff, now=now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("waiting", "left")
    gone.refresh_from_db()
    assert gone.merged_into == keep
    assert broken(now) == []


def test_of_two_memberships_the_verified_one_stays(now, staff):
    keep, gone = make_user(), make_user()
    company = companies.known_or_new(
        number="492900-4119", name="Exempel AB", country="SE", actor=staff, now=now
    )
    CompanyMembership.objects.create(company=company, user=keep, role="booker", asked_at=now)
    CompanyMembership.objects.create(
        company=company, user=gone, role="booker", asked_at=now, verified_at=now
    )
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    membership = CompanyMembership.objects.get()
    assert (membership.user, bool(membership.verified_at)) == (keep, True)


def test_staff_themselves_and_the_merged_are_refused(now, staff):
    keep, gone = make_user(), make_user()
    with pytest.raises(merging.SameAccount):
        merging.merge(keep=keep, gone=keep, actor=staff, now=now)
    with pytest.raises(merging.IsStaff):
        merging.merge(keep=keep, gone=make_user(role="leader"), actor=staff, now=now)
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    with pytest.raises(merging.AlreadyMerged):
        merging.merge(keep=gone, gone=make_user(), actor=staff, now=now)


def test_every_relation_to_a_person_moves_or_says_that_it_stays():
    named = {
        merging.label_of(relation)
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and relation.is_relation
    }
    assert named >= merging.STAYS
    assert {"enrollment.Enrollment.person", "enrollment.Booking.booked_by"} <= {
        merging.label_of(relation) for relation in merging.relations()
    }


def test_the_preview_counts_what_will_move_and_names_the_runs(now, staff):
    keep, gone = make_user(), make_user()
    run = make_open_run(now=now)
    make_enrollment(now=now, run=run, person=keep)
    make_enrollment(now=now, run=run, person=gone)
    found = merging.preview(keep=keep, gone=gone)
    assert found.twice == [run]
    assert sum(count for _words, count in found.rows) == 2
    assert Enrollment.objects.live().count() == 2


def test_booking_with_the_old_address_meets_the_place_that_is_there(now, staff):
    from uuid import uuid4

    from enrollment import booking

    keep, gone = make_user(), make_user()
    enrollment = make_enrollment(now=now, person=keep)
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    with pytest.raises(booking.AlreadyEnrolled) as error:
        booking.sign_up(
            email=gone.email,
            first_name="Ny",
            last_name="Namnsson",
            run=enrollment.run,
            token=uuid4(),
            language="sv",
            terms_accepted=True,
            now=now,
        )
    assert error.value.enrollment == enrollment


def test_coordinators_merge_by_a_page_that_shows_first_what_moves(client, now, staff):
    ensure_roles()
    keep, gone = make_user(), make_user()
    make_enrollment(now=now, person=gone)
    client.force_login(make_user(role="promoter"))
    assert client.get("/admin/enrolments/merge/").url == "/admin/"
    client.force_login(staff)
    unknown = client.get("/admin/enrolments/merge/", {"keep": keep.email, "gone": "x@example.org"})
    assert unknown.context["form"].errors.keys() == {"gone"}
    page = client.get("/admin/enrolments/merge/", {"keep": keep.email, "gone": gone.email})
    assert page.context["found"].rows
    assert Enrollment.objects.get().person == gone
    done = client.post("/admin/enrolments/merge/", {"keep": keep.email, "gone": gone.email})
    assert done.status_code == 302
    assert Enrollment.objects.get().person == keep
    assert client.post("/admin/enrolments/merge/", {"keep": "", "gone": "@"}).status_code == 200
    same = client.post("/admin/enrolments/merge/", {"keep": keep.email, "gone": keep.email})
    assert same.status_code == 409


def test_a_group_with_the_old_address_meets_the_place_that_is_there(now, staff):
    keep, gone = make_user(), make_user()
    enrollment = make_enrollment(now=now, person=keep)
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    people = [Named(gone.email, "Ett", "Namn")]
    form = group_form(run=enrollment.run, now=now, people=people)
    with pytest.raises(AlreadyEnrolled):
        group_booking.send(**form, asker=staff)
    assert not group_booking.send(**form).enrollments.exclude(person=None).exists()
    candidate = Candidate(enrollment.run, addresses=(gone.email,))
    assert known_under([candidate]) == {gone.email: keep.email}


@pytest.mark.parametrize("selection", ["open", "application"])
def test_both_addresses_of_one_person_in_a_group_are_the_same_person(selection, now, staff):
    keep, gone = make_user(), make_user()
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    people = [Named(keep.email, "Ett", "Namn"), Named(gone.email, "Ett", "Namn")]
    form = group_form(run=make_open_run(now=now, selection=selection), now=now, people=people)
    with pytest.raises(TwiceTheSame) as error:
        group_booking.send(**form)
    assert error.value.position == 1 and not Booking.objects.exists()
