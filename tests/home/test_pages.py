"""Every type of page in both languages: it answers, says what it should, and costs what it may."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from home import blocks
from home.models import ActionArea, ActionAreaPage, NewsPage, ToolPage
from tests.home.factories import in_english

TYPES = [
    "StartPage", "ProgrammePage", "ActionAreaIndexPage", "ActionAreaPage", "RegionIndexPage", "RegionPage",
    "StoryIndexPage", "StoryPage", "ToolboxPage", "ToolPage", "NewsIndexPage", "NewsPage", "StandardPage",
    "AccessibilityStatementPage",
]  # fmt: skip


def test_every_type_of_page_answers_in_both_languages(client, pages):
    assert set(pages) == set(TYPES)
    for name, page in pages.items():
        for shown in (page, in_english(page)):
            response = client.get(shown.url)
            html = response.content.decode()
            assert response.status_code == 200, name
            assert len(re.findall(r"<h1[ >]", html)) == 1, name
            assert 'id="main"' in html and "style=" not in html, name
            assert f'<html lang="{shown.locale.language_code}">' in html, name


def test_start_page_shows_minute_story_areas_and_regions(client, pages):
    html = client.get("/sv/").content.decode()
    assert "På en minut" in html and "<dt>Kunder</dt>" in html
    assert "Nu säljer vi drifttiden." in html and "(påhittat exempel)" in html
    assert pages["ActionAreaPage"].url in html and pages["RegionPage"].url in html


def test_start_page_and_standard_page_keep_to_their_queries(
    client, pages, django_assert_max_num_queries
):
    for address, most in (("/sv/", 10), (pages["StandardPage"].url, 6)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_region_page_lists_promoters_municipalities_and_stories(client, pages):
    html = client.get(pages["RegionPage"].url).content.decode()
    assert "Exempelfrämjaren exempel" in html and "mailto:kurs.exempel@example.org" in html
    assert "<li>Ludvika</li>" in html and "<li>Karlstad</li>" not in html
    assert pages["StoryPage"].url in html


def test_headings_of_the_body_stand_in_the_margin(client, pages):
    html = client.get(pages["StandardPage"].url).content.decode()
    assert '<section class="sec"><h2>Andra rubriken</h2>' in html


def test_figures_are_drawn_and_said(client, pages):
    html = client.get(pages["ProgrammePage"].url).content.decode()
    table = html.split('<table class="bars">')[1].split("</table>")[0]
    assert "18\u00a0000" in table and "16\u00a0000,5" in table
    assert 'width="240.0"' in table and 'width="213.3"' in table
    assert "<caption>anställda</caption>" in table and "2024, SCB" in table


def test_toolbox_shows_the_audience_asked_for(client, pages):
    tools = pages["ToolboxPage"]
    tools.refresh_from_db()
    tools.add_child(
        instance=ToolPage(
            title="Närvarolista",
            slug="lista",
            intro="i",
            audience="promoter",
            format="pdf",
            version="1",
        )
    )
    both = client.get(tools.url).content.decode()
    one = client.get(tools.url, {"for": "promoter"}).content.decode()
    nonsense = client.get(tools.url, {"for": "<script>"}).content.decode()
    assert ">Priskalkyl</a>" in both and ">Närvarolista</a>" in both
    assert ">Priskalkyl</a>" not in one and ">Närvarolista</a>" in one
    assert ">Priskalkyl</a>" in nonsense and "<script>" not in nonsense


def test_news_come_ten_to_a_page_newest_first(client, pages):
    index = pages["NewsIndexPage"]
    index.refresh_from_db()
    for n in range(11):
        index.add_child(
            instance=NewsPage(
                title=f"Nyhet {n}", slug=f"n-{n}", intro="i", date=f"2026-04-{n + 1:02}"
            )
        )
    first = client.get(index.url).content.decode()
    assert first.index("Nyhet 10") < first.index("Nyhet 9<") and "Kurs startar" not in first
    assert 'href="?page=2" rel="next"' in first
    assert "Kurs startar" in client.get(index.url, {"page": "2"}).content.decode()
    for odd in ("0", "99", "x", "-1"):
        assert client.get(index.url, {"page": odd}).status_code == 200


def test_story_of_an_unpublished_next_page_has_no_dead_link(client, pages):
    pages["ProgrammePage"].unpublish()
    assert "Läs vidare" not in client.get(pages["StoryPage"].url).content.decode()


def test_second_page_about_the_same_area_is_refused(pages):
    twin = ActionAreaPage(
        title="Igen", slug="igen", intro="i", area=ActionArea.objects.get(number=3),
        locale=Locale.objects.get(language_code="sv"),
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        twin.full_clean(exclude=["path", "depth"])
    assert "area" in refused.value.message_dict
    twin.locale = Locale.objects.get(language_code="en")
    twin.area = ActionArea.objects.get(number=4)
    twin.full_clean(exclude=["path", "depth", "translation_key", "content_type"])


@pytest.mark.parametrize("name", list(blocks.Body().child_blocks))
def test_every_block_has_icon_description_and_preview(db, name):
    block = blocks.Body().child_blocks[name]
    assert block.meta.icon and block.meta.description
    assert block.is_previewable
    html = str(block.render(block.get_preview_value()))
    assert html.strip() and "style=" not in html


def test_body_has_at_most_eight_kinds_of_block():
    assert len(blocks.Body().child_blocks) <= 8


def test_video_loads_nothing_before_it_is_asked_for(db):
    block = blocks.Video()
    html = block.render(block.get_preview_value())
    assert "<iframe" not in html and "<video" not in html and "Kunden betalar" in html


INLINE = re.compile(
    r"\sstyle=|<style[ >]|\son[a-z]+=|javascript:|<script(?![^>]*\b(?:src|nonce)=)", re.IGNORECASE
)
PRINTED = ("mail/", "certificates/print")


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "templates").rglob("*.html")), ids=lambda p: p.name
)
def test_no_template_breaks_the_content_policy(path: Path):
    name = path.relative_to(settings.BASE_DIR / "templates").as_posix()
    if name.startswith(PRINTED):
        return
    assert not INLINE.search(path.read_text()), name


def test_pages_load_nothing_from_other_hosts(client, pages):
    html = client.get("/sv/").content.decode()
    loaded = re.findall(
        r'<(?:script|img|link rel="(?:stylesheet|preload|icon)")[^>]*(?:src|href)="([^"]+)"', html
    )
    assert loaded and all(address.startswith("/") for address in loaded)


def test_page_weighs_little(client, pages):
    sheets = sum(f.stat().st_size for f in (settings.BASE_DIR / "site/static/css").glob("*.css"))
    assert len(client.get("/sv/").content) + sheets < 75_000
    assert "<script" not in client.get("/sv/").content.decode()
