"""The staff's pages of the demo: accessible in both languages, and worked with the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from django.utils.timezone import localdate

from config.baseline import ensure_baseline
from enrollment import memberships
from tests.accounts.factories import make_user
from tests.browser.test_crawl import VIOLATIONS
from tests.browser.visitors import sign_in
from tests.conftest import AXE_TAGS
from tests.enrollment.company_factories import ANNA, make_group
from tests.enrollment.factories import make_booking, make_open_run
from tests.home.factories import make_promoter

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

FIND = """
from courses.models import Run
from enrollment.models import *
selective = Run.objects.get(code='TDA-G-03')
asking = CompanyMembership.objects.filter(verified_at=None, role='booker').exclude(asked_at=None)
for path in (
    'enrolments/runs/', 'enrolments/runs/UPD-G-01/', 'enrolments/runs/TDA-X-02/rules/',
    'enrolments/runs/UPD-G-01/import/', 'enrolments/runs/UPD-G-01/cancel/',
    'enrolments/runs/TDA-G-03/applications/', 'enrolments/merge/', 'cancellation_terms/write/',
    f'enrolments/inspect/{Enrollment.objects.live().first().pk}/',
    f'enrolments/{Enrollment.objects.live().first().pk}/change/',
    f'bookings/inspect/{Booking.objects.exclude(booked_by=None).first().pk}/',
    f'waiting_list/inspect/{WaitingEntry.objects.first().pk}/',
    f'applications/inspect/{Application.objects.first().pk}/',
    f'companies/inspect/{asking.first().company_id}/',
    f'companies/{asking.first().company_id}/signatory/',
    f'companies/{asking.first().company_id}/merge/',
    f'companies/{asking.first().company_id}/describe/',
):
    print('/admin/' + path)
"""
LANGUAGE = """
from accounts.models import User
from wagtail.users.models import UserProfile
UserProfile.objects.update_or_create(
    user=User.objects.get(email__startswith='{role}@'), defaults={{'preferred_language': '{language}'}})
"""


@pytest.mark.parametrize(("language", "width"), [("sv", 360), ("en", 1280)])
def test_staff_pages_are_accessible_and_keep_the_policy(demo_site, browser, language, width):
    paths = demo_site.arrange(LANGUAGE.format(role="coordinator", language=language) + FIND).split()
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    context.add_init_script(VIOLATIONS)
    page, found = context.new_page(), []
    demo_site.sign_in(page, "coordinator")
    for path in paths:
        assert page.goto(demo_site.url + path).status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1, path
        found += [f"{path}: CSP {line}" for line in page.evaluate("window.cspViolations")]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{path}: wider than the screen")
        # What we write stands in `main`; Wagtail's own frame around it is Wagtail's affair.
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
        answer = Axe().run(page, context="main", options=options).response
        found += [
            f"{path}: {violation['id']}: {node['html'][:200]}"
            for violation in answer["violations"]
            for node in violation["nodes"]
        ]
    context.close()
    assert not found, "\n".join(found)


def tab_to(page, words: str, *, kind: str = "a, button, input, select", most: int = 150) -> None:
    """Walk with Tab until what has the focus is called so, or has this name."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(
            """([words, kind]) => {
                const at = document.activeElement;
                const called = [at.getAttribute('aria-label'), at.id, at.name, at.textContent.trim()];
                return at.matches(kind) && called.includes(words);
            }""",
            [words, kind],
        ):
            return
    raise AssertionError(f"{words!r} is not reached with Tab on {page.url}")


@pytest.mark.django_db(transaction=True)
def test_a_promoter_approves_adds_and_shortlists_with_the_keyboard_alone(visitor):
    ensure_baseline()
    now = timezone.now()
    home, promoter = make_promoter(), make_user(role="promoter")
    home.staff.add(promoter)
    run = make_open_run(now=now, host=home)
    selective = make_open_run(now=now, host=home, selection="application")
    booking = make_group(now, [ANNA], run=run)
    application = make_booking(now=now, run=selective).application
    page = visitor()
    sign_in(page, promoter)

    page.goto(f"/admin/companies/inspect/{booking.company_id}/")
    tab_to(page, f"Godkänn {booking.booked_by}")
    page.keyboard.press("Enter")
    page.wait_for_selector("main button[value=end]")
    assert memberships.acts_for(booking.booked_by, booking.company, today=localdate(now))

    page.goto(f"/admin/enrolments/runs/{run.code}/")
    tab_to(page, "add-first_name")
    for words in ("Klara", "Exempeltangent", "klara@tangent.example.org"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    tab_to(page, "add-terms")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("main >> text=Klara Exempeltangent")
    assert run.enrollments.confirmed().filter(person__first_name="Klara").exists()

    page.goto(f"/admin/enrolments/runs/{selective.code}/applications/")
    tab_to(page, f"{application.pk}-score")
    page.keyboard.type("80")
    tab_to(page, f"{application.pk}-listed")
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("main input[type=checkbox]:checked").count() == 1
    application.refresh_from_db()
    assert application.score == 80 and application.shortlisted_at
