"""The waiting list as a company meets it: a form, a mail, two clicks. With and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment import places
from enrollment.models import Enrollment, WaitingEntry
from enrollment.status import Reason
from messaging.models import OutgoingMail
from tests.enrollment.factories import make_full_run, make_waiting
from tests.home.factories import make_municipality

pytestmark = [
    pytest.mark.browser,
    pytest.mark.any_engine,
    pytest.mark.django_db(transaction=True),
]

WORDS = {
    "sv": {
        "several": "Vi är flera från samma företag",
        "join": "Ställ dig på väntelistan",
        "two": "Ta 2 platser",
        "all": "Ta alla 3 platserna",
        "no": "Tacka nej",
        "declined": "Du har tackat nej",
        "line": "din plats i kön",
        "zone": "svensk tid",
    },
    "en": {
        "several": "We are several from one company",
        "join": "Join the waiting list",
        "two": "Take 2 places",
        "all": "Take all 3 places",
        "no": "No, leave it to the next",
        "declined": "You have declined the offer",
        "line": "is your place in line",
        "zone": "Swedish time",
    },
}
MOST_FIELDS = 9


@pytest.fixture(params=[("sv", True, 360), ("en", False, 1280)], ids=["sv", "en"])
def visit(request, visitor):
    """A visitor's page, the language's words and the language."""
    language, script, width = request.param
    return visitor(language, script=script, width=width), WORDS[language], language


@pytest.fixture
def looked(browser, axe):
    """`looked(page)`: the same page in a browser with script has no barrier; the page as it stands is not
    wider than the window."""

    def look(page) -> None:
        checker = browser.new_context(viewport=page.viewport_size)
        checker.add_cookies(page.context.cookies())
        seen = checker.new_page()
        seen.goto(page.url)
        assert axe(seen) == []
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not seen.evaluate(wide), page.url
        checker.close()

    return look


def free(run, count: int) -> None:
    rows = list(run.enrollments.confirmed().select_related("run").order_by("pk")[:count])
    places.release_all(enrollments=rows, reason=Reason.BY_PERSON, now=timezone.now())


def link_in(kind: str, to: str, path: str) -> str:
    """The address with this path in the newest mail of the kind to somebody."""
    mail = OutgoingMail.objects.filter(kind=kind, to_address=to).latest("pk")
    return re.search(rf"https?://\S*/{path}/\S+", mail.text).group()


def join_as_group(page, words, language, run) -> None:
    town = make_municipality("21")
    page.goto(f"/{language}/runs/{run.code}/wait/")
    page.get_by_role("link", name=words["several"]).click()
    fields = page.locator("main form :is(input, select):not([type=hidden]):not([name=website])")
    assert fields.count() <= MOST_FIELDS
    page.locator("#n").fill("3")
    page.locator("#at_least").fill("2")
    page.locator("#number").fill("492900-4119")
    page.locator("#company_name").fill("Exempel Ventil & Hydraulik AB")
    page.locator("#municipality").select_option(str(town.pk))
    page.locator("#name").fill("Elin Exempelsson")
    page.locator("#email").fill("elin@ventil.example.org")
    page.locator("#terms").check()


def test_a_company_waits_and_takes_two_of_three_in_two_clicks(visit, looked):
    page, words, language = visit
    run = make_full_run(now=timezone.now(), places_count=4)
    join_as_group(page, words, language, run)
    looked(page)
    page.get_by_role("button", name=words["join"]).click()
    assert words["line"] in page.locator("main").inner_text()
    looked(page)
    behind = make_waiting(now=timezone.now(), run=run)
    free(run, 3)

    page.goto(link_in("waiting_offer", "elin@ventil.example.org", "offers"))  # the first click
    assert words["zone"] in page.locator("main").inner_text()
    assert page.get_by_role("button", name=words["all"]).is_visible()
    looked(page)
    page.get_by_role("button", name=words["two"]).click()  # the second one
    page.wait_for_url(lambda url: "/offers/" not in url)

    group = WaitingEntry.objects.get(company__isnull=False)
    assert group.status == WaitingEntry.Status.ACCEPTED
    assert group.booking.enrollments.placed().count() == 2
    behind.refresh_from_db()
    assert behind.status == WaitingEntry.Status.OFFERED
    assert page.locator("main h1").count() == 1


def test_two_clicks_decline_and_the_next_gets_it_at_once(visit, looked):
    page, words, language = visit
    now = timezone.now()
    run = make_full_run(now=now, places_count=3)
    group = make_waiting(now=now, run=run, wanted=3, at_least=2, language=language)
    behind = make_waiting(now=now, run=run, language=language)
    free(run, 3)

    address = link_in("waiting_offer", group.person.email, "offers")
    page.goto(f"{address}#decline")
    assert Enrollment.objects.filter(booking__waiting_entry=group, status="offered").count() == 3
    page.get_by_role("button", name=words["no"]).click()
    page.get_by_role("heading", name=words["declined"]).wait_for()
    looked(page)
    behind.refresh_from_db()
    assert behind.status == WaitingEntry.Status.OFFERED
    assert link_in("waiting_offer", behind.person.email, "offers")


def test_an_offer_that_ran_out_says_so(visit, looked):
    page, _words, language = visit
    now = timezone.now()
    run = make_full_run(now=now)
    entry = make_waiting(now=now, run=run, language=language)
    free(run, 1)
    address = link_in("waiting_offer", entry.person.email, "offers")
    places.expire(run=run, now=now + timedelta(days=4))
    page.goto(address)
    assert page.locator("main form").count() == 0
    looked(page)
