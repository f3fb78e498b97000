from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from courses.models import Run
from tests.courses.factories import make_catalogue, make_course, make_course_page, make_run
from tests.home.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db
SV, EN = "/sv/kurser/", "/en/courses/"
# Site, page; menu and languages; regions, areas, courses; runs, open to, places.
QUERIES = 10


@pytest.fixture
def catalogue(now):
    return make_catalogue()


def runs_shown(response) -> list[str]:
    return [run.code for run in response.context["runs"]]


def test_catalogue_lists_coming_runs_by_start(client, catalogue, now):
    later = make_run(now=now, starts_in_days=40)
    soon = make_run(now=now, starts_in_days=5)
    make_run(now=now, starts_in_days=3, status=Run.Status.DRAFT)
    make_run(now=now, starts_in_days=-30)
    response = client.get(SV)
    assert response.status_code == 200
    assert runs_shown(response) == [soon.code, later.code]
    assert "2 kurstillfällen" in response.text
    assert f'href="/sv/runs/{soon.code}/"' in response.text
    english = client.get(EN)
    assert "2 course runs" in english.text and f'href="/en/runs/{soon.code}/"' in english.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region=varmland", {"V", "ALL", "OPEN-V"}),
        ("region=17", {"V", "ALL", "OPEN-V"}),
        ("region=dalarna&region=varmland", {"V", "ALL", "OPEN-V", "D"}),
        ("language=en", {"V"}),
        ("format=online", {"ALL"}),
        ("format=online&language=en", set()),
    ],
)
def test_catalogue_filters_by_address(client, catalogue, now, query, expected):
    dalarna, varmland = make_region("20"), make_region("17")
    make_run(now=now, code="D", open_to=[dalarna])
    make_run(
        now=now,
        code="V",
        open_to=[varmland],
        municipality=make_municipality("17"),
        language="en",
    )
    make_run(now=now, code="OPEN-V", open_to=[varmland])
    make_run(now=now, code="ALL", format=Run.Format.ONLINE, municipality=None).open_to.clear()
    response = client.get(f"{SV}?{query}")
    assert set(runs_shown(response)) == expected
    assert not response.context["filters"].problems


def test_catalogue_filters_by_area_and_date(client, catalogue, now):
    from tests.home.factories import make_area

    other = make_course("CIR", area=make_area(5))
    make_run(now=now, code="NEAR", starts_in_days=10)
    make_run(now=now, code="FAR", starts_in_days=50, course=other)
    assert runs_shown(client.get(f"{SV}?area={other.area.code}")) == ["FAR"]
    day = (localdate(now) + timedelta(days=20)).isoformat()
    response = client.get(f"{SV}?from={day}&area={other.area.code}")
    assert runs_shown(response) == ["FAR"]
    # A chip for each filter, with the address that lacks only it.
    chips = [chip.query for chip in response.context["filters"].chips]
    assert chips == [f"from={day}", f"area={other.area.code}"]
    assert runs_shown(client.get(f"{SV}?from=")) == ["NEAR", "FAR"]


@pytest.mark.parametrize(
    "query",
    [
        "region=atlantis",
        "region='%20OR%201=1--&language=xx",
        "from=igår",
        "from=99999-13-45",
        "from=2001-01-01",
        "area=%00%3Cscript%3E",
        "format=%F0%9F%98%80",
    ],
)
def test_catalogue_tells_wrong_values_and_shows_the_rest(client, catalogue, now, query):
    run = make_run(now=now)
    response = client.get(f"{SV}?{query}")
    assert response.status_code == 200
    assert runs_shown(response) == [run.code]
    assert 'class="problem"' in response.text
    assert "<title>Fel: " in response.text.replace("\n", "")
    assert "<script>" not in response.text


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1" * 400])
def test_catalogue_survives_any_page_number(client, catalogue, now, page):
    run = make_run(now=now)
    assert runs_shown(client.get(f"{SV}?page={page}")) == [run.code]


def test_empty_result_says_what_to_do(client, catalogue, now):
    make_run(now=now)
    response = client.get(f"{SV}?language=en")
    assert "Inget kurstillfälle passar de här valen." in response.text
    assert f'href="{SV}"' in response.text


def test_catalogue_pages_after_twenty(client, catalogue, now):
    for days in range(1, 24):
        make_run(now=now, starts_in_days=days, sessions=1)
    first, second = client.get(SV), client.get(f"{SV}?page=2")
    assert len(runs_shown(first)) == 20 and len(runs_shown(second)) == 3
    assert first.context["total"] == second.context["total"] == 23
    assert 'href="?page=2"' in first.text


def test_cancelled_run_stays_listed_with_its_reason(client, catalogue, now):
    run = make_run(
        now=now, status=Run.Status.CANCELLED, note_sv="För få anmälda.", note_en="Too few."
    )
    run.sessions.update(status="cancelled")
    over = make_run(now=now, status=Run.Status.CANCELLED, starts_in_days=-30)
    over.sessions.update(status="cancelled")
    assert runs_shown(client.get(SV)) == [run.code]
    assert "Inställd" in client.get(SV).text
    assert "Too few." in client.get(EN).text


def test_run_is_listed_by_its_first_meeting_that_stands(client, catalogue, now):
    moved = make_run(now=now, code="MOVED", starts_in_days=-3, sessions=2)
    moved.sessions.filter(number=1).update(status="cancelled")
    moved.sessions.filter(number=2).update(
        starts_at=now + timedelta(days=30), ends_at=now + timedelta(days=30, hours=3)
    )
    make_run(now=now, code="BEGUN", starts_in_days=-3, sessions=2).sessions.filter(number=2).update(
        starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=9, hours=3)
    )
    make_run(now=now, code="SOON", starts_in_days=20, sessions=1)
    make_run(now=now, code="DAYLESS", sessions=0)
    off = make_run(now=now, code="OFF", starts_in_days=-3, status=Run.Status.CANCELLED, sessions=2)
    off.sessions.update(status="cancelled")
    off.sessions.filter(number=2).update(
        starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=9, hours=3)
    )
    response = client.get(SV)
    assert runs_shown(response) == ["SOON", "MOVED", "DAYLESS"]
    assert response.context["total"] == 3
    for run in response.context["runs"]:
        days = Run.objects.with_days().get(pk=run.pk)
        assert (run.first_at, run.last_at) == (days.first_at, days.last_at)


@pytest.mark.parametrize("count", [1, 3, 20, 25])
def test_catalogue_takes_the_same_queries_for_any_number(
    client, catalogue, now, count, django_assert_num_queries
):
    make_course_page()
    for _n in range(count):
        make_run(now=now, sessions=1)
    client.get(SV)
    with django_assert_num_queries(QUERIES):
        response = client.get(SV)
    assert len(runs_shown(response)) == min(count, 20)


def test_upcoming_runs_begin_after_now_and_those_without_a_date_come_last(now):
    make_run(now=now, code="DAYLESS", sessions=0)
    make_run(now=now, code="LATER", starts_in_days=9)
    make_run(now=now, code="SOON", starts_in_days=2)
    make_run(now=now, code="NOW", starts_in_days=0)
    make_run(now=now, code="OFF", starts_in_days=5, status=Run.Status.CANCELLED)
    assert [run.code for run in Run.objects.upcoming(now)] == ["SOON", "LATER", "DAYLESS"]
