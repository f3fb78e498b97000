import pytest
from wagtail.search import index

from accounts.models import User
from courses.models import Course, Run
from home.models import StandardPage
from search.queries import find
from search.words import meanings, nearest, stem, words_of
from tests.accounts.factories import make_user
from tests.courses.factories import (
    make_course,
    make_course_page,
    make_module_page,
    make_run,
    make_site,
)
from tests.home.factories import make_municipality

pytestmark = pytest.mark.django_db


def indexed(*pages):
    """The worker does this after publishing."""
    for page in pages:
        index.insert_or_update_object(page)


@pytest.fixture
def site(now):
    """The page that the table of traps was measured on, a course, and a run of it."""
    starts = make_site()
    island = starts["sv"].add_child(
        instance=StandardPage(
            title="Kurser i skärgården för företagsledare",
            slug="skargard",
            intro="Utbildningar i förändringsledning.",
            locale=starts["sv"].locale,
        )
    )
    course = make_course("CIR", name_sv="Cirkulära affärer", name_en="Circular business")
    pages = make_course_page(course, intro="Service och reparation för verkstäder.")
    indexed(island, *pages.values())
    return {"island": island, **pages}


def found(query: str, now, language: str = "sv") -> set[str]:
    hits = find(query, language=language, now=now)
    return {page.title for page in (*hits.courses, *hits.pages)}


@pytest.mark.parametrize(
    "query",
    [
        "kurs",
        "kurser",
        "Kurserna",
        "utbildning",
        "utbildningar",
        "skärgården",
        "skärgård",
        "skargarden",
        "skargard",
        "SKÄRGÅRDEN",
        "skärgåden",
        "företagsledre",
        "utbildnig",
        "kruser",
        "kurs skärgård",
        "foretagsledare kurser",
    ],
)
def test_search_finds_what_people_mean(site, now, query):
    assert site["island"].title in found(query, now)


@pytest.mark.parametrize(
    "query", ["cirkulära", "cirkular", "cirkulra", "cir", "CIR", "affär", "afärer"]
)
def test_search_finds_courses_by_name_and_code(site, now, query):
    assert "Cirkulära affärer" in found(query, now)


@pytest.mark.parametrize(
    ("query", "language", "title"),
    [
        ("kurs", "sv", "Cirkulära affärer"),
        ("utbildning", "sv", "Cirkulära affärer"),
        ("kurser cirkulära", "sv", "Cirkulära affärer"),
        ("courses", "en", "Circular business"),
        ("training", "en", "Circular business"),
    ],
)
def test_the_word_course_finds_the_courses(site, now, query, language, title):
    assert title in found(query, now, language)


def test_search_finds_headings_before_the_index_has_them(site, now):
    start = site["island"].get_parent()
    start.add_child(
        instance=StandardPage(title="Ångbåtsresor", slug="ang", intro="x", locale=start.locale)
    )
    assert found("angbat", now) == {"Ångbåtsresor"}
    assert found("ångbåtresor", now) == {"Ångbåtsresor"}


def test_search_answers_in_its_language(site, now):
    assert found("circular", now, "en") == {"Circular business"}
    assert found("bussiness", now, "en") == {"Circular business"}
    assert "Circular business" not in found("circular", now, "sv")


def test_search_finds_runs_by_place_host_code_and_course(site, now):
    course = Course.objects.get(code="CIR")
    run = make_run(now=now, course=course, municipality=make_municipality("17"))
    make_run(now=now, course=course, status=Run.Status.DRAFT)
    make_run(now=now, course=course, starts_in_days=-50)
    other = make_run(now=now, course=make_course("UPD"))
    for query in ("karlstad", "Karlstd", "cirkulära", run.code):
        assert run in find(query, language="sv", now=now).runs, query
    assert find("cirkulära", language="sv", now=now).runs == [run]
    assert set(find("exempelfrämjaren", language="sv", now=now).runs) == {run, other}


def test_search_never_shows_drafts_modules_or_people(site, now):
    module_page = make_module_page(
        Course.objects.get(code="CIR").modules.first(), title="Zebramodul"
    )
    indexed(*module_page.values())
    assert found("zebramodul", now) == set()
    site["island"].unpublish()
    assert found("skärgård", now) == set()
    make_user(first_name="Zackarias", email="zackarias@example.org")
    assert found("zackarias", now) == set() and User.objects.count()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "%",
        "' OR 1=1 --",
        '"',
        "kurs AND (",
        "NEAR(a b",
        "*",
        "\\",
        "[a-z",
        "(((((",
        "title:kurs",
        "a" * 5000,
        "kurs " * 2000,
        "\x00",
        "<script>alert(1)</script>",
        "🙂",
        "!!&|",
    ],
)
def test_search_page_takes_any_text(client, site, query):
    response = client.get("/sv/search/", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_search_page_marks_words_and_tells_corrections(client, site):
    text = client.get("/sv/search/", {"q": "skärgåden"}).text
    assert "<mark>skärgården</mark>" in text
    assert "Här är träffarna för <b>skärgården</b>" in text
    assert 'value="skärgåden"' in text


def test_search_page_with_nothing_found_helps(client, site):
    assert "Inget hittades." in client.get("/sv/search/?q=xyzzyqwv").text
    assert "Nothing was found." in client.get("/en/search/?q=xyzzyqwv").text


@pytest.mark.parametrize("count", [1, 3])
def test_search_takes_the_same_queries_for_any_number(
    client, site, now, count, django_assert_max_num_queries
):
    for _n in range(count):
        make_run(now=now, course=Course.objects.get(code="CIR"))
    client.get("/sv/search/?q=cirkulära")
    with django_assert_max_num_queries(20):
        assert client.get("/sv/search/?q=cirkulära").status_code == 200


def test_words_of_a_query_carry_no_signs():
    assert words_of("Kurs'; DROP_TABLE (a*b)") == ["kurs", "drop", "table", "a", "b"]
    assert stem("kurserna", "sv") == "kurs" and stem("kurs", "sv") == "kurs"
    assert "utbildning" in meanings("kurser", "sv")
    assert nearest("skargarden", {"skärgården", "kurs"}) == "skärgården"
    assert nearest("qqqq", {"skärgården"}) is None
