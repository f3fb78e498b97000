"""Every entrance, on a full run: the same door is asked once, and says the same words (D10)."""

import io
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override

from courses.models import Run
from enrollment import (
    applications,
    booking,
    drafts,
    group_booking,
    importing,
    moving,
    places,
    reviving,
)
from enrollment.models import Enrollment
from enrollment.participant_file import lines_of
from enrollment.status import Status
from tests.accounts.factories import make_user
from tests.courses.factories import make_site
from tests.enrollment.factories import group_form, make_booking, make_enrollment, make_full_run
from tests.home.factories import make_municipality

pytestmark = pytest.mark.django_db
WORDS = "Alla platser är tagna"
PERSON = {"first_name": "Anna", "last_name": "Alm", "email": "anna@example.org"}
ROWS = "förnamn;efternamn;e-post\nAnna;Alm;anna@example.org\n"


@contextmanager
def door_watched(monkeypatch):
    """Counts who comes to the door; the door itself does what it always does."""
    asked = []
    real = places.patiently

    def counting(attempt, **wanted):
        asked.append((wanted["run"].pk, wanted["count"]))
        return real(attempt, **wanted)

    with monkeypatch.context() as patch:
        patch.setattr(places, "patiently", counting)
        yield asked


@pytest.fixture
def full(now):
    make_site()
    make_municipality("21")
    return make_full_run(now=now)


@pytest.fixture
def staff(client, db):
    user = make_user(role="coordinator", email="samordnare@example.org")
    client.force_login(user)
    return user


def public_form(client, run, staff, now, tmp_path):
    client.logout()
    given = {**PERSON, "company": "", "terms": "on", "token": str(uuid4())}
    answer = client.post(reverse("book", args=[run.code]), given)
    assert answer.status_code == 409 and "väntelistan" in answer.text
    return refusal(booking.sign_up, **a_person(run, now))


def a_person(run, now) -> dict:
    return {
        **PERSON,
        "run": run,
        "token": uuid4(),
        "language": "sv",
        "terms_accepted": True,
        "now": now,
    }


def company_form(client, run, staff, now, tmp_path):
    return refusal(group_booking.send, **group_form(run=run, now=now, people=[None, None]))


def company_hold(client, run, staff, now, tmp_path):
    wanted = {"people": 1, "region": None, "language": "sv", "now": now}
    return refusal(drafts.hold, run=run, token=uuid4(), **wanted)


def staff_add(client, run, staff, now, tmp_path):
    given = {**PERSON, "language": "sv", "terms": "on", "token": str(uuid4())}
    return client.post(reverse("enrolments:add_participant", args=[run.code]), given).text


def staff_group(client, run, staff, now, tmp_path):
    given = {
        **PERSON,
        "number": "492900-4119",
        "company_name": "Exempel AB",
        "municipality": make_municipality("21").pk,
        "seats": "1",
        "people": "",
        "language": "sv",
        "terms": "on",
        "token": str(uuid4()),
    }
    return client.post(reverse("enrolments:add_group", args=[run.code]), given).text


def file_in_the_admin(client, run, staff, now, tmp_path):
    address = reverse("enrolments:import", args=[run.code])
    file = SimpleUploadedFile("d.csv", ROWS.encode(), content_type="text/csv")
    assert WORDS in client.post(address, {"file": file}).text
    (verdict,) = importing.import_lines(run=run, lines=lines_of(ROWS), actor=staff, now=now)
    return verdict.words


def command(client, run, staff, now, tmp_path):
    file, out = tmp_path / "d.csv", io.StringIO()
    file.write_text(ROWS)
    with pytest.raises(CommandError):
        call_command(
            "import_participants", run.code, file, actor=staff.email, send=True, stdout=out
        )
    return out.getvalue()


def move(client, run, staff, now, tmp_path):
    seat = make_enrollment(now=now)
    return refusal(moving.move, enrollment=seat, to_run=run, actor=staff, now=now)


def late_payment(client, run, staff, now, tmp_path):
    Run.objects.filter(pk=run.pk).update(price_ore=1000)
    places.resize(run=run, capacity=2, actor=staff, now=now)
    held = make_booking(now=now, run=Run.objects.get(pk=run.pk))
    seat = held.enrollments.get()
    booking.cancel(enrollment=seat, reason="payment_failed", actor=None, now=now)
    places.resize(run=run, capacity=1, actor=staff, now=now)
    return refusal(reviving.revive, booking=held, now=now)


def selection(client, run, staff, now, tmp_path):
    Run.objects.filter(pk=run.pk).update(selection=Run.Selection.APPLICATION)
    application = make_booking(now=now, run=Run.objects.get(pk=run.pk)).application
    return refusal(applications.select, application=application, actor=staff, now=now)


def refusal(function, **wanted) -> str:
    with pytest.raises(places.RunFull) as caught:
        function(**wanted)
    return str(caught.value.message)


ENTRANCES = {
    # The form's page offers the waiting list; the function below it says the words.
    public_form: 2,
    company_form: 1,
    company_hold: 1,
    staff_add: 1,
    staff_group: 1,
    file_in_the_admin: 1,
    command: 1,
    move: 1,
    # The booking that fell through had come in by the door, too.
    late_payment: 2,
    selection: 1,
}


@pytest.mark.parametrize("enter", ENTRANCES, ids=lambda enter: enter.__name__)
def test_every_entrance_is_refused_by_the_one_door(
    enter, client, full, staff, now, tmp_path, monkeypatch
):
    with override("sv"), door_watched(monkeypatch) as asked:
        said = enter(client, full, staff, now, tmp_path)
    here = [count for run_id, count in asked if run_id == full.pk and count]
    assert len(here) == ENTRANCES[enter]
    assert WORDS in said
    run = Run.objects.get(pk=full.pk)
    assert run.places.count() == 1 == Enrollment.objects.placed().filter(run=run).count()
    assert not run.enrollments.filter(person__email="anna@example.org").exists()
    assert run.enrollments.filter(status=Status.CONFIRMED).count() == 1
