"""A named person confirms their own data by link, and a booker lets a colleague in. With and without JavaScript."""

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from enrollment import confirming, memberships
from enrollment.models import CompanyMembership, Needs
from enrollment.status import Status
from tests.browser.visitors import sign_in
from tests.enrollment.company_factories import ANNA, make_booker, make_group

pytestmark = [
    pytest.mark.browser,
    pytest.mark.any_engine,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=[("sv", False, 360), ("en", True, 1280)], ids=["sv", "en"])
def page(request, visitor):
    """A visitor's page; `language` is the one they read."""
    language, script, width = request.param
    page = visitor(language, script=script, width=width)
    page.language = language
    return page


def test_a_named_person_confirms_in_one_page_and_declines_in_two_clicks(page):
    seat = make_group(timezone.now(), [ANNA]).enrollments.get()
    page.goto(confirming.own_data_url(seat, page.language))
    kept = {cookie["name"] for cookie in page.context.cookies()}
    assert kept <= {django_settings.CSRF_COOKIE_NAME}
    page.check("input[name=diet][value=vegan]")
    page.click("main button[name=right]")
    # Without the tick nothing is stored, and the choice is still there.
    assert page.locator(".problem").count() == 1
    assert page.is_checked("input[name=diet][value=vegan]")
    page.check("#consent")
    page.click("main button[name=right]")
    assert Needs.objects.get().diet == ["vegan"]
    seat.refresh_from_db()
    assert seat.data_confirmed_at is not None
    page.click("main a[href$='/decline/']")
    page.click("main button[type=submit]")
    seat.refresh_from_db()
    assert seat.status == Status.CANCELLED
    page.goto(confirming.own_data_url(seat, page.language))
    assert page.locator("main form").count() == 0


def test_a_booker_lets_a_colleague_in_and_invites_another(page):
    now = timezone.now()
    booking = make_group(now, [ANNA, None])
    sign_in(page, make_booker(booking.company, now))
    page.goto(f"/{page.language}/company/")
    page.click("main button[value=verify]")
    assert memberships.acts_for(booking.booked_by, booking.company, today=timezone.localdate())
    page.click("main a[href$='/invite/']")
    for name, value in (("first_name", "Ny"), ("last_name", "Exempelgren")):
        page.fill(f"#{name}", value)
    page.fill("#email", "ny@ventil.example.org")
    page.click("main button[type=submit]")
    assert page.locator(".note.ok").count() == 1
    invited = CompanyMembership.objects.get(user__email="ny@ventil.example.org")
    page.context.clear_cookies()
    sign_in(page, invited.user)
    page.goto(f"/{page.language}/company/")
    page.click("main button[value=accept]")
    invited.refresh_from_db()
    assert invited.verified_at is not None
    assert page.locator("main a[href$='/people/']").count() >= 1
