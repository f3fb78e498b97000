"""A colleague comes instead: two screens, and the diaries of both are right afterwards."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from enrollment.models import Enrollment
from enrollment.status import Status
from messaging import delivery
from tests.browser.visitors import sign_in
from tests.enrollment.factories import make_enrollment, make_open_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.any_engine,
    pytest.mark.django_db(transaction=True),
]

WORDS = {
    "sv": {
        "instead": "Skicka en kollega i stället",
        "form": "Vem kommer i stället?",
        "done": "Platsen är överlåten",
        "error": "Fel: ",
    },
    "en": {
        "instead": "Let a colleague come instead",
        "form": "Who comes instead?",
        "done": "The place is handed over",
        "error": "Error: ",
    },
}
FIELDS = "main form input:not([type=hidden]), main form select, main form textarea"


def entries(message) -> dict[str, tuple[str, int]]:
    """UID -> (METHOD, SEQUENCE) of what a mail, as it leaves, brings to a diary."""
    found = {}
    for part in message.message().walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            assert part.get_param("method") == calendar["method"]
            for event in calendar.walk("VEVENT"):
                found[str(event["uid"])] = (str(calendar["method"]), int(event["sequence"]))
    return found


def sent_to(address: str) -> list:
    delivery.send_due(now=timezone.now())
    return [message for message in mail.outbox if message.to == [address]]


@pytest.mark.parametrize(("language", "script", "width"), [("sv", True, 360), ("en", False, 1280)])
def test_a_colleague_takes_over_in_two_screens(visitor, axe, language, script, width):
    words, now = WORDS[language], timezone.now()
    enrollment = make_enrollment(now=now, run=make_open_run(now=now, places_count=1))
    old = enrollment.person
    (first,) = sent_to(old.email)
    page = visitor(language, script=script, width=width)
    sign_in(page, old)
    page.goto(f"/{language}/my/")
    page.get_by_role("link", name=words["instead"]).click()

    # The first screen, with a slip of the finger: what was typed stays.
    assert page.locator("h1").inner_text() == words["form"]
    assert page.locator(FIELDS).count() == 3
    page.locator("[name=first_name]").fill("Kim")
    page.locator("[name=last_name]").fill("Kollega")
    page.locator("[name=email]").fill("kim.kollega@")
    page.locator("main form button[type=submit]").click()
    assert page.title().startswith(words["error"])
    assert page.locator("[name=first_name]").input_value() == "Kim"
    if script:
        assert axe(page) == []
    page.locator("[name=email]").fill("kim.kollega@example.org")
    page.locator("main form button[type=submit]").click()

    # The second screen is the last one.
    assert page.locator("h1").inner_text() == words["done"]
    assert page.locator("main form").count() == 0
    if script:
        assert axe(page) == []
    wide = "document.documentElement.scrollWidth > window.innerWidth"
    if script:
        assert not page.evaluate(wide)

    new = Enrollment.objects.get(person__email="kim.kollega@example.org")
    assert new.status == Status.CONFIRMED
    _first, last = sent_to(old.email)
    (welcome,) = sent_to("kim.kollega@example.org")
    invited, cancelled, fresh = entries(first), entries(last), entries(welcome)
    assert {method for method, _sequence in invited.values()} == {"REQUEST"}
    assert cancelled.keys() == invited.keys()
    for uid, (method, sequence) in cancelled.items():
        assert method == "CANCEL"
        assert sequence > invited[uid][1]
    assert len(fresh) == len(invited)
    assert {method for method, _sequence in fresh.values()} == {"REQUEST"}
    assert not fresh.keys() & invited.keys()
    assert re.search("Kim Kollega", last.body)
