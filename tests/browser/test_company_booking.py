"""A company books three people, as people do it: three screens, few fields, with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from enrollment import group_booking, places
from enrollment.group_booking import Named
from enrollment.models import Booking, Place
from enrollment.models.door import opened
from enrollment.status import Status
from tests.browser.visitors import sign_in
from tests.enrollment.factories import group_form, make_open_run
from tests.home.factories import make_municipality, make_promoter, make_region

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]
live = pytest.mark.django_db(transaction=True)

WORDS = {
    "sv": {
        "several": "Boka flera från ert företag",
        "screens": ["Vilka är ni, och hur många kommer?", "Vilka tre kommer?", "Stämmer allt?"],
        "host": "Sustainable Steel Region i Dalarna",
        "company": "Exempel Ventil & Hydraulik AB",
        "aid": "Stödets värde: 18 000 kr.",
        "held": r"Tre platser är era till kl. \d\d\.\d\d",
        "book": "Boka 3 platser",
        "done": "Ni har bokat för 3 personer",
        "soon": "Två minuter kvar.",
        "over": "Platserna hålls inte längre.",
        "again": "Håll igen",
    },
    "en": {
        "several": "Book several people from your company",
        "screens": [
            "Who are you, and how many are coming?",
            "Which three are coming?",
            "Is everything right?",
        ],
        "host": "Sustainable Steel Region in Dalarna",
        "company": "Exempel Ventil & Hydraulik AB",
        "aid": "Value of the aid: SEK 18,000.",
        "held": r"Three places are yours until \d\d:\d\d",
        "book": "Book 3 places",
        "done": "You have booked for 3 people",
    },
}
VISIBLE_FIELDS = """() => [...new Set([...document.querySelectorAll('main :is(input, select, textarea)')]
    .filter(e => e.type !== 'hidden' && !e.closest('.vh') && !e.closest('details:not([open])')
        && e.checkVisibility())
    .map(e => e.name))]"""
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
MORE_PLACES = """
from courses.models import Run
from enrollment import places
places.open_places(run=Run.objects.get(code="CIR-D-01"), count=3)
"""


class Walk:
    """Counts the screens and their fields; looks at each in both widths where there is script."""

    def __init__(self, page, axe=None):
        self.page, self.axe = page, axe
        self.screens: list[str] = []
        self.fields: list[str] = []

    def look(self) -> None:
        self.screens.append(self.page.locator("h1").inner_text())
        self.fields += self.page.evaluate(VISIBLE_FIELDS)
        if self.axe is None:
            return
        size = self.page.viewport_size
        for width in (360, 1280):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.axe(self.page) == []
            assert not self.page.evaluate(TOO_WIDE), self.screens[-1]
        self.page.set_viewport_size(size)

    def fill_first(self, *, email: str) -> None:
        page = self.page
        page.locator("[name=people][value='3']").check()
        page.locator("[name=number]").fill("492900-4119")
        page.locator("[name=company_name]").fill("Exempel Ventil & Hydraulik AB")
        page.locator("[name=municipality]").select_option(label="Sandviken")
        page.locator("[name=name]").fill("Exempel Exempelsson")
        page.locator("[name=email]").fill(email)

    def press(self, step: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(f"button[value='{step}']:not(.vh)").first.click()

    def to_check(self, *, email: str = "booker@ventil.example.org") -> None:
        self.fill_first(email=email)
        self.press("people")
        self.page.locator("[name=name_1]").fill("Anna Exempelsson")
        self.page.locator("[name=email_1]").fill("anna@ventil.example.org")
        self.press("check")


@pytest.mark.parametrize(("language", "script"), [("sv", True), ("en", False)])
def test_a_company_new_here_books_three_in_another_county(
    demo_site, browser, axe, language, script
):
    words, booker = WORDS[language], f"booker.{language}@ventil.example.org"
    demo_site.arrange(MORE_PLACES)
    context = browser.new_context(
        java_script_enabled=script, locale=language, viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{demo_site.url}/{language}/runs/CIR-D-01/book/")
    with page.expect_navigation():
        page.get_by_role("link", name=words["several"]).click()
    walk = Walk(page, axe if script else None)
    walk.look()
    walk.fill_first(email=booker)
    walk.press("people")
    walk.look()
    for row, name in ((1, "Anna"), (2, "Mats")):
        page.locator(f"[name=name_{row}]").fill(f"{name} Exempelsson")
        page.locator(f"[name=email_{row}]").fill(f"{name.lower()}.{language}@ventil.example.org")
    walk.press("check")
    walk.look()
    told = page.locator("main").inner_text().replace("\xa0", " ")
    assert re.search(words["held"], told)
    for part in (words["host"], words["company"], words["aid"]):
        assert part in told
    with page.expect_navigation():
        page.get_by_role("button", name=words["book"]).click()
    assert page.locator("h1").inner_text() == words["done"]
    assert walk.screens == words["screens"]
    assert len(walk.fields) <= 12, walk.fields
    assert demo_site.mail(booker, "Cirkulär" if language == "sv" else "Circular")
    assert demo_site.mail(f"anna.{language}@ventil.example.org", "")
    context.close()


@pytest.fixture
def run(transactional_db):
    """A run in Dalarna with three places for everybody and three kept for Gävleborg."""
    now = timezone.now()
    run = make_open_run(now=now, places_count=6)
    places.set_share(
        run=run,
        region=make_region("21"),
        promoter=make_promoter("medarrangor", region_code="21"),
        count=3,
        release_at=now + timedelta(days=10),
        actor=None,
        now=now,
    )
    make_municipality("21")
    return run


@pytest.fixture
def page(run, visitor):
    page = visitor()
    page.goto(f"/sv/runs/{run.code}/book/company/")
    return page


@live
def test_a_known_company_is_asked_at_most_four_things(run, page, axe):
    now = timezone.now()
    first = group_booking.send(
        **group_form(
            run=make_open_run(now=now),
            now=now,
            people=[Named("anna@ventil.example.org", "Anna", "Exempelsson")],
        )
    )
    sign_in(page, first.booked_by)
    page.reload()
    walk = Walk(page, axe)
    walk.look()
    page.locator("[name=people][value='3']").check()
    walk.press("people")
    walk.look()
    page.get_by_label("Anna Exempelsson").check()
    walk.press("check")
    walk.look()
    walk.press("send")
    assert page.locator("h1").inner_text() == "Ni har bokat för 3 personer"
    assert len(walk.screens) == 3
    assert len(walk.fields) <= 4, walk.fields
    assert axe(page) == []
    with page.expect_navigation():
        page.get_by_role("link", name="Fyll i namnen").click()
    assert axe(page) == []
    page.locator("[name^=name_]").first.fill("Mats Exempelman")
    page.locator("[name^=email_]").first.fill("mats@ventil.example.org")
    with page.expect_navigation():
        page.get_by_role("button", name="Spara namnen").click()
    assert "Mats Exempelman" in page.locator("main").inner_text()


@live
def test_errors_are_announced_first_and_lead_to_their_fields(run, page, axe):
    walk = Walk(page, axe)
    walk.press("people")
    assert page.title().startswith("Fel: ")
    walk.look()
    summary = page.locator(".problem")
    assert summary.get_attribute("id") == page.evaluate("document.activeElement.id")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "people"


@live
def test_keyboard_alone_is_enough(run, page):
    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == name:
                return
        raise AssertionError(f"Tab does not reach {name}")

    tab_to("people")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    for name, words in (
        ("number", "492900-4119"),
        ("company_name", "Exempel Ventil AB"),
        ("municipality", "Sandviken"),
        ("name", "Exempel Exempelsson"),
        ("email", "booker@ventil.example.org"),
    ):
        tab_to(name)
        page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Vilka tre kommer?"
    tab_to("name_1")
    page.keyboard.type("Anna Exempelsson")
    page.keyboard.press("Tab")
    page.keyboard.type("anna@ventil.example.org")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Stämmer allt?"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "send":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url("**/my/bookings/**")
    assert Booking.objects.exclude(booked_by=None).count() == 1


@live
def test_the_hold_is_extended_runs_out_and_is_taken_again(run, page, axe):
    words = WORDS["sv"]
    walk = Walk(page, axe)
    walk.to_check()
    held = page.locator(".hold")
    assert Place.objects.filter(enrollment__status=Status.HELD).count() == 3
    age(minutes=10)
    walk.press("more")
    assert "20 minuter kvar" in held.inner_text()
    age(minutes=21)
    page.locator("main summary").click()
    page.locator("[name=reference]").fill("PO 7")
    walk.press("more")
    assert words["over"] in held.inner_text()
    walk.look()
    with page.expect_navigation():
        page.get_by_role("button", name=words["again"]).click()
    assert re.search(words["held"], held.inner_text().replace("\xa0", " "))
    assert page.locator("[name=reference]").input_value() == "PO 7"
    walk.press("send")
    assert page.locator("h1").inner_text() == "Ni har bokat för 3 personer"


@live
def test_two_minutes_before_the_end_it_is_said(run, page):
    page.clock.install()
    walk = Walk(page)
    walk.to_check()
    note = page.locator(".hold .dim")
    page.clock.fast_forward("17:00")
    assert "minuter kvar" in note.inner_text()
    page.clock.fast_forward("01:30")
    assert WORDS["sv"]["soon"] in note.inner_text()
    page.clock.fast_forward("02:00")
    assert "Tiden tog slut." in note.inner_text()


@live
def test_when_places_went_meanwhile_the_line_keeps_what_was_typed(run, page, axe):
    walk = Walk(page, axe)
    walk.to_check()
    age(minutes=21)
    group_booking.send(
        **group_form(
            run=run,
            now=timezone.now(),
            booker=Named("other@sensor.example.org", "Annan", "Exempelman"),
            number="493200-5483",
            people=[None] * 4,
        )
    )
    walk.press("send")
    assert "Två platser är kvar." in page.locator("main").inner_text()
    walk.look()
    with page.expect_navigation():
        page.get_by_role("button", name="Boka två platser i stället").click()
    assert "Två platser är era" in page.locator("main").inner_text()
    age(minutes=21)
    group_booking.send(
        **group_form(
            run=run,
            now=timezone.now(),
            booker=Named("third@fiber.example.org", "Tredje", "Exempelman"),
            number="493500-6850",
            people=[None],
        )
    )
    walk.press("send")
    with page.expect_navigation():
        page.get_by_role("button", name="Ställ dig på väntelistan").click()
    assert page.locator("[name=number]").input_value() == "492900-4119"
    assert page.locator("[name=email]").input_value() == "booker@ventil.example.org"


def age(*, minutes: int) -> None:
    """Time passes for the draft."""
    with opened():
        for draft in Booking.objects.filter(booked_by=None):
            draft.enrollments.update(hold_until=F("hold_until") - timedelta(minutes=minutes))
