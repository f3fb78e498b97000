"""The pages of changes: who may open them, what they tell before, what stands at which field."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.registries import worklist
from config.baseline import ensure_roles
from courses.models import Course
from enrollment import booking as bookings
from enrollment import group_booking
from enrollment.group_booking import Named
from enrollment.models import CompanyMembership, Enrollment, RunRules
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.change_factories import make_policy
from tests.enrollment.factories import group_form, make_booking, make_enrollment, make_open_run

pytestmark = pytest.mark.django_db
KIM = {"first_name": "Kim", "last_name": "Kollega", "email": "kim@ventil.example.org"}


def page(enrollment: Enrollment, name: str) -> str:
    return f"/sv/my/enrolments/{enrollment.public_id}/{name}/"


def test_a_colleague_is_named_in_two_screens(client, now):
    enrollment = make_enrollment(now=now)
    client.force_login(enrollment.person)
    first = client.get(page(enrollment, "substitute")).content.decode()
    assert "Vem kommer i stället?" in first
    assert "Det går till" in first
    second = client.post(page(enrollment, "substitute"), KIM, follow=True)
    assert [status for _url, status in second.redirect_chain] == [302]
    html = second.content.decode()
    assert "Platsen är överlåten" in html
    assert "Kim Kollega kommer i stället" in html
    assert Enrollment.objects.confirmed().get().person.email == KIM["email"]
    # The button pressed twice, the page loaded again.
    assert client.post(page(enrollment, "substitute"), KIM).status_code == 302
    assert Enrollment.objects.count() == 2


def test_errors_stand_at_the_field_and_what_was_typed_stays(client, now):
    enrollment = make_enrollment(now=now)
    client.force_login(enrollment.person)
    answer = client.post(
        page(enrollment, "substitute"), {"first_name": "Kim", "last_name": "", "email": "kim@"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Fel: " in html
    assert 'href="#email"' in html
    assert "Skriv kollegans efternamn" in html
    assert 'value="kim@"' in html
    assert Enrollment.objects.get().status == Status.CONFIRMED


def test_a_colleague_with_a_place_is_told_at_the_address(client, now):
    run = make_open_run(now=now)
    enrollment = make_enrollment(now=now, run=run)
    own = make_enrollment(now=now, run=run, booked_by=enrollment.person)
    stranger = make_enrollment(now=now, run=run)
    client.force_login(enrollment.person)
    for other, told in ((own, True), (stranger, False)):
        answer = client.post(page(enrollment, "substitute"), {**KIM, "email": other.person.email})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert other.person.email in html
        assert ("har redan en plats" in html) == told
    assert Enrollment.objects.confirmed().count() == 3


def test_what_else_is_sent_along_changes_nothing(client, now):
    """Status, price, county and rank come from the server whatever a form says."""
    enrollment = make_enrollment(now=now)
    client.force_login(enrollment.person)
    more = {"status": "confirmed", "price": "0", "region_id": "2", "is_staff": "1", "fee_ore": "0"}
    client.post(page(enrollment, "substitute"), {**KIM, **more, "run": "1", "booking": "1"})
    new = Enrollment.objects.confirmed().get()
    assert (new.booking, new.run) == (enrollment.booking, enrollment.run)
    assert (new.person.is_staff, new.person.is_superuser) == (False, False)


@pytest.mark.parametrize("name", ["substitute", "move", "add", "cancel"])
def test_pages_are_for_the_participant_the_booker_and_who_acts_for_the_company(client, now, name):
    run = make_open_run(now=now)
    people = [Named("ett@ventil.example.org", "Ett", "Namn")]
    group = group_booking.send(**group_form(run=run, now=now, people=people))
    enrollment = group.enrollments.get()
    acting, asking = make_user(), make_user()
    for person, verified_at in ((acting, now), (asking, None)):
        CompanyMembership.objects.create(
            company=group.company, user=person, role="booker", asked_at=now, verified_at=verified_at
        )
    for person, status in (
        (enrollment.person, 200),
        (group.booked_by, 200),
        (acting, 200),
        (asking, 404),
        (make_user(), 404),
        (make_user(role="coordinator"), 404),
    ):
        client.force_login(person)
        assert client.get(page(enrollment, name), follow=True).status_code == status, person
        if status == 404:
            assert client.post(page(enrollment, name), KIM).status_code == 404
    assert client.get(f"/sv/my/enrolments/{uuid4()}/{name}/").status_code == 404


def test_the_cost_is_shown_before_and_a_changed_cost_asks_again(client, now):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, cancellation=make_policy((60, 0, 150_000)))
    run.refresh_from_db()
    enrollment = make_enrollment(now=now, run=run)
    client.force_login(enrollment.person)
    html = client.get(page(enrollment, "cancel")).content.decode().replace("\xa0", " ")
    assert "1 500 kr" in html
    assert 'name="fee" value="150000"' in html
    stale = client.post(page(enrollment, "cancel"), {"fee": "0"})
    assert stale.status_code == 409
    assert Enrollment.objects.get().status == Status.CONFIRMED
    done = client.post(page(enrollment, "cancel"), {"fee": "150000"})
    assert "är avbokad" in done.content.decode()
    assert Enrollment.objects.get().fee_ore == 150_000


def test_moving_lists_runs_with_places_and_moves_there(client, now):
    run = make_open_run(now=now)
    other = make_open_run(now=now, places_count=1, course=run.course)
    full = make_open_run(now=now, places_count=1, course=run.course)
    make_booking(now=now, run=full)
    enrollment = make_enrollment(now=now, run=run)
    client.force_login(enrollment.person)
    html = client.get(page(enrollment, "move")).content.decode()
    assert other.code in html
    assert full.code not in html
    nothing = client.post(page(enrollment, "move"), {})
    assert "Välj ett kurstillfälle" in nothing.content.decode()
    gone = client.post(page(enrollment, "move"), {"run": full.code})
    assert "<title>Fel: " in gone.content.decode()
    done = client.post(page(enrollment, "move"), {"run": other.code}, follow=True)
    assert "Platsen är flyttad" in done.content.decode()
    assert other.code in done.content.decode()
    enrollment.refresh_from_db()
    assert enrollment.reason == Reason.MOVED
    assert OutgoingMail.objects.filter(kind="place_moved").count() == 1


def test_where_everyone_has_a_place_of_their_own_there_is_no_team_to_join(client, now):
    enrollment = make_enrollment(now=now)
    client.force_login(enrollment.person)
    assert "egen plats" in client.get(page(enrollment, "add")).content.decode()
    answer = client.post(page(enrollment, "add"), KIM)
    assert answer.status_code == 409
    assert Enrollment.objects.count() == 1


def test_one_more_joins_the_team_by_the_page(client, now):
    run = make_open_run(now=now)
    Course.objects.filter(pk=run.course_id).update(unit=Course.Unit.TEAM)
    run.course.refresh_from_db()
    people = [Named(f"lag{n}@ventil.example.org", f"Lag{n}", "Lagsson") for n in range(2)]
    group = group_booking.send(**group_form(run=run, now=now, people=people))
    client.force_login(group.booked_by)
    enrollment = group.enrollments.first()
    answer = client.post(page(enrollment, "add"), KIM, follow=True)
    assert "Kim Kollega" in answer.content.decode()
    assert run.places.taken().count() == 1


def test_moving_costs_the_same_queries_with_one_run_and_three(client, now):
    run = make_open_run(now=now)
    enrollment = make_enrollment(now=now, run=run)
    client.force_login(enrollment.person)

    def cost() -> int:
        client.get(page(enrollment, "move"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(enrollment, "move")).status_code == 200
        return len(queries)

    make_open_run(now=now, course=run.course)
    one = cost()
    for _ in range(2):
        make_open_run(now=now, course=run.course)
    assert cost() == one


def test_staff_hand_over_and_move_where_they_handle_the_run(client, now):
    ensure_roles()
    run = make_open_run(now=now)
    other = make_open_run(now=now, course=run.course)
    enrollment = make_enrollment(now=now, run=run)
    address = f"/admin/enrolments/{enrollment.pk}/change/"
    staff = make_user(role="promoter")
    client.force_login(staff)
    assert client.get(address).status_code == 404
    run.host.staff.add(staff)
    assert other.code in client.get(address).content.decode()
    refused = client.post(address, {"do": "substitute", **KIM, "email": enrollment.person.email})
    assert refused.status_code == 409
    assert client.post(address, {"do": "substitute"}).status_code == 200
    assert client.post(address, {"do": "substitute", **KIM}).status_code == 302
    successor = Enrollment.objects.confirmed().get()
    assert successor.person.email == KIM["email"]
    moved = client.post(
        f"/admin/enrolments/{successor.pk}/change/", {"do": "move", "run": other.code}
    )
    assert moved.status_code == 302
    assert Enrollment.objects.confirmed().get().run == other


@pytest.mark.parametrize(("button", "left"), [("claim", 150_000), ("waive", 0)])
def test_a_fee_stands_on_the_work_list_until_it_is_claimed_or_waived(client, now, button, left):
    ensure_roles()
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, cancellation=make_policy((60, 0, 150_000)))
    run.refresh_from_db()
    enrollment = make_enrollment(now=now, run=run)
    bookings.cancel(enrollment=enrollment, reason=Reason.BY_PERSON, actor=None, now=now)
    staff, items = make_user(role="promoter"), worklist["fees to claim"]
    assert list(items(staff, now)) == []
    run.host.staff.add(staff)
    (item,) = items(staff, now)
    assert "1 500 kr" in item.title.replace("\xa0", " ")
    client.force_login(staff)
    assert "Avbokningsavgift" in client.get(item.url).content.decode()
    answer = client.post(f"/admin/enrolments/{enrollment.pk}/fee/", {"do": button})
    assert answer.status_code == 302
    enrollment.refresh_from_db()
    assert enrollment.fee_ore == left
    assert list(items(staff, now)) == []
