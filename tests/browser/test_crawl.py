"""Every kind of page of the running demo, as a browser and an accessibility checker see it."""

import re
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

VIOLATIONS = """
window.cspViolations = [];
document.addEventListener('securitypolicyviolation', event => {
  window.cspViolations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sourceFile);
});
"""
KINDS = {
    "sv": [
        "/sv/",
        "/sv/kurser/",
        "/sv/kurser/?region=20&format=online&from=2026-01-01",
        "/sv/search/?q=kurs",
        "/sv/search/?q=finnsinte",
        "/sv/accounts/login/",
        "/v/?lang=sv",
        "/v/00000000000000000000?lang=sv",
        "/sv/finns-inte/",
    ],
    "en": [
        "/en/",
        "/en/courses/",
        "/en/courses/?language=en",
        "/en/search/?q=course",
        "/en/accounts/login/",
        "/v/?lang=en",
        "/v/00000000000000000000?lang=en",
        "/en/not-there/",
    ],
}
RUNS = ["UPD-G-01", "UPD-V-02", "CIR-D-01", "CIR-V-02", "TDA-X-02", "TDA-D-01", "TDA-G-03"]
OWN = {
    "participant": ["/my/"],
    "booker": ["/company/", "/my/"],
    "leader": ["/lead/", "/my/"],
}
ADMIN = [
    "/admin/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/documents/",
    "/admin/reports/site-history/",
    "/admin/account/",
]


def addresses(page, site, language: str) -> list[str]:
    """One page of every kind that the sitemap lists in a language, and the pages that no sitemap knows."""
    text = page.request.get(f"{site.url}/sitemap.xml").text()
    listed = {urlsplit(found).path for found in re.findall(r"<loc>([^<]+)</loc>", text)}
    own = sorted(path for path in listed if path.startswith(f"/{language}/"))
    assert len(own) > 30, "the sitemap lists too little"
    # Brothers and sisters are of one kind: the first stands for them.
    own = list(
        {
            path.rstrip("/").rpartition("/")[0] if path.count("/") > 3 else path: path
            for path in reversed(own)
        }.values()
    )
    runs = [f"/{language}/runs/{code}/" for code in RUNS]
    forms = [f"/{language}/runs/{code}/book/" for code in RUNS]
    forms += [f"/{language}/runs/{code}/book/company/" for code in ("CIR-D-01", "TDA-G-03")]
    return [*dict.fromkeys([*KINDS[language], *own, *runs, *forms])]


WIDTHS = (360, 1280)


def problems_of(page, axe, address: str, *, widths: tuple[int, ...] = ()) -> list[str]:
    """What is wrong with the page in these widths of the window, else in the one that it has."""
    found = []
    if page.locator("h1").count() != 1:
        found.append(f"{address}: {page.locator('h1').count()} h1")
    for width in widths or (page.viewport_size["width"],):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{address} at {width} px: {line}" for line in axe(page)]
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            found.append(f"{address}: {over} px wider than the screen of {width}")
    found += [f"{address}: CSP {line}" for line in page.evaluate("window.cspViolations")]
    return found


@pytest.mark.parametrize("language", ["sv", "en"])
def test_public_pages_are_accessible_and_keep_the_policy(demo_site, browser, axe, language):
    context = browser.new_context(locale=language, reduced_motion="reduce")
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    found = []
    for number, address in enumerate(addresses(page, demo_site, language)):
        # Half of them are loaded in either width and seen in the other one afterwards.
        widths = WIDTHS if number % 2 else WIDTHS[::-1]
        page.set_viewport_size({"width": widths[0], "height": 900})
        response = page.goto(demo_site.url + address)
        if response.status >= 500:
            found.append(f"{address}: {response.status}")
        if (spoken := page.locator("html").get_attribute("lang")) != language:
            found.append(f"{address}: lang {spoken}")
        found += problems_of(page, axe, address, widths=widths)
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_own_pages_are_accessible_and_keep_the_policy(demo_site, browser, axe, language):
    """All that a role's first pages lead to, of many with the same kind of address the first one."""
    found = []
    for role, paths in OWN.items():
        context = browser.new_context(locale=language, viewport={"width": 360, "height": 900})
        context.add_init_script(VIOLATIONS)
        page = context.new_page()
        demo_site.sign_in(page, role)
        queue = [f"/{language}{path}" for path in paths]
        known = {kind_of(address) for address in queue}
        for address in queue:
            response = page.goto(demo_site.url + address)
            assert response.status == 200, address
            found += problems_of(page, axe, address)
            for link in page.locator("main a").all():
                path = urlsplit(link.get_attribute("href") or "").path
                own = path.startswith(
                    tuple(f"/{language}/{part}/" for part in ("my", "lead", "company"))
                )
                if own and not path.endswith((".pdf", ".ics")) and kind_of(path) not in known:
                    known.add(kind_of(path))
                    queue.append(path)
        context.close()
    assert not found, "\n".join(found)


def kind_of(path: str) -> str:
    return re.sub(r"[0-9a-f-]{20,}|\d+", "*", path)


def test_pages_are_light(demo_site, browser):
    """At most 100 KB without content images and 25 KB of script, as transferred."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, list] = {}
    session.on(
        "Network.responseReceived",
        lambda event: sizes.setdefault(event["requestId"], [event["type"], 0]),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: (
            sizes[event["requestId"]].__setitem__(1, event["encodedDataLength"])
            if event["requestId"] in sizes
            else None
        ),
    )
    for address in ("/sv/", "/sv/kurser/", "/sv/runs/CIR-D-01/", "/sv/runs/UPD-V-02/book/"):
        sizes.clear()
        session.send("Network.clearBrowserCache")
        page.goto(demo_site.url + address, wait_until="networkidle")
        whole = sum(size for kind, size in sizes.values() if kind != "Image")
        script = sum(size for kind, size in sizes.values() if kind == "Script")
        assert whole <= 100_000, f"{address}: {whole} bytes"
        assert script <= 25_000, f"{address}: {script} bytes of script"
    context.close()


def test_cms_keeps_the_policy_for_scripts(demo_site, browser):
    """0 script violations in the CMS, with a date picker, an inline row and a block opened (D42)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    demo_site.sign_in(page, "admin")
    page.goto(f"{demo_site.url}/admin/")
    training = [
        urlsplit(link.get_attribute("href")).path
        for link in page.locator("a[href^='/admin/']").all()
    ]
    found = []
    ids = demo_site.arrange(
        "from courses.models import CoursePage, Run; from home.models import NewsPage, StartPage;"
        "print(CoursePage.objects.first().pk, NewsPage.objects.first().pk,"
        " StartPage.objects.first().pk, Run.objects.first().pk)"
    ).split()
    edits = [f"/admin/pages/{pk}/edit/" for pk in ids[:3]]
    for address in dict.fromkeys([*ADMIN, *training, *edits]):
        response = page.goto(demo_site.url + address)
        assert response.status < 500, address
        page.wait_for_load_state("load")
        found += [
            f"{address}: {line}"
            for line in page.evaluate("window.cspViolations")
            if line.startswith("script")
        ]
    context.close()
    assert not found, "\n".join(found)
