import json
import re

import pytest
from django.core.exceptions import ValidationError

from accounts.policy import visible
from courses.models import CoursePage, LearningOutcome, Run
from courses.words import module_page_for, page_for, pages_for
from tests.accounts.factories import make_user
from tests.courses.factories import (
    make_catalogue,
    make_course,
    make_course_page,
    make_module_page,
    make_run,
)

pytestmark = pytest.mark.django_db
# Site, page with course; menu and languages; runs, open to, places; parts, meetings.
QUERIES = 8


@pytest.fixture
def pages(now):
    return make_course_page()


def test_course_page_shows_next_start_and_runs_in_both_languages(client, pages, now):
    run = make_run(now=now, price_ore=750000)
    LearningOutcome.objects.create(
        course=run.course, order=1, text_sv="räkna på det", text_en="do the sums"
    )
    swedish, english = client.get("/sv/kurser/upd/"), client.get("/en/courses/upd/")
    assert "Nästa start" in swedish.text and "räkna på det" in swedish.text
    assert "Next start" in english.text and "do the sums" in english.text
    assert "7\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}kr exkl. moms" in swedish.text
    assert "9\N{NO-BREAK SPACE}375\N{NO-BREAK SPACE}kr inkl. moms" in swedish.text
    assert f"/sv/runs/{run.code}/" in swedish.text and "Modul 1" in swedish.text


def test_course_page_without_runs_says_so(client, pages):
    assert "Inget nytt kurstillfälle har datum än." in client.get("/sv/kurser/upd/").text


def test_course_data_for_machines_is_escaped_and_complete(client, now):
    pages = make_course_page(intro='</script><script>alert(1)</script> "&')
    run = make_run(now=now)
    make_run(now=now, status=Run.Status.CANCELLED)
    text = client.get(pages["sv"].url).text
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text, re.S)
    data = json.loads(found[1])
    assert data["description"] == '</script><script>alert(1)</script> "&'
    assert [i["name"] for i in data["hasCourseInstance"]] == [run.code]
    instance = data["hasCourseInstance"][0]
    assert instance["courseMode"] == "Onsite" and instance["startDate"][-6] in "+-"
    assert "<script>alert" not in text


@pytest.mark.parametrize("count", [1, 3, 20])
def test_course_page_takes_the_same_queries_for_any_number(
    client, pages, now, count, django_assert_num_queries
):
    for n in range(count):
        make_run(now=now, sessions=2, starts_in_days=n + 1)
    client.get("/sv/kurser/upd/")
    with django_assert_num_queries(QUERIES):
        assert client.get("/sv/kurser/upd/").status_code == 200


def test_one_page_per_course_and_language(pages):
    catalogue = make_catalogue()["sv"]
    second = CoursePage(
        title="En till",
        slug="en-till",
        course=pages["sv"].course,
        locale=catalogue.locale,
        intro="x",
    )
    with pytest.raises(ValidationError) as problem:
        second.clean()
    assert "course" in problem.value.message_dict
    pages["sv"].clean()


def test_page_in_the_readers_language_else_the_first(pages):
    course = pages["sv"].course
    assert page_for(course, "en").pk == pages["en"].pk
    assert page_for(course, "de").pk == pages["sv"].pk
    pages["en"].unpublish()
    assert page_for(course, "en").pk == pages["sv"].pk
    assert pages_for([course, make_course("CIR")], "sv") == {course.pk: pages["sv"]}


def test_module_page_has_no_public_address(client, pages):
    module = pages["sv"].course.modules.first()
    page = make_module_page(module)["sv"]
    assert module_page_for(module, "sv").pk == page.pk
    client.force_login(make_user(role="admin"))
    assert client.get(page.url).status_code == 404
    assert page.get_sitemap_urls() == []


def test_drafts_are_seen_by_their_promoter_and_coordinators_alone(now):
    draft = make_run(now=now, status=Run.Status.DRAFT)
    open_run = make_run(now=now)
    own, other = make_user(role="promoter"), make_user(role="promoter")
    leader = make_user(role="leader")
    draft.host.staff.add(own)
    draft.leaders.add(leader)
    for actor in (own, leader, make_user(role="coordinator")):
        assert set(visible(actor, Run)) == {draft, open_run}
    for actor in (other, make_user(), make_user(role="leader")):
        assert set(visible(actor, Run)) == {open_run}
