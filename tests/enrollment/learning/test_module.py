from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from courses.models.run import STOCKHOLM
from enrollment import booking
from enrollment.learning import progress, quiz
from enrollment.learning.models import ModuleOpening, ModuleProgress
from enrollment.learning.opening import openings
from enrollment.learning.path import paths
from tests.accounts.factories import make_user
from tests.enrollment.factories import make_enrollment, make_open_run

from .factories import QUIZ, make_module_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def taking(client):
    """A confirmed person, signed in, of a run that begins in three days."""
    now = timezone.now()
    enrollment = make_enrollment(now=now, run=make_open_run(now=now, starts_in_days=3))
    client.force_login(enrollment.person)
    return enrollment


def module_of(enrollment, order: int = 1):
    return enrollment.run.course.modules.get(order=order)


def address(enrollment, order: int = 1, language: str = "sv") -> str:
    with translation.override(language):
        return reverse("module", args=[enrollment.public_id, order])


def state(enrollment) -> ModuleProgress:
    return ModuleProgress.objects.get(enrollment=enrollment)


def test_module_without_quiz_is_done_when_read(client, taking):
    make_module_page(module_of(taking))
    page = client.get(address(taking)).content.decode()
    assert "Läs det här, sv." in page
    assert state(taking).done_at is None
    for _time in range(2):
        assert client.post(address(taking)).status_code == 302
    assert state(taking).done_at
    assert ModelLogEntry.objects.filter(action="learning.done").count() == 1
    assert "Markera som läst" not in client.get(address(taking)).content.decode()


def test_quiz_is_graded_on_the_server_and_may_be_retried(client, taking):
    make_module_page(module_of(taking), quiz=QUIZ)
    page = client.get(address(taking)).content.decode()
    assert "Kunden köper ett resultat." not in page
    client.post(address(taking), {"q0": "0", "q1": ["0", "2"]})
    assert (state(taking).quiz_score, state(taking).done_at, state(taking).attempts) == (
        50,
        None,
        1,
    )
    page = client.get(address(taking)).content.decode()
    assert "50 procent rätt." in page
    assert page.count(" checked") == 3
    client.post(address(taking), {"q0": "1", "q1": ["0", "2"]})
    assert (state(taking).quiz_score, state(taking).attempts) == (100, 2)
    assert state(taking).done_at
    client.post(address(taking), {"q0": "0", "q1": ["1"]})
    assert state(taking).quiz_score == 100
    assert state(taking).done_at


def test_same_answers_again_are_no_new_attempt(client, taking):
    make_module_page(module_of(taking), quiz=QUIZ)
    for _time in range(2):
        client.post(address(taking), {"q0": "1", "q1": ["0", "2"]})
    assert state(taking).attempts == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"q0": "1"}, 1),
        ({"q0": "7", "q1": "x"}, 0),
        ({"q0": "-1", "q1": "1e9"}, 0),
        ({"q0": "\x00", "q1": "²"}, 0),
        ({}, 0),
    ],
)
def test_missing_and_hostile_answers_write_nothing(client, taking, sent, kept):
    make_module_page(module_of(taking), quiz=QUIZ)
    answer = client.post(address(taking), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Det finns ett problem" in page
    assert "<title>Fel:" in page
    assert page.count(" checked") == kept
    assert not ModuleProgress.objects.exists()


@pytest.mark.parametrize(("right", "done"), [(4, True), (3, False)])
def test_eighty_per_cent_is_enough(now, taking, right, done):
    questions = [quiz.Question("?", ("a", "b"), frozenset({0}), "")] * 5
    progress.answer(
        enrollment=taking,
        module=module_of(taking),
        questions=questions,
        answers=[[0]] * right + [[1]] * (5 - right),
        now=now,
    )
    assert bool(state(taking).done_at) is done


def test_progress_is_kept_across_languages(client, taking):
    make_module_page(module_of(taking))
    make_module_page(module_of(taking), language="en")
    client.post(address(taking))
    page = client.get(address(taking, language="en")).content.decode()
    assert "Läs det här, en." in page
    assert "Mark as read" not in page


def test_untranslated_module_says_so(client, taking):
    make_module_page(module_of(taking))
    page = client.get(address(taking, language="en")).content.decode()
    assert "This page is only in Swedish." in page
    assert 'lang="sv"' in page
    assert "Läs det här, sv." in page


def test_module_not_open_yet_shows_its_date_and_takes_no_answers(client, taking):
    make_module_page(module_of(taking, 2))
    page = client.get(address(taking, 2)).content.decode()
    assert "Öppnar " in page
    assert "Läs det här" not in page
    client.post(address(taking, 2))
    assert not ModuleProgress.objects.exists()
    with pytest.raises(progress.NotOpen):
        progress.mark_read(enrollment=taking, module=module_of(taking, 2), now=timezone.now())


def test_module_without_a_page_is_being_prepared(client, taking):
    assert "Materialet är på väg." in client.get(address(taking)).content.decode()
    assert client.get(address(taking, 99)).status_code == 404


def test_module_opens_at_the_start_of_the_day_a_week_before(now, taking):
    session = taking.run.sessions.get(number=2)
    day = session.starts_at.astimezone(STOCKHOLM).date() - timedelta(days=7)
    opens = openings([taking.run])[taking.run_id, module_of(taking, 2).pk]
    assert opens == datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)


def test_opening_may_be_set_otherwise(client, taking):
    make_module_page(module_of(taking, 2))
    ModuleOpening.objects.create(
        run=taking.run, module=module_of(taking, 2), opens_at=timezone.now() - timedelta(days=1)
    )
    assert "Läs det här" in client.get(address(taking, 2)).content.decode()


def test_cancelled_meeting_opens_nothing(taking):
    taking.run.sessions.filter(number=2).update(status="cancelled")
    assert (taking.run_id, module_of(taking, 2).pk) not in openings([taking.run])


@pytest.mark.parametrize("who", ["visitor", "other", "leader", "held", "cancelled"])
def test_only_the_runs_confirmed_people_read_it(client, who):
    now = timezone.now()
    run = make_open_run(now=now, price_ore=100000 if who == "held" else 0, starts_in_days=3)
    enrollment = make_enrollment(now=now, run=run)
    make_module_page(module_of(enrollment))
    reader = enrollment.person
    if who == "other":
        reader = make_user()
    if who == "leader":
        reader = make_user(role="leader")
        run.leaders.add(reader)
    if who == "cancelled":
        booking.cancel(enrollment=enrollment, reason="by_person", actor=reader, now=now)
    if who != "visitor":
        client.force_login(reader)
    assert client.get(address(enrollment)).status_code == (302 if who == "visitor" else 404)


def test_path_is_done_next_todo(now, client, taking):
    make_module_page(module_of(taking))
    make_module_page(module_of(taking, 2))
    assert [s.state for s in paths([taking], now=now)[taking.pk]] == ["next", "todo"]
    client.post(address(taking))
    assert [s.state for s in paths([taking], now=now)[taking.pk]] == ["done", "todo"]
    later = now + timedelta(days=5)
    assert [s.state for s in paths([taking], now=later)[taking.pk]] == ["done", "next"]


def test_paths_read_the_same_for_one_and_three_runs(now, django_assert_num_queries):
    person = make_user()
    for count in (1, 3):
        while person.enrollments.count() < count:
            run = make_open_run(now=now, starts_in_days=3)
            make_enrollment(now=now, run=run, person=person)
        enrollments = list(person.enrollments.select_related("run"))
        with django_assert_num_queries(7):
            found = paths(enrollments, now=now)
        assert len(found) == count


def test_progress_for_enrollments_is_one_query(now, taking, django_assert_num_queries):
    other = make_enrollment(now=now, run=taking.run)
    progress.mark_read(enrollment=taking, module=module_of(taking), now=now)
    with django_assert_num_queries(1):
        found = progress.for_enrollments([taking, other])
    assert found == {taking.pk: {module_of(taking).pk: now}, other.pk: {}}
