"""The run's page: whose places are left, until when they are kept, and how to book them."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from courses.models import Course, Run
from enrollment import applications, booking, group_booking, places
from enrollment.models import Application
from home import formats
from tests.accounts.factories import make_user
from tests.courses.factories import make_course, make_course_page, make_site
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_enrollment,
    make_open_run,
    make_waiting,
)
from tests.home.factories import make_promoter, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    return make_site()


def page(client, run, language="sv") -> str:
    return client.get(f"/{language}/runs/{run.code}/").text


def share_of(run, *, now, count=2, days=10):
    return places.set_share(
        run=run,
        region=make_region("21"),
        promoter=make_promoter("medvard", region_code="21"),
        count=count,
        release_at=now + timedelta(days=days),
        actor=None,
        now=now,
    )


def test_key_names_the_counties_and_the_day_of_release(client, now):
    run = make_open_run(now=now, places_count=5, open_to=[make_region("20"), make_region("21")])
    share = share_of(run, now=now)
    make_enrollment(now=now, run=run)
    text = page(client, run)
    day = formats.short_date(localtime(share.release_at), language="sv")
    assert "1 tagna" in text and "2 lediga för Dalarna och Gävleborg" in text
    assert f"2 till vikta för Gävleborg, släpps {day}" in text
    assert f"Värd: {run.host.name}." in text
    assert "2 free for Dalarna and Gävleborg" in page(client, run, "en")


def test_released_places_are_for_all_without_any_job(client, now):
    run = make_open_run(now=now, places_count=5)
    share_of(run, now=now, days=-1)
    text = page(client, run)
    assert "5 lediga för alla tre länen" in text and "till vikta för" not in text
    assert "Öppna för alla nu" in text or "Nu är de för alla" in text


def test_signed_in_reader_sees_what_is_left_for_the_own_county(client, now):
    run = make_open_run(now=now, places_count=5)
    share_of(run, now=now, count=3)
    person = make_user()
    make_booking(now=now, person=person, region=make_region("21"))
    make_enrollment(now=now, run=run, region=make_region("21"))
    assert "platser för Gävleborg finns kvar" not in page(client, run)
    client.force_login(person)
    assert "2 av 3 platser för Gävleborg finns kvar" in page(client, run)


def test_numbers_are_those_of_the_last_booking(client, now):
    run = make_open_run(now=now, places_count=2)
    assert "0 tagna" in page(client, run)
    make_enrollment(now=now, run=run)
    assert "1 tagna" in page(client, run) and "1 lediga" in page(client, run)


def test_one_books_alone_or_for_the_company(client, now):
    run = make_open_run(now=now)
    text = page(client, run)
    assert f'href="/sv/runs/{run.code}/book/"' in text
    assert f'href="/sv/runs/{run.code}/book/company/"' in text and "Boka för företaget" in text


def test_a_team_run_speaks_of_teams(client, now):
    course = make_course("LAG", unit=Course.Unit.TEAM)
    run = make_open_run(now=now, places_count=3, course=course)
    group_booking.send(**group_form(run=run, now=now, people=[None, None]))
    text = page(client, run)
    assert "1 lag har plats" in text and "2 lediga" in text
    assert f'href="/sv/runs/{run.code}/book/"' not in text


def test_an_application_run_takes_applications_when_no_place_is_free(client, now):
    run = make_open_run(now=now, places_count=1, selection=Run.Selection.APPLICATION)
    places.resize(run=run, capacity=0, actor=None, now=now)
    places.resize(run=run, capacity=1, actor=None, now=now)
    make_booking(now=now, run=run)
    applications.select(application=Application.objects.get(), actor=make_user(), now=now)
    text = page(client, run)
    assert "/wait/" not in text and f'href="/sv/runs/{run.code}/book/"' in text
    assert client.get(f"/sv/runs/{run.code}/book/").status_code == 200
    with pytest.raises(booking.NotOpen):
        make_waiting(now=now, run=run)


def test_shares_cost_one_question(client, now, django_assert_num_queries):
    make_course_page()
    run = make_open_run(now=now, places_count=6)
    share_of(run, now=now)
    page(client, run)
    with django_assert_num_queries(10):
        page(client, run)
