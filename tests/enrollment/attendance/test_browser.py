"""The list on a 360 px phone, with and without scripts, with and without a network."""

import re

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from enrollment.attendance.minutes import credited

from .factories import make_led_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]
PHONE = {"width": 360, "height": 740}


def sign_in(context, user, url: str) -> None:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    context.add_cookies([{"name": "session", "value": session.session_key, "url": url}])


def address(session, language: str = "sv") -> str:
    with translation.override(language):
        return reverse("roster", args=[session.public_id])


def cell(page, enrollment, choice: str):
    return page.locator(f'label:has(input[name="p-{enrollment.public_id}"][value="{choice}"])')


@pytest.fixture
def phone(browser, live_server):
    """`phone(user)` is a page of a small phone on which the user is signed in."""
    contexts = []

    def start(user, *, scripts: bool = True):
        context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)
        contexts.append(context)
        sign_in(context, user, live_server.url)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


def test_taps_save_themselves_and_wait_for_the_network(phone, live_server):
    run, leader, (a, b, c) = make_led_run(now=timezone.now())
    session = run.sessions.get(number=1)
    page = phone(leader)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(live_server.url + address(session))
    status = page.get_by_role("status")
    page.get_by_role("button", name="Alla 3 är här").click()
    expect(status).to_have_text(re.compile(r"Sparat kl\. \d\d\.\d\d 3 av 3 markerade\."))
    cell(page, b, "absent").click()
    expect(page.locator(".sums")).to_have_text(re.compile("2 här.*1 borta"))
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    cell(page, c, "late15").click()
    expect(status).to_have_text(re.compile("Inget nät. 1 ändring ligger i telefonen"))
    page.context.set_offline(False)
    expect(status).to_have_text(re.compile("Sparat kl"))
    assert credited([a, b, c]) == {
        (a.pk, session.pk): 120,
        (b.pk, session.pk): 0,
        (c.pk, session.pk): 105,
    }
    page.get_by_role("button", name="Ångra senaste").click()
    page.wait_for_load_state()
    assert credited([c]) == {(c.pk, session.pk): 120}
    assert broken == []


def test_what_was_kept_survives_a_closed_page(phone, live_server):
    run, leader, (a, *_) = make_led_run(now=timezone.now())
    session = run.sessions.get(number=1)
    page = phone(leader)
    page.goto(live_server.url + address(session))
    page.context.set_offline(True)
    cell(page, a, "present").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("Inget nät"))
    assert credited([a]) == {}
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(live_server.url + address(session))
    expect(again.get_by_role("status")).to_have_text(re.compile("Sparat kl"))
    assert credited([a]) == {(a.pk, session.pk): 120}


def test_thirty_people_in_five_taps_without_scripts(phone, live_server):
    """D63, D61"""
    run, leader, people = make_led_run(now=timezone.now(), people=30)
    session = run.sessions.get(number=1)
    page = phone(leader, scripts=False)
    page.goto(live_server.url + address(session))
    page.get_by_role("button", name="Alla 30 är här").click()
    cell(page, people[3], "absent").click()
    cell(page, people[7], "absent").click()
    page.get_by_role("button", name="Spara listan").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("30 av 30 markerade"))
    assert sum(minutes > 0 for minutes in credited(people).values()) == 28
    small = page.locator(".roll label, .roll button").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).filter(r => r.width < 44 || r.height < 44).length"
    )
    assert small == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_leaders_pages_are_accessible(phone, live_server, axe, language):
    run, leader, _people = make_led_run(now=timezone.now())
    session = run.sessions.get(number=1)
    page = phone(leader)
    with translation.override(language):
        addresses = [
            reverse("lead"),
            address(session, language),
            reverse("roster_paper", args=[session.public_id]),
            reverse("results", args=[run.code]),
        ]
    found = []
    for path in addresses:
        page.goto(live_server.url + path)
        found += axe(page)
    assert found == []
