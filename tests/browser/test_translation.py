"""A changed Swedish page finds its way into English in the CMS, under the policy of every other page."""

import re

import pytest

from .test_crawl import VIOLATIONS

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

PAGES = """
from home.models import StandardPage
page = StandardPage.objects.get(slug="kontakt")
english = page.get_translations().get()
print(page.pk, english.pk, page.url, english.url)
"""
SWEDISH, ENGLISH = "Skriv till vem du vill av oss.", "Write to any one of us."


def test_editor_changes_a_page_and_its_translation(demo_site, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(VIOLATIONS)
    page, found = context.new_page(), []
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on("console", lambda m: m.type == "error" and found.append(f"{page.url}: {m.text}"))

    def look() -> None:
        found.extend(f"{page.url}: CSP {line}" for line in page.evaluate("window.cspViolations"))

    source, target, swedish, english = demo_site.arrange(PAGES).split()
    demo_site.sign_in(page, "communicator")
    page.goto(f"{demo_site.url}/admin/pages/{source}/edit/")
    page.locator("#id_intro").fill(SWEDISH)
    page.locator("footer").get_by_role("button", name="Fler åtgärder").click()
    look()
    page.locator("footer").get_by_role("button", name="Publicera").click()
    page.locator(".messages .success").wait_for()

    page.goto(f"{demo_site.url}/admin/pages/{source}/edit/")
    page.locator("#w-slim-header-buttons [data-w-dropdown-target=toggle]").click()
    page.get_by_role("link", name="Synkronisera översatta sidor").click()
    look()
    page.locator(".nice-padding form [type=submit]").first.click()
    page.wait_for_load_state("networkidle")

    page.goto(f"{demo_site.url}/admin/pages/{target}/edit/")
    segment = page.locator("li", has_text=SWEDISH).last
    segment.get_by_role("button").last.click()
    page.locator("textarea:visible").fill(ENGLISH)
    page.get_by_role("button", name="Spara", exact=True).click()
    page.locator("li", has_text=SWEDISH).get_by_text(ENGLISH).last.wait_for()
    page.get_by_role("button", name=re.compile("^Publicera på")).click()
    page.locator(".messages .success").wait_for()
    look()

    for address, words in ((swedish, SWEDISH), (english, ENGLISH)):
        page.goto(f"{demo_site.url}{address}")
        assert words in page.locator("main").inner_text()
    context.close()
    assert not found, "\n".join(found)
