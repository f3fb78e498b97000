"""The frame around every page: menu, languages, way here, error pages, what search engines ask for."""

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from home import views
from tests.home.factories import in_english

pytestmark = pytest.mark.django_db


def test_menu_lists_the_pages_that_say_so_and_footer_the_standard_ones(client, pages):
    html = client.get("/sv/").content.decode()
    header, footer = html.split("</header>")[0], html.split("<footer")[1]
    assert ">Insatsområden</a>" in header and ">Verktygslåda</a>" in header
    assert ">Nyheter</a>" not in header and ">Kakor</a>" not in header
    assert ">Kakor</a>" in footer and ">Tillgänglighet</a>" in footer


def test_menu_marks_where_the_reader_is(client, pages):
    html = client.get(pages["ActionAreaPage"].url).content.decode()
    assert f'<a href="{pages["ActionAreaIndexPage"].url}" aria-current="true">' in html
    html = client.get(pages["ActionAreaIndexPage"].url).content.decode()
    assert f'<a href="{pages["ActionAreaIndexPage"].url}" aria-current="page">' in html


def test_unpublished_page_leaves_the_menu(client, pages):
    pages["ToolboxPage"].unpublish()
    assert ">Verktygslåda</a>" not in client.get("/sv/").content.decode()


def test_language_switch_leads_to_the_same_page_and_remembers(client, pages):
    english = in_english(pages["StandardPage"])
    html = client.get(pages["StandardPage"].url).content.decode()
    link = f"/language/en/?next={english.url.replace('/', '%2F')}"
    assert link in html
    response = client.get(link)
    assert response.status_code == 302 and response["Location"] == english.url
    assert response.cookies["language"].value == "en"


def test_language_switch_falls_back_to_the_start_page_where_there_is_no_translation(client, pages):
    in_english(pages["StandardPage"]).unpublish()
    html = client.get(pages["StandardPage"].url).content.decode()
    assert "/language/en/?next=%2Fen%2F" in html
    assert 'hreflang="en" href="http' not in html


def test_language_switch_keeps_address_and_query_of_other_pages(client, pages):
    html = client.get(reverse("account_login") + "?next=/sv/my/").content.decode()
    assert "/language/en/?next=%2Fen%2Faccounts%2Flogin%2F%3Fnext%3D%2Fsv%2Fmy%2F" in html


@pytest.mark.parametrize(
    "target", ["https://evil.example.org/", "//evil.example.org", "javascript:x", ""]
)
def test_language_switch_never_leaves_the_site(client, pages, target):
    response = client.get("/language/en/", {"next": target})
    assert response["Location"] == "/en/"


def test_unknown_language_is_not_found(client, pages):
    assert client.get("/language/de/").status_code == 404


def test_page_names_its_languages_and_its_one_address(client, pages, settings):
    page = pages["NewsPage"]
    html = client.get(page.url).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{page.url}">' in html
    assert f'hreflang="sv" href="{settings.SITE_URL}{page.url}">' in html
    assert f'hreflang="en" href="{settings.SITE_URL}{in_english(page).url}">' in html
    assert '<html lang="sv">' in html
    assert "<title>Kurs startar – Focus Industri-exemplet</title>" in html


def test_breadcrumbs_lead_home(client, pages):
    html = client.get(pages["StoryPage"].url).content.decode()
    crumbs = html.split('class="crumbs"')[1].split("</ol>")[0]
    assert '<a href="/sv/">Start</a>' in crumbs
    assert f'<a href="{pages["StoryIndexPage"].url}">Framgångsexempel</a>' in crumbs
    assert '<li aria-current="page">Drifttiden</li>' in crumbs


def test_title_block_tells_sheet_and_revision(client, pages):
    footer = client.get(pages["StandardPage"].url).content.decode().split("<footer")[1]
    assert "<dt>Blad</dt><dd>Kakor</dd>" in footer
    assert "<dt>Ändrad</dt>" in footer


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "Sidan finns inte här"), ("en", "The page is not here")]
)
def test_missing_page_answers_in_the_readers_language(client, pages, language, words):
    response = client.get(f"/{language}/finns-inte/")
    assert response.status_code == 404
    assert words in response.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "sv", "en"),
    [
        (views.bad_request, 400, "Det gick inte att läsa din begäran", "could not be read"),
        (views.permission_denied, 403, "Du får inte se den här sidan", "may not see this page"),
        (views.server_error, 500, "Något gick sönder hos oss", "Something broke here"),
    ],
)
def test_error_pages_speak_both_languages_without_the_database(
    django_assert_num_queries, view, status, sv, en
):
    for language, words in (("sv", sv), ("en", en)):
        with translation.override(language), django_assert_num_queries(0):
            response = view(RequestFactory().get(f"/{language}/"))
        assert response.status_code == status
        assert words in response.content.decode()
        assert f'<html lang="{language}">' in response.content.decode()


def test_busy_database_answers_503_and_when_to_come_back():
    try:
        raise OperationalError("database is locked")
    except OperationalError:
        response = views.server_error(RequestFactory().get("/sv/"))
    assert response.status_code == 503
    assert response["Retry-After"] == "60"


def test_sitemap_lists_public_pages_with_their_languages(client, pages, settings):
    pages["NewsPage"].unpublish()
    response = client.get("/sitemap.xml")
    xml = response.content.decode()
    assert response["Content-Type"] == "application/xml"
    assert f"<loc>{settings.SITE_URL}{pages['StoryPage'].url}</loc>" in xml
    english = in_english(pages["StoryPage"])
    assert f'hreflang="en" href="{settings.SITE_URL}{english.url}"' in xml
    assert f"{pages['NewsPage'].url}</loc>" not in xml


def test_sitemap_costs_the_same_for_more_pages(client, pages, django_assert_num_queries):
    client.get("/sitemap.xml")
    with CaptureQueriesContext(connection) as before:
        client.get("/sitemap.xml")
    for n in range(3):
        pages["StandardPage"].copy(update_attrs={"slug": f"kopia-{n}"}, keep_live=True)
    with django_assert_num_queries(len(before)):
        client.get("/sitemap.xml")


def test_robots_are_told_where_the_map_is(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text and "/sitemap.xml" in text
