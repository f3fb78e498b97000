from datetime import timedelta

import pytest

from courses.models import Run
from enrollment.places import open_places
from tests.accounts.factories import make_user
from tests.courses.factories import make_course_page, make_run, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(now):
    return make_site()


def open_run(*, now, places=10, **fields) -> Run:
    run = make_run(now=now, **fields)
    open_places(run=run, count=places)
    return run


def page(client, run, language="sv"):
    return client.get(f"/{language}/runs/{run.code}/")


def test_run_page_tells_facts_and_leads_to_booking(client, site, now):
    make_course_page()
    run = open_run(now=now, price_ore=600000)
    swedish, english = page(client, run), page(client, run, "en")
    assert f'href="/sv/runs/{run.code}/book/"' in swedish.text
    assert "Boka en plats" in swedish.text and "Book a place" in english.text
    assert '<b class="h1">10 av 10</b> platser kvar' in swedish.text
    assert "SEK\N{NO-BREAK SPACE}6,000 excl. VAT" in english.text
    assert "SEK\N{NO-BREAK SPACE}7,500 incl. VAT" in english.text
    assert f'hreflang="en" href="http://localhost:8000/en/runs/{run.code}/"' in swedish.text
    assert "Exempelsalen" in swedish.text and "Modul 2" in swedish.text


def test_free_run_shows_what_the_place_is_worth(client, site, now):
    run = open_run(now=now)
    run.course.price_ore = 1800000
    run.course.save()
    text = page(client, run).text
    assert "0\N{NO-BREAK SPACE}kr för deltagaren" in text
    assert "Platsen är värd 18\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr exkl. moms" in text
    assert "Boka en kostnadsfri plats" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": timedelta(days=2)}, "Det går inte att boka än."),
        ({"closes_at": timedelta(seconds=-1)}, "Sista dagen att boka har passerat."),
        ({"starts_in_days": -100}, "Kurstillfället är avslutat."),
        ({"starts_in_days": -3}, "Kurstillfället har redan börjat."),
        ({"status": Run.Status.CANCELLED, "note_sv": "För få anmälda."}, "För få anmälda."),
    ],
)
def test_run_that_cannot_be_booked_says_why_and_names_others(client, site, now, fields, words):
    fields = {k: now + v if isinstance(v, timedelta) else v for k, v in fields.items()}
    run = open_run(now=now, **fields)
    other = open_run(now=now, starts_in_days=20)
    response = page(client, run)
    assert words in response.text
    assert f"/sv/runs/{run.code}/book/" not in response.text
    assert f'href="/sv/runs/{other.code}/"' in response.text


def test_full_run_offers_its_waiting_list(client, site, now):
    run = open_run(now=now, places=0)
    assert "/wait/" not in page(client, run).text
    run = open_run(now=now, places=2)
    from tests.enrollment.factories import make_enrollment

    for _n in range(2):
        make_enrollment(run=run, now=now)
    text = page(client, run).text
    assert "Fullbokad" in text and f'href="/sv/runs/{run.code}/wait/"' in text
    assert "/book/" not in text


@pytest.mark.parametrize("code", ["finns-inte", "x" * 300, "1"])
def test_unknown_run_is_a_404_page(client, site, code):
    response = client.get(f"/sv/runs/{code}/")
    assert response.status_code == 404


def test_draft_is_a_404_for_visitors_and_shown_to_its_people(client, site, now):
    run = make_run(now=now, status=Run.Status.DRAFT)
    assert page(client, run).status_code == 404
    leader = make_user(role="leader")
    run.leaders.add(leader)
    client.force_login(leader)
    assert "Det här är ett utkast" in page(client, run).text


@pytest.mark.parametrize("sessions", [1, 3, 12])
def test_run_page_takes_the_same_queries_for_any_number(
    client, site, now, sessions, django_assert_num_queries
):
    make_course_page()
    run = open_run(now=now, sessions=sessions)
    page(client, run)
    with django_assert_num_queries(9):
        assert page(client, run).status_code == 200
