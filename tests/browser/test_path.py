"""The main job from end to end, in both languages, one with and one without JavaScript."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

WORDS = {
    "sv": {
        "catalogue": "Se alla kurser",
        "booked": "Din plats är bokad",
        "confirmed": "bekräftad",
        "certificate_mail": "Ditt intyg",
        "code_mail": "kod",
        "certificate": "Kursintyg",
        "valid": "Intyget är giltigt",
        "revoked": "Intyget är återkallat",
        "here": "är här",
        "close": "Stäng och intyga",
        "propose": "Föreslå resultaten",
        "decide": "Besluta de kryssade resultaten",
    },
    "en": {
        "catalogue": "See all courses",
        "booked": "Your place is booked",
        "confirmed": "confirmed",
        "certificate_mail": "Your certificate",
        "code_mail": "code",
        "certificate": "Course certificate",
        "valid": "The certificate is valid",
        "revoked": "The certificate has been revoked",
        "here": "is here",
        "close": "Close and vouch",
        "propose": "Propose the results",
        "decide": "Decide the ticked results",
    },
}

PLAN = """
from datetime import timedelta
from django.utils import timezone
from courses.models import Course, Run, Session
from enrollment import places
from config.demo.people import demo_person
now = timezone.now()
course = Course.objects.get(code="CIR")
run = Run.objects.create(code="{code}", course=course, host=course.runs.first().host, status="published",
    opens_at=now - timedelta(days=5), closes_at=now + timedelta(hours=5), policy=course.policy,
    format="online", language="{language}")
run.leaders.add(demo_person("leader"))
meeting = Session.objects.create(run=run, number=1, starts_at=now + timedelta(hours=6),
    ends_at=now + timedelta(hours=10))
meeting.modules.set(course.modules.all())
places.open_places(run=run, count=3)
"""

PASS_TIME = """
from datetime import timedelta
from courses.models import Session
meeting = Session.objects.get(run__code="{code}")
meeting.starts_at -= timedelta(hours=11)
meeting.ends_at -= timedelta(hours=11)
meeting.save()
"""


@pytest.mark.parametrize(("language", "script"), [("sv", True), ("en", False)])
def test_from_catalogue_to_checked_certificate(demo_site, browser, language, script):
    words = WORDS[language]
    code = f"PATH-{language.upper()}"
    address = f"vera.exempel.{language}@example.org"
    demo_site.arrange(PLAN.format(code=code, language=language))
    visitor = browser.new_context(
        java_script_enabled=script, locale=language, viewport={"width": 360, "height": 740}
    )
    page = visitor.new_page()

    # find a course
    page.goto(f"{demo_site.url}/")
    assert f"/{language}/" in page.url
    page.get_by_role("link", name=words["catalogue"]).first.click()
    page.locator(f"a[href*='/runs/{code}/']").first.click()

    # sign up: two screens, at most seven fields, no password
    page.locator(f"a[href$='/runs/{code}/book/']").first.click()
    fields = page.locator(
        "main form input:not([type=hidden]):not([name=website]), main form select"
    )
    assert fields.count() <= 7
    assert page.locator("input[type=password]").count() == 0
    page.locator("[name=first_name]").fill("Vera")
    page.locator("[name=last_name]").fill("Exempelros")
    page.locator("[name=email]").fill(address)
    page.locator("[name=terms]").check()
    page.locator("main form button[type=submit]").click()
    assert page.locator("h1").inner_text() == words["booked"]

    # confirmation with a calendar invitation
    mail = demo_site.mail(address, words["confirmed"])
    (invitation,) = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    assert invitation.get_param("method") == "REQUEST"
    assert "BEGIN:VEVENT" in invitation.get_content()

    # sign in with a mailed code, take the modules
    page.goto(f"{demo_site.url}/{language}/accounts/login/")
    page.locator("[name=email]").fill(address)
    page.locator("main form button[type=submit]").first.click()
    subject = str(demo_site.mail(address, words["code_mail"])["Subject"])
    page.locator("[name=code]").fill(subject.rpartition(": ")[2])
    page.locator("main form button[type=submit]").first.click()
    page.goto(f"{demo_site.url}/{language}/my/")
    links = page.locator("a[href*='/my/modules/']")
    modules = [links.nth(n).get_attribute("href") for n in range(links.count())]
    assert modules
    for href in dict.fromkeys(modules):
        take_module(page, demo_site.url + href)

    # the leader marks attendance on a phone
    demo_site.arrange(PASS_TIME.format(code=code))
    staff = browser.new_context(
        java_script_enabled=script, locale=language, viewport={"width": 360, "height": 740}
    )
    lead = staff.new_page()
    demo_site.sign_in(lead, "leader")
    public_id = demo_site.arrange(
        f"from courses.models import Session; print(Session.objects.get(run__code='{code}').public_id)"
    )
    lead.goto(f"{demo_site.url}/{language}/lead/")
    lead.locator(f"a[href*='{public_id}']").first.click()
    lead.locator("button[name=all]").click()
    lead.wait_for_load_state()
    lead.get_by_label(re.compile("People in the room|Personer i rummet|rummet")).fill("1")
    lead.get_by_role("button", name=re.compile(words["close"])).click()
    staff.close()

    # the coordinator approves and issues in the admin
    office = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
    admin = office.new_page()
    demo_site.sign_in(admin, "coordinator")
    run_id = demo_site.arrange(
        f"from courses.models import Run; print(Run.objects.get(code='{code}').pk)"
    )
    admin.goto(f"{demo_site.url}/admin/completion/runs/{run_id}/")
    admin.locator("form[action$='/propose/'] button").click()
    admin.locator("form[action$='/decide/'] button").click()
    admin.goto(f"{demo_site.url}/admin/certificate/issue/?run={code}")
    admin.locator("main form button[type=submit], form[method=post] button.button").last.click()

    # the certificate comes by mail, is the holder's alone, and says what it should
    mail = demo_site.mail(address, words["certificate_mail"], seconds=60)
    check_address = re.search(r"http\S+/v/\w+", mail.get_body(("plain",)).get_content())[0]
    page.goto(f"{demo_site.url}/{language}/my/")
    href = page.locator("a[href$='.pdf']").first.get_attribute("href")
    response = visitor.request.get(demo_site.url + href)
    assert response.headers["content-type"] == "application/pdf"
    printed = " ".join(PdfReader(BytesIO(response.body())).pages[0].extract_text().split())
    for expected in ("Vera Exempelros", "Kursintyg", "Course certificate", code):
        assert expected in printed
    assert printed.index(words["certificate"]) == min(
        printed.index("Kursintyg"), printed.index("Course certificate")
    )
    stranger = browser.new_context(java_script_enabled=script, locale=language)
    assert "pdf" not in stranger.request.get(demo_site.url + href).headers["content-type"]

    # anybody checks it by its code
    anybody = stranger.new_page()
    anybody.goto(check_address)
    assert anybody.locator("h1").inner_text() == words["valid"]
    assert "Vera Exempelros" not in anybody.content()
    assert stranger.request.get(f"{check_address}.json").json()["status"] == "valid"

    # and sees when it has been revoked
    admin.goto(f"{demo_site.url}/admin/certificate/")
    admin.get_by_role("link", name=re.compile(r"^FI-\d{4}-")).first.click()
    admin.locator("select[name=reason]").select_option("issued_in_error")
    admin.locator("form[action$='/revoke/'] button.no").click()
    anybody.goto(check_address)
    assert anybody.locator("h1").inner_text() == words["revoked"]
    for context in (visitor, office, stranger):
        context.close()


def take_module(page, address: str) -> None:
    """Read a module; answer its quiz right by trying, or mark it as read."""
    page.goto(address)
    questions = page.locator("main fieldset")
    if questions.count() == 0:
        button = page.locator("main form button[type=submit]")
        if button.count():
            button.click()
        return
    for attempt in range(6):
        for number in range(questions.count()):
            question = questions.nth(number)
            if question.locator(".tag.open").count():
                continue
            options = question.locator("input")
            options.nth(attempt % options.count()).check()
        page.locator("main form button[type=submit]").last.click()
        if page.locator("main .note.ok").count():
            return
    raise AssertionError(f"the quiz of {address} was not passed")
