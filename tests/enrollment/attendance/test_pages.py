import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import Role
from enrollment.attendance.close import close_session
from enrollment.attendance.minutes import credited
from enrollment.attendance.models import Attendance
from home.models.promoters import PromoterMembership
from tests.accounts.factories import make_user
from tests.home.factories import make_promoter

from .factories import make_led_run, mark_all

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def address(name: str, session=None, language: str = "sv") -> str:
    with translation.override(language):
        return reverse(name, args=[session.public_id] if session else [])


def post(client, session, choices, *, name="roster", nonce=None, **extra):
    data = {f"p-{e.public_id}": choice for e, choice in choices.items()}
    headers = extra.pop("headers", {})
    return client.post(
        address(name, session), {"nonce": nonce or uuid4(), **data, **extra}, **headers
    )


@pytest.fixture
def led(client):
    """A run whose first meeting is going on, its leader signed in."""
    run, leader, people = make_led_run(now=timezone.now())
    client.force_login(leader)
    return run, run.sessions.get(number=1), people


def test_lead_shows_today_first(client, led):
    run, session, _people = led
    page = client.get(address("lead")).content.decode()
    assert page.index("Idag") < page.index("Härnäst")
    today = page[page.index("Idag") : page.index("Härnäst")]
    assert address("roster", session) in today
    assert address("roster", run.sessions.get(number=2)) not in today


def test_roster_shows_people_companies_and_who_cancelled(client, led):
    from enrollment import booking

    _run, session, (_a, b, c) = led
    booking.cancel(enrollment=c, reason="by_person", actor=c.person, now=timezone.now())
    page = client.get(address("roster", session)).content.decode()
    assert b.person.get_full_name() in page
    assert f"<s>{c.person.get_full_name()}</s>" in page
    assert f"p-{c.public_id}" not in page
    assert page.count('value="present"') == 2


def test_all_then_exceptions_without_javascript(client, led):
    """D63: all, two taps, save: four actions for any number of people."""
    _run, session, (a, b, c) = led
    page = client.get(address("roster", session)).content.decode()
    assert "Alla 3 är här" in page
    assert "Ingen är markerad än." in page
    answer = client.post(address("roster", session), {"nonce": uuid4(), "all": "1"})
    assert answer.status_code == 302
    post(client, session, {a: "present", b: "absent", c: "late30"})
    assert credited([a, b, c]) == {
        (a.pk, session.pk): 120,
        (b.pk, session.pk): 0,
        (c.pk, session.pk): 90,
    }
    page = client.get(address("roster", session)).content.decode()
    assert re.search(r'role="status"><b>Sparat kl. \d\d.\d\d</b> <span>3 av 3 markerade', page)
    assert page.count(" checked") == 3


def test_single_mark_answers_in_the_readers_language(client, led):
    _run, session, (a, *_) = led
    with translation.override("en"):
        url = reverse("roster", args=[session.public_id])
    answer = client.post(url, {"nonce": uuid4(), f"p-{a.public_id}": "present"}, **JSON)
    assert answer.json()["marked"] == "1 of 3 marked."
    assert answer.json()["saved"].startswith("Saved at ")


def test_same_upload_twice_is_one_row(client, led):
    _run, session, (a, *_) = led
    nonce = uuid4()
    for choice in ("present", "absent"):
        answer = post(client, session, {a: choice}, nonce=nonce, headers=JSON)
        assert answer.status_code == 200
    assert credited([a]) == {(a.pk, session.pk): 120}


def test_left_is_worth_the_minutes_until_the_tap(client, led):
    _run, session, (a, *_) = led
    tapped = session.starts_at + timedelta(minutes=30)
    post(client, session, {a: "left"}, at=tapped.isoformat(), headers=JSON)
    post(client, session, {a: "left"})
    assert credited([a]) == {(a.pk, session.pk): 30}


@pytest.mark.parametrize("headers", [{}, JSON])
def test_foreign_enrollment_refuses_the_whole_save(client, led, headers):
    """D36"""
    _run, session, (a, *_) = led
    _other, _leader, (foreign, *_) = make_led_run(now=timezone.now())
    answer = post(client, session, {a: "present", foreign: "present"}, headers=headers)
    assert answer.status_code == 404
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"nonce": "x"},
        {"nonce": str(uuid4()), "p-1": "present"},
        {"nonce": str(uuid4()), f"p-{uuid4()}": "royal"},
        {"nonce": "\x00", "p-\x00": "\x00"},
    ],
)
def test_hostile_form_is_refused_in_our_own_words(client, led, data):
    _run, session, _people = led
    answer = client.post(address("roster", session), data)
    assert answer.status_code == 400
    assert "Det finns ett problem" in answer.content.decode()
    assert not Attendance.objects.exists()


def test_refused_save_keeps_what_was_tapped(client, led):
    run, _session, (a, b, _c) = led
    later = run.sessions.get(number=2)
    answer = post(client, later, {a: "present", b: "absent"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<title>Fel:" in page
    assert page.count(" checked") == 2


def test_undo_button_restores(client, led):
    _run, session, (a, *_) = led
    post(client, session, {a: "present"})
    post(client, session, {a: "absent"})
    client.post(address("roster_undo", session))
    assert credited([a]) == {(a.pk, session.pk): 120}


def test_closing_and_reopening(client, led):
    _run, session, people = led
    post(client, session, dict.fromkeys(people, "present"))
    refused = client.post(address("roster_close", session), {"head_count": "tre"})
    assert refused.status_code == 409
    assert 'value="tre"' in refused.content.decode()
    client.post(address("roster_close", session), {"head_count": "3"})
    page = client.get(address("roster", session)).content.decode()
    assert "Listan är stängd." in page
    assert "roll.js" not in page
    assert post(client, session, {people[0]: "absent"}).status_code == 409
    assert client.post(address("roster_reopen", session), {"reason": "x"}).status_code == 403
    client.force_login(make_user(role=Role.COORDINATOR))
    assert client.post(address("roster_reopen", session), {"reason": " "}).status_code == 409
    client.post(address("roster_reopen", session), {"reason": "Sen lista"})
    assert "Sen lista" in client.get(address("roster", session)).content.decode()


def test_paper_list_has_the_names(client, led):
    _run, session, (a, *_) = led
    page = client.get(address("roster_paper", session)).content.decode()
    assert a.person.get_full_name() in page
    assert "Underskrift" in page


@pytest.mark.parametrize("name", ["roster", "roster_paper"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ("participant", 403),
        (Role.COMMUNICATOR, 403),
        (Role.LEADER, 404),
        (Role.PROMOTER, 404),
        (Role.COORDINATOR, 200),
        ("own promoter", 200),
    ],
)
def test_only_the_runs_own_people_see_its_list(client, name, who, status):
    run, _leader, _people = make_led_run(now=timezone.now())
    session = run.sessions.first()
    if who == "participant":
        client.force_login(make_user())
    elif who == "own promoter":
        user = make_user(role=Role.PROMOTER)
        PromoterMembership.objects.create(promoter=run.host, user=user)
        client.force_login(user)
    elif who:
        user = make_user(role=who)
        other = make_promoter("annan")
        PromoterMembership.objects.create(promoter=other, user=user)
        client.force_login(user)
    assert client.get(address(name, session)).status_code == status


def test_leader_without_the_role_any_more_sees_nothing(client, led):
    from accounts.roles import revoke_role

    run, session, _people = led
    leader = run.leaders.get()
    revoke_role(user=leader, role=Role.LEADER)
    assert client.get(address("roster", session)).status_code == 403


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        client.get(url)
    return len(found)


def test_roster_reads_the_same_for_3_and_30_people(client):
    counts = []
    for people in (3, 30):
        run, leader, enrollments = make_led_run(now=timezone.now(), people=people)
        session = run.sessions.first()
        choices = dict.fromkeys(enrollments, "present")
        mark_all(run, choices, session=session, by=leader, now=timezone.now())
        client.force_login(leader)
        counts.append(queries(client, address("roster", session)))
    assert counts == [14, 14]


def test_lead_reads_the_same_for_2_and_6_meetings(client):
    counts = []
    for meetings in (2, 6):
        _run, leader, _people = make_led_run(now=timezone.now(), sessions=meetings)
        client.force_login(leader)
        counts.append(queries(client, address("lead")))
    assert counts == [15, 15]


def test_presence_draws_hours_in_two_languages():
    from django.template import Context, Template

    run, leader, (a, b, _c) = make_led_run(now=timezone.now())
    session = run.sessions.get(number=1)
    mark_all(run, {a: "late30"}, session=session, by=leader, now=session.starts_at)
    template = Template("{% load attendance_tags %}{% presence enrollment %}")
    for language, words in (("sv", "1,5 tim"), ("en", "1.5 h")):
        with translation.override(language):
            drawn = template.render(Context({"enrollment": a}))
        assert words in drawn
        assert (drawn.count('class="t"'), drawn.count('class="r"'), drawn.count('class="f"')) == (
            1,
            1,
            2,
        )
    assert "<svg" not in template.render(Context({"enrollment": b}))


def test_closed_list_is_a_work_item_only_while_open():
    from accounts.registries import worklist

    now = timezone.now()
    run, leader, people = make_led_run(now=now - timedelta(days=3), sessions=1)
    session = run.sessions.get()
    items = worklist["attendance lists to close"]
    assert len(list(items(leader, now))) == 1
    assert list(items(make_user(role=Role.LEADER), now)) == []
    mark_all(run, dict.fromkeys(people, "present"), session=session, by=leader, now=now)
    close_session(session=session, head_count=3, actor=leader, now=now)
    assert list(items(leader, now)) == []
