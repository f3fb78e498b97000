"""Many processes at one run: `python -m tests.enrollment.racers JOB < ARGUMENTS`, told by `race()` below.

The runner sets Django up once and forks the racers from a process without threads; each opens its own
connection to the test's database.
"""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def race(job: str, arguments: list[dict], *, database: str = "") -> list[dict]:
    """Run `job(**argument)` in one process per argument, all at once, on the test's own database or on the
    one with this address."""
    from django.conf import settings
    from django.db import connection

    done = subprocess.run(
        [sys.executable, "-m", "tests.enrollment.racers", job],
        input=json.dumps(arguments),
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database or url_of(connection.settings_dict),
            "DATA_DIR": str(settings.DATA_DIR),
            "DJANGO_SETTINGS_MODULE": "config.test_settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def url_of(database: dict) -> str:
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    address = f"{database['HOST']}:{database['PORT']}" if database["PORT"] else database["HOST"]
    user = (
        f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    )
    return f"postgres://{user}@{address}/{database['NAME']}"


def book(*, run: int, person: int, token: str = "") -> str:
    """What became of one attempt: booked (with the booking's id), full, busy or enrolled."""
    from django.utils import timezone

    from accounts.models import User
    from courses.models import Run
    from enrollment import booking, places

    somebody = User.objects.get(pk=person)
    try:
        made = booking.book(
            run=Run.objects.get(pk=run),
            person=somebody,
            booked_by=somebody,
            token=uuid.UUID(token) if token else uuid.uuid4(),
            language="sv",
            terms_accepted=True,
            now=timezone.now(),
        )
    except places.RunFull:
        return "full"
    except places.Busy:
        return "busy"
    except booking.AlreadyEnrolled:
        return "enrolled"
    return f"booked {made.pk}"


def book_unprotected(*, run: int, person: int) -> str:
    """The same without the protection: count, think, write. It must oversell, else the race proves nothing."""
    from django.utils import timezone

    from accounts.models import User
    from courses.models import Run
    from enrollment.models import Booking, Enrollment, Place
    from enrollment.models.door import opened

    found, now = Run.objects.get(pk=run), timezone.now()
    if not Place.objects.free().filter(run=found).exists():
        return "full"
    time.sleep(0.02)
    somebody = User.objects.get(pk=person)
    made = Booking.objects.create(
        token=uuid.uuid4(),
        run=found,
        booked_by=somebody,
        language="sv",
        price_ore=0,
        vat_percent=25,
        created_at=now,
    )
    with opened():
        enrollment = Enrollment.objects.create(
            booking=made, run=found, person=somebody, status="confirmed", created_at=now
        )
        place = Place.objects.filter(run=found).order_by("-enrollment", "number").first()
        Place.objects.filter(pk=place.pk).update(enrollment=enrollment)
    return f"booked {made.pk}"


def give_up(*, enrollment: int) -> str:
    from django.utils import timezone

    from enrollment import booking
    from enrollment.models import Enrollment

    row = Enrollment.objects.select_related("run__course", "run__host", "person", "booking").get(
        pk=enrollment
    )
    changed = booking.cancel(enrollment=row, reason="by_person", actor=None, now=timezone.now())
    return "cancelled" if changed else "again"


def accept(*, entry: int, at: str) -> str:
    from django.utils.dateparse import parse_datetime

    from enrollment import waiting
    from enrollment.models import WaitingEntry

    row = WaitingEntry.objects.select_related("run", "person", "booking").get(pk=entry)
    try:
        waiting.accept(entry=row, actor=None, now=parse_datetime(at))
    except waiting.OfferEnded:
        return "ended"
    return "accepted"


def expire(*, run: int, at: str) -> str:
    from django.utils.dateparse import parse_datetime

    from enrollment import places

    return f"expired {places.expire(run=run, now=parse_datetime(at))}"


def join(*, run: int, person: int) -> str:
    from django.utils import timezone

    from accounts.models import User
    from courses.models import Run
    from enrollment import waiting

    try:
        waiting.join(
            run=Run.objects.get(pk=run),
            person=User.objects.get(pk=person),
            language="sv",
            terms_accepted=True,
            now=timezone.now(),
        )
    except waiting.PlacesFree:
        return "free"
    return "waits"


def send(*, run: int, form: dict) -> str:
    """A company's form, sent without a draft: booked, full (with what was free), busy or enrolled.

    `form`: `people` are addresses or None where the name follows; `county` is a municipality's id.
    """
    from django.utils import timezone

    from courses.models import Run
    from enrollment import booking, drafts, group_booking, places
    from enrollment.group_booking import Named
    from home.models import Municipality

    people = [a and Named(a, "Exempel", "Exempelsson") for a in form["people"]]
    try:
        made = group_booking.send(
            run=Run.objects.select_related("course", "rules").get(pk=run),
            token=uuid.UUID(form["token"]) if "token" in form else uuid.uuid4(),
            booker=Named(form["booker"], "Exempel", "Exempelsson"),
            number=form["number"],
            company_name="Exempel Ventil AB",
            municipality=Municipality.objects.select_related("region").get(pk=form["county"]),
            people=people,
            language="sv",
            terms_accepted=True,
            now=timezone.now(),
        )
    except places.RunFull as full:
        return f"full {full.free}"
    except places.Busy:
        # As a person does who is asked to try again in a moment.
        return send(run=run, form=form)
    except booking.AlreadyEnrolled:
        return "enrolled"
    except drafts.HoldEnded:
        return "ended"
    return f"booked {made.pk}"


def hold(*, run: int, token: str, people: int, county: int) -> str:
    """The check screen of a company's form."""
    from django.utils import timezone

    from courses.models import Run
    from enrollment import booking, drafts, places
    from home.models import Region

    try:
        draft = drafts.hold(
            run=Run.objects.select_related("course", "rules").get(pk=run),
            token=uuid.UUID(token),
            people=people,
            region=Region.objects.get(pk=county),
            language="sv",
            now=timezone.now(),
        )
    except places.RunFull:
        return "full"
    except places.Busy:
        return "busy"
    except booking.TokenUsed:
        return "used"
    return f"held {draft.pk}"


def book_in(*, run: int, person: int, county: int) -> str:
    """As `book`, by somebody who works in a county."""
    from django.utils import timezone

    from accounts.models import User
    from courses.models import Run
    from enrollment import booking, places
    from home.models import Region

    somebody = User.objects.get(pk=person)
    try:
        made = booking.book(
            run=Run.objects.get(pk=run),
            person=somebody,
            booked_by=somebody,
            token=uuid.uuid4(),
            language="sv",
            terms_accepted=True,
            region=Region.objects.get(pk=county),
            now=timezone.now(),
        )
    except places.RunFull:
        return "full"
    except places.Busy:
        return "busy"
    return f"booked {made.pk}"


def share(*, run: int, county: int, count: int) -> str:
    """The organiser keeps more or fewer places for a county."""
    from datetime import timedelta

    from django.utils import timezone

    from courses.models import Run
    from enrollment import places
    from home.models import Promoter, Region

    now = timezone.now()
    try:
        places.set_share(
            run=Run.objects.get(pk=run),
            region=Region.objects.get(pk=county),
            promoter=Promoter.objects.order_by("pk").first(),
            count=count,
            release_at=now + timedelta(days=5),
            actor=None,
            now=now,
        )
    except places.TooFewFree:
        return "refused"
    return "set"


def resize(*, run: int, capacity: int) -> str:
    from django.utils import timezone

    from courses.models import Run
    from enrollment import places

    try:
        places.resize(
            run=Run.objects.get(pk=run), capacity=capacity, actor=None, now=timezone.now()
        )
    except places.TooFewFree:
        return "refused"
    return "set"


def pass_on(*, run: int) -> str:
    """What every worker does once a minute."""
    from django.utils import timezone

    from enrollment import places

    return f"offered {len(places.pass_on(run_id=run, now=timezone.now()))}"


def book_and_die(*, run: int, person: int, token: str, after: int) -> str:
    """Killed outright, as by the system that runs out of memory, `after` statements past the one that writes
    the enrolment. Later than its last statement it is never killed."""
    from django.db import connection

    written = -1

    def count(execute, sql, params, many, context):
        nonlocal written
        result = execute(sql, params, many, context)
        if written >= 0 or sql.startswith('INSERT INTO "enrollment_enrollment"'):
            written += 1
        if written == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(count):
        return book(run=run, person=person, token=token)


def rounds(*, jobs: list[dict]) -> list[str]:
    """One after the other, each at the same moment as the others' job of this round, or `later_ms` after."""
    results = []
    for job in jobs:
        later = job.pop("later_ms", 0) / 1000
        _barrier.wait(60)
        time.sleep(later)
        results.append(any_of(**job))
    return results


def use(*, key: str, limit: int) -> str:
    """One use of a limited act (`accounts.ratelimit`), by a caller who lives as long as the test."""
    from accounts.ratelimit import allow

    return "passed" if allow(key, limit=limit, seconds=10**6) else "refused"


def keep_booking(*, code: str, number: int, seconds: float) -> list[list]:
    """One visitor after the other at the public form: [when, status] of each answer."""
    from django.conf import settings
    from django.db import close_old_connections
    from django.test import Client

    settings.ALLOWED_HOSTS.append("testserver")
    answers, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        # As a server does around every request; the test client leaves it out.
        close_old_connections()
        answer = Client(
            raise_request_exception=False, REMOTE_ADDR=f"10.1.{number}.{len(answers) % 250}"
        ).post(
            f"/sv/runs/{code}/book/",
            {
                "first_name": "Elin",
                "last_name": "Exempelsson",
                "email": f"v{number}.{len(answers)}@example.org",
                "terms": "on",
                "token": str(uuid.uuid4()),
            },
        )
        answers.append([time.monotonic(), answer.status_code])
        time.sleep(0.01)
    return answers


def broken() -> list[str]:
    """Every registered invariant that does not hold."""
    from django.utils import timezone

    from accounts.registries import invariants

    return [line for check in invariants.values() for line in check(timezone.now())]


def any_of(*, job: str, **arguments) -> str:
    return globals()[job](**arguments)


def substitute(*, enrollment: int, email: str) -> str:
    """What became of handing one place over: done (with the new enrolment's id), or the refusal's name."""
    from django.utils import timezone

    from enrollment import changes
    from enrollment.group_booking import Named
    from enrollment.models import Enrollment

    old = Enrollment.objects.select_related("booking__booked_by", "run", "person").get(
        pk=enrollment
    )
    try:
        made = changes.substitute(
            enrollment=old, named=Named(email, "Kim", "Kollega"), actor=None, now=timezone.now()
        )
    except changes.ChangeError as error:
        return type(error).__name__
    return f"done {made.pk}"


def move(*, enrollment: int, run: int) -> str:
    """What became of moving one enrolment: done (with the new one's id), full, busy, or the refusal's name."""
    from django.utils import timezone

    from courses.models import Run
    from enrollment import changes, moving, places
    from enrollment.models import Enrollment

    old = Enrollment.objects.select_related("booking", "run", "person").get(pk=enrollment)
    try:
        (made,) = moving.move(
            enrollment=old, to_run=Run.objects.get(pk=run), actor=None, now=timezone.now()
        )
    except places.RunFull:
        return "full"
    except places.Busy:
        return "busy"
    except changes.ChangeError as error:
        return type(error).__name__
    return f"done {made.pk}"


def leave_team(*, enrollment: int) -> str:
    """The fee that giving up one's part of a team's place cost."""
    from django.utils import timezone

    from enrollment import booking
    from enrollment.models import Enrollment

    member = Enrollment.objects.select_related("booking", "run", "person").get(pk=enrollment)
    booking.cancel(enrollment=member, reason="by_person", actor=None, now=timezone.now())
    member.refresh_from_db()
    return f"owes {member.fee_ore}"


def _warm_up() -> None:
    """What a server that runs has loaded already: addresses, words, templates of mails. Children inherit it;
    else each would load it while it holds a lock that the others wait for."""
    from django.template.loader import get_template
    from django.urls import reverse
    from django.utils.translation import gettext, override

    for language in ("sv", "en"):
        with override(language):
            gettext("Place held"), reverse("my")
    for file in (ROOT / "templates" / "mail").iterdir():
        get_template(f"mail/{file.name}")


if __name__ == "__main__":
    import multiprocessing

    import django

    from bench.processes import together

    django.setup()
    _warm_up()
    chosen, given_to_each = globals()[sys.argv[1]], json.loads(sys.stdin.read())
    _barrier = multiprocessing.get_context("fork").Barrier(len(given_to_each))
    print(json.dumps(together(lambda given: chosen(**given), given_to_each)))
