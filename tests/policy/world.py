"""A small world in which every line of the table can be tried: three runs and seven people.

`own` is the run of the table's participant, booker, leader and promoter. `same` is another run of the
same promoter, with other people. `other` is a run of another promoter in another region, booked by another
company.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from accounts.roles import Role
from certificates.issue import issue, store_file
from config.baseline import ensure_baseline
from enrollment import confirming
from enrollment.booking import book
from enrollment.completion.decide import decide, propose
from enrollment.completion.models import Completion
from enrollment.models import Company, CompanyMembership
from tests.accounts.factories import make_user
from tests.courses.factories import make_course, make_run
from tests.enrollment.attendance.factories import hold
from tests.enrollment.factories import make_enrollment, make_open_run, make_waiting
from tests.home.factories import make_promoter

ROLES = (
    "visitor",
    "participant",
    "booker",
    "leader",
    "promoter",
    "coordinator",
    "communicator",
    "admin",
)
WHOSE = ("own", "same", "other")


class World:
    def __init__(self, now: datetime) -> None:
        ensure_baseline()
        self.now = now
        self.people = {
            role: make_user(
                email=f"{role}@example.org", role=None if role in "participant booker" else role
            )
            for role in ROLES[1:]
        }
        home = make_promoter("hemma", region_code="20")
        home.staff.add(self.people["promoter"])
        away = make_promoter("borta", region_code="21")
        self.arguments: dict[tuple[str, str], object] = {}
        strangers = {
            "leader": make_user(role=Role.LEADER),
            "participant": make_user(),
            "booker": make_user(),
        }
        for whose in WHOSE:
            people = self.people if whose == "own" else strangers
            self._fill(whose, host=away if whose == "other" else home, people=people)

    def _fill(self, whose: str, *, host, people) -> None:
        now = self.now
        run = make_open_run(now=now, host=host, course=make_course(f"KURS{whose}"))
        run.leaders.add(people["leader"])
        booking = book(
            run=run,
            person=people["participant"],
            booked_by=people["booker"],
            token=uuid4(),
            company_name=f"Bolaget {whose} AB",
            language="sv",
            terms_accepted=True,
            now=now,
        )
        enrollment = booking.enrollments.get()
        company = Company.objects.create(name=whose, registration_number=f"{whose}-4119")
        membership = CompanyMembership.objects.create(
            company=company,
            user=people["booker"],
            role=CompanyMembership.Role.BOOKER,
            verified_at=now,
        )
        full = make_run(now=now, host=host)
        waiting = make_waiting(now=now, run=full, person=people["participant"])
        past, certificate = self._certified(host=host, people=people)
        self.arguments |= {
            ("run", whose): run.code,
            ("booking", whose): booking.public_id,
            ("enrollment", whose): enrollment.public_id,
            ("own data", whose): confirming.token_of(enrollment),
            ("company", whose): company.pk,
            ("membership", whose): membership.pk,
            ("session", whose): run.sessions.first().public_id,
            ("waiting", whose): waiting.public_id,
            ("certificate", whose): certificate.public_id,
            ("certificate code", whose): certificate.code,
            ("past run", whose): past.code,
            ("past session", whose): past.sessions.first().public_id,
        }

    def _certified(self, *, host, people):
        now, then = self.now, self.now - timedelta(days=30)
        run = make_run(now=then, starts_in_days=0, host=host)
        run.leaders.add(people["leader"])
        enrollment = make_enrollment(
            now=then - timedelta(days=2), run=run, person=people["participant"]
        )
        hold(run, {enrollment: "present"}, by=people["leader"])
        propose(run=run, actor=people["leader"], now=now)
        decide(
            completions=Completion.objects.filter(enrollment=enrollment),
            actor=self.people["coordinator"],
            now=now,
        )
        certificate = issue(
            completion=Completion.objects.get(enrollment=enrollment),
            actor=self.people["coordinator"],
            now=now,
        )
        store_file(certificate_id=certificate.pk, now=now)
        return run, certificate
