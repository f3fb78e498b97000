"""Building the demo, part by part. Each part may run again and changes nothing that is there."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from certificates.tasks import store_certificate_file
from config.baseline import ensure_baseline
from courses.models import Run
from enrollment.models import Booking
from messaging.delivery import deliver
from messaging.models import OutgoingMail
from messaging.words import write_out

from .courses import put_courses
from .history import TOLD, put_history
from .pages import put_pages
from .people import put_companies, put_demo_people, put_people
from .promoters import put_promoters
from .runs import PLANS, put_runs

DONE_HERE = (deliver.module_path, store_certificate_file.module_path)
LONG_AGO = timedelta(days=400)


def is_built() -> bool:
    """Whether the last part stands."""
    return Run.objects.filter(code__in=PLANS).count() == len(PLANS) and all(
        Booking.objects.filter(run__code=code).exists() for code in TOLD
    )


def build(*, now: datetime, say: Callable[[str], None] = lambda words: None) -> None:
    """Make the whole demo; parts that stand are left as they are."""
    mails, tasks = newest_mail(), set(queued().values_list("pk", flat=True))
    ensure_baseline()
    say("companies and people")
    promoters = put_promoters()
    courses = put_courses()
    companies = put_companies()
    put_demo_people(companies, promoters, now=now - LONG_AGO)
    people = put_people(companies, now=now - LONG_AGO)
    say("pages in Swedish and English")
    put_pages(courses, now=now)
    say("course runs")
    runs = put_runs(courses, promoters, now=now)
    say("what has happened on them")
    put_history(runs, people, now=now)
    settle_mails(after=mails, now=now)
    settle_tasks(apart_from=tasks)


def newest_mail() -> int:
    return OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def queued():
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY)


def settle_mails(*, after: int, now: datetime) -> None:
    """Nobody gets mail about what happened before the demo was there: it counts as delivered."""
    for mail in OutgoingMail.objects.unsent().filter(pk__gt=after).exclude(facts=None):
        write_out(mail)
    OutgoingMail.objects.unsent().filter(pk__gt=after).update(sent_at=now)


def settle_tasks(*, apart_from: set) -> None:
    """What building has queued and done itself is taken out; each page is left to be indexed once."""
    seen: set[str] = set()
    spare = []
    for task in queued().values("pk", "task_path", "args_kwargs"):
        name = f"{task['task_path']} {task['args_kwargs']}"
        if task["pk"] not in apart_from:
            if task["task_path"] in DONE_HERE or name in seen:
                spare.append(task["pk"])
            seen.add(name)
    for start in range(0, len(spare), 500):
        DBTaskResult.objects.filter(pk__in=spare[start : start + 500]).delete()
