"""The demo is built once for this module and only read; what is built is rolled back at the end."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation

from accounts.models import User
from accounts.roles import Role, has_role
from certificates.models import Certificate, CertificateFile
from config.demo.build import build, is_built
from config.demo.people import demo_person
from config.demo.runs import CLOSED, PLANS, meeting_days
from courses.models import CoursePage, ModulePage, Run
from courses.models.run import STOCKHOLM
from enrollment.attendance.models import Attendance, SessionClosure
from enrollment.availability import for_runs
from enrollment.company_overview import company_pages
from enrollment.completion.models import Completion
from enrollment.models import Company, Enrollment, Place, WaitingEntry
from home.models import Municipality, Promoter, StandardPage, StoryPage, ToolPage
from messaging.models import OutgoingMail

# Marked, so that the test database is made even when this module runs alone.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_engine,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    now = timezone.now()
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media, DEMO=True),
        transaction.atomic(),
    ):
        build(now=now)
        yield now
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    models = (
        *(User, Company, Place, Enrollment, WaitingEntry, Attendance, Completion, Certificate),
        *(Page, Run, Promoter, OutgoingMail, Translation, StringTranslation),
    )
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.parametrize("code", PLANS)
def test_demo_meets_on_workdays_or_today_whenever_it_is_built(code):
    first = date(2026, 1, 1)
    for today in (first + timedelta(days=n) for n in range(6 * 365)):
        days = meeting_days(PLANS[code], today)
        assert days == sorted(set(days)), today
        others = [day for day in days if day != today]
        assert all(day.weekday() < 5 and (day.month, day.day) not in CLOSED for day in others)
        assert len(days) - len(others) == sum(meeting[0] == 0 for meeting in PLANS[code].meetings)


def test_demo_has_the_pages_that_forms_lean_on(demo):
    for language in ("sv", "en"):
        found = StandardPage.objects.with_role(language=language).values_list("role", flat=True)
        assert sorted(found) == sorted(StandardPage.Role.values)


def test_demo_built_twice_changes_nothing(demo):
    before = counts()
    build(now=demo + timedelta(hours=1))
    assert counts() == before
    assert is_built()


def test_every_page_is_live_in_both_languages(demo):
    pages = Page.objects.filter(depth__gt=1)
    assert pages.filter(live=False).count() == 0
    assert pages.filter(has_unpublished_changes=True).count() == 0
    swedish = set(pages.filter(locale__language_code="sv").values_list("translation_key"))
    english = set(pages.filter(locale__language_code="en").values_list("translation_key"))
    assert swedish == english
    assert len(swedish) > 50


def test_every_translation_is_complete(demo):
    for translation in Translation.objects.select_related("source"):
        total, done = translation.get_progress()
        assert (translation.source.object_repr, done) == (translation.source.object_repr, total)


def test_english_pages_hold_no_swedish_words(demo):
    for page in Page.objects.filter(depth__gt=1, locale__language_code="en").specific():
        words = " ".join(
            str(getattr(page, name, "")) for name in ("title", "intro", "body", "minute", "purpose")
        )
        assert " och " not in words, page
        assert " ä" not in words, page


def test_every_public_page_answers(demo):
    client = Client()
    for page in Page.objects.live().filter(depth__gt=1).specific():
        if not isinstance(page, ModulePage):
            assert client.get(page.get_url()).status_code == 200, page.url_path


def test_demo_has_what_the_outline_lists(demo):
    assert Municipality.objects.count() == 41
    assert Promoter.objects.count() == 8
    assert Company.objects.count() == 24
    assert CoursePage.objects.count() == 2 * 3
    assert ModulePage.objects.count() == 2 * 13
    assert StoryPage.objects.count() == 2 * 4
    assert ToolPage.objects.count() == 2 * 9
    assert all(tool.document.file.size > 100 for tool in ToolPage.objects.all())
    assert all(page.quiz for page in ModulePage.objects.all())


def test_numbers_of_promoters_and_companies_belong_to_nobody(demo):
    from stdnum.se import orgnr

    numbers = [*Company.objects.values_list("registration_number", flat=True)]
    numbers += Promoter.objects.values_list("registration_number", flat=True)
    assert len(set(numbers)) == 24 + 8
    for number in numbers:
        assert orgnr.is_valid(number)
        assert number[0] == "4"
        assert number[2] >= "2"


def test_all_addresses_are_examples(demo):
    assert not User.objects.exclude(email__endswith=".example.org").exists()


@pytest.mark.parametrize(
    ("code", "status", "confirmed", "free", "reserved", "waiting"),
    [
        ("TDA-D-01", "published", 16, 3, 0, 0),
        ("TDA-X-02", "published", 19, 3, 0, 0),
        ("TDA-G-03", "published", 0, 7, 3, 0),
        ("UPD-G-01", "published", 15, 0, 0, 3),
        ("UPD-V-02", "published", 0, 16, 0, 0),
        ("UPD-D-04", "published", 6, 4, 0, 0),
        ("CIR-D-01", "published", 9, 3, 2, 0),
        ("CIR-V-02", "cancelled", 0, 16, 0, 0),
        ("CIR-E-03", "draft", 0, 20, 0, 0),
    ],
)
def test_run_stands_as_the_outline_says(demo, code, status, confirmed, free, reserved, waiting):
    run = Run.objects.get(code=code)
    seats = for_runs([run], now=demo)[run.pk]
    assert run.status == status
    assert Enrollment.objects.confirmed().filter(run=run).count() == confirmed
    assert (seats.free, seats.reserved, seats.waiting) == (free, reserved, waiting)


def test_the_booker_acts_for_a_company_and_has_two_names_to_give(demo):
    shown = company_pages(demo_person(Role.BOOKER), now=demo)
    (page,) = shown["pages"]
    assert (page.acts, page.unnamed) == (True, 2)
    assert page.past
    assert page.workplaces


def test_full_run_has_an_offer_that_ends_within_two_days(demo):
    offered = Enrollment.objects.get(run__code="UPD-G-01", status="offered")
    assert timedelta() < offered.hold_until - demo < timedelta(hours=48)


def test_completed_run_has_its_certificates(demo):
    results = Completion.objects.decided().filter(enrollment__run__code="TDA-D-01")
    found = sorted(results.values_list("result", flat=True))
    assert found == sorted(["completed"] * 12 + ["attended"] * 3 + ["withdrawn", "no_show"])
    valid = Certificate.objects.filter(status="valid")
    assert valid.filter(kind="course").count() == 12
    assert valid.filter(kind="attendance").count() == 3
    assert Certificate.objects.filter(status="replaced").count() == 1
    assert CertificateFile.objects.count() == 16


def test_ongoing_run_meets_today_and_has_a_corrected_list(demo):
    run = Run.objects.get(code="TDA-X-02")
    today = demo.astimezone(STOCKHOLM).date()
    days = [session.starts_at.astimezone(STOCKHOLM).date() for session in run.sessions.all()]
    assert today in days
    assert run.sessions.filter(status="held").count() == 3
    assert SessionClosure.objects.filter(session__run=run, reopened_at=None).count() == 3
    assert Attendance.objects.filter(session__run=run).exclude(reason="").count() == 1
    assert demo_person(Role.LEADER) in run.leaders.all()


def test_film_has_captions_and_words_in_both_languages(demo):
    for page in StoryPage.objects.filter(company__startswith="Exempel Ventil"):
        film = next(block.value for block in page.body if block.block_type == "video")
        with film["file"].file.open() as file:
            assert file.read(4) == b"\x1a\x45\xdf\xa3"
        with film["captions"].file.open() as file:
            assert file.read().startswith(b"WEBVTT")
        language = page.locale.language_code
        assert ("bar" in film["transcript"]) == (language == "en")
    titles = {
        block.value["captions"].title
        for page in StoryPage.objects.all()
        for block in page.body
        if block.block_type == "video"
    }
    assert titles == {"Drifttiden, textning", "Uptime, captions"}


def test_each_role_has_its_work(demo):
    mine = Enrollment.objects.filter(person=demo_person(Role.PARTICIPANT))
    assert mine.confirmed().filter(run__code="TDA-X-02").exists()
    assert Certificate.objects.filter(enrollment__in=mine, status="valid").count() == 1
    assert Completion.objects.proposed().count() == 6
    for role in (Role.LEADER, Role.PROMOTER, Role.COORDINATOR, Role.COMMUNICATOR, Role.ADMIN):
        assert has_role(demo_person(role), role)


def test_no_mail_is_left_to_send(demo):
    assert OutgoingMail.objects.count() > 90
    assert not OutgoingMail.objects.unsent().exists()


@pytest.mark.parametrize("role", list(Role))
def test_demo_prints_one_sign_in_address_per_role(demo, role, capsys):
    call_command("demo", role=str(role))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("http://localhost:8000/")
    answer = Client().get(lines[0].removeprefix("http://localhost:8000"))
    assert answer.status_code in (200, 302)


def test_demo_is_refused_elsewhere(demo):
    with override_settings(DEMO=False), pytest.raises(CommandError):
        call_command("demo", role="admin")
