from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.registries import worklist
from accounts.roles import Role
from config.baseline import ensure_roles
from enrollment.completion.decide import propose
from enrollment.completion.models import Completion
from home.models.promoters import PromoterMembership
from tests.accounts.factories import make_user
from tests.enrollment.attendance.factories import hold, make_led_run
from tests.home.factories import make_promoter

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A run of two meetings, held and closed."""
    run, leader, people = make_led_run(now=timezone.now() - timedelta(days=30))
    choices = dict(zip(people, ("present", "left", "absent"), strict=True))
    hold(run, choices, by=leader)
    return run, leader, people


@pytest.fixture
def coordinator(client):
    ensure_roles()
    user = make_user(role=Role.COORDINATOR)
    client.force_login(user)
    return user


def staff(role: str, promoter=None):
    user = make_user(role=role)
    if promoter:
        PromoterMembership.objects.create(promoter=promoter, user=user)
    return user


def admin(name: str, run) -> str:
    return reverse(f"completions:{name}", args=[run.pk])


def results(run) -> str:
    with translation.override("sv"):
        return reverse("results", args=[run.code])


def test_leader_sees_the_numbers_and_proposes(client, held):
    run, leader, _people = held
    client.force_login(leader)
    page = client.get(results(run)).content.decode()
    assert "2 tim av 4 tim (50 %)" in page
    answer = client.post(results(run), follow=True)
    assert "3 resultat är föreslagna." in answer.content.decode()
    assert Completion.objects.proposed().count() == 3
    assert "Föreslå resultaten" not in client.get(results(run)).content.decode()


def test_open_lists_are_named_and_nothing_is_proposed(client):
    run, leader, _people = make_led_run(now=timezone.now() - timedelta(days=30))
    client.force_login(leader)
    assert "fortfarande öppna: 1, 2." in client.get(results(run)).content.decode()
    client.post(results(run))
    assert not Completion.objects.exists()


def test_coordinator_proposes_and_decides_in_the_admin(client, held, coordinator):
    run, _leader, _people = held
    assert client.get(admin("run", run)).status_code == 200
    client.post(admin("propose", run))
    ids = list(Completion.objects.values_list("pk", flat=True))
    assert client.post(admin("decide", run), {"completion": ids[:2]}).status_code == 302
    assert set(Completion.objects.decided().values_list("pk", flat=True)) == set(ids[:2])
    listing = client.get(reverse("completions:index"))
    assert listing.status_code == 200
    assert run.code in listing.content.decode()


def test_listing_filters_by_result(client, held, coordinator):
    run, leader, people = held
    propose(run=run, actor=leader, now=timezone.now())
    names = [e.person.get_full_name() for e in people]
    page = client.get(reverse("completions:index"), {"result": "completed"}).content.decode()
    assert [name in page for name in names] == [True, False, False]


def test_exception_in_the_admin_keeps_what_was_typed(client, held, coordinator):
    run, leader, (_a, b, _c) = held
    propose(run=run, actor=leader, now=timezone.now())
    row = Completion.objects.get(enrollment=b)
    data = {"person": row.pk, "result": "completed", "reason": ""}
    assert client.post(admin("exception", run), data).status_code == 409
    data = {"person": row.pk, "result": "glorious", "reason": "Sjuk, 78 procent"}
    answer = client.post(admin("exception", run), data)
    assert (answer.status_code, "Sjuk, 78 procent" in answer.content.decode()) == (409, True)
    client.post(admin("exception", run), {**data, "result": "completed"})
    row.refresh_from_db()
    assert (row.status, row.result, row.decided_by) == ("decided", "completed", coordinator)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"completion": "x"}, 400),
        ({"completion": "²"}, 400),
        ({"completion": "999999999999999999999"}, 404),
    ],
)
def test_hostile_decisions_are_refused(client, held, coordinator, data, status):
    run, leader, _people = held
    propose(run=run, actor=leader, now=timezone.now())
    assert client.post(admin("decide", run), data).status_code == status
    assert client.post(admin("exception", run), {"person": "²"}).status_code == 400
    assert not Completion.objects.decided().exists()


def test_results_of_another_run_are_refused_all(client, held, coordinator):
    run, leader, _people = held
    other, other_leader, people = make_led_run(now=timezone.now() - timedelta(days=30))
    hold(other, dict.fromkeys(people, "present"), by=other_leader)
    own = propose(run=run, actor=leader, now=timezone.now())
    foreign = propose(run=other, actor=other_leader, now=timezone.now())
    ids = [own[0].pk, foreign[0].pk]
    assert client.post(admin("decide", run), {"completion": ids}).status_code == 404
    assert not Completion.objects.decided().exists()


@pytest.mark.parametrize(
    ("role", "own", "page", "propose_", "decide_"),
    [
        (Role.PROMOTER, True, 200, 302, 403),
        (Role.PROMOTER, False, 404, 404, 403),
        (Role.COMMUNICATOR, True, 403, 403, 403),
        (Role.LEADER, True, 403, 403, 403),
    ],
)
def test_who_may_do_what_in_the_admin(client, held, role, own, page, propose_, decide_):
    run, _leader, _people = held
    ensure_roles()
    client.force_login(staff(role, run.host if own else make_promoter("annan")))

    def status(answer) -> int:
        # Wagtail turns people without access to the admin away with a redirect to its home.
        refused = answer.status_code == 302 and not answer.url.endswith(admin("run", run))
        return 403 if refused else answer.status_code

    assert status(client.get(admin("run", run))) == page
    assert status(client.post(admin("propose", run))) == propose_
    assert status(client.post(admin("decide", run), {"completion": 1})) == decide_
    assert not Completion.objects.decided().exists()


def test_promoters_list_holds_their_own_results_only(client, held):
    run, leader, (a, *_) = held
    propose(run=run, actor=leader, now=timezone.now())
    ensure_roles()
    client.force_login(staff(Role.PROMOTER, make_promoter("annan")))
    name = a.person.get_full_name()
    assert name not in client.get(reverse("completions:index")).content.decode()
    export = client.get(reverse("completions:index"), {"export": "csv"})
    assert run.code not in b"".join(export.streaming_content).decode()
    assert run.code not in client.get(reverse("completions:runs")).content.decode()


def test_foreign_run_is_not_found_for_a_leader(client, held):
    run, _leader, _people = held
    client.force_login(make_user(role=Role.LEADER))
    assert client.get(results(run)).status_code == 404
    assert client.post(results(run)).status_code == 404


def test_proposed_results_stand_on_the_work_list(held):
    run, leader, _people = held
    propose(run=run, actor=leader, now=timezone.now())
    items = worklist["results to decide"]
    (item,) = items(make_user(role=Role.COORDINATOR), timezone.now())
    assert item.url == admin("run", run)
    assert list(items(leader, timezone.now())) == []


def test_run_page_reads_the_same_for_3_and_9_people(client, coordinator):
    counts = []
    for n in (3, 9):
        run, leader, people = make_led_run(now=timezone.now() - timedelta(days=30), people=n)
        hold(run, dict.fromkeys(people, "present"), by=leader)
        propose(run=run, actor=leader, now=timezone.now())
        client.get(admin("run", run))
        with CaptureQueriesContext(connection) as found:
            client.get(admin("run", run))
        counts.append(len(found))
    assert counts[0] == counts[1]
