"""What has happened on the runs: bookings, attendance, results, certificates, through the site's own
functions with the clock set back."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from certificates.issue import issue, replace, revoke, store_file
from certificates.models import Certificate
from courses.models import ModulePage, Run, Session
from enrollment import waiting
from enrollment.attendance.close import close_session, reopen_session
from enrollment.attendance.models import Attendance
from enrollment.attendance.record import Mark, record_marks
from enrollment.booking import book, cancel
from enrollment.closing import cancel_run
from enrollment.completion.decide import decide, propose
from enrollment.group_booking import Named, send
from enrollment.learning.progress import answer
from enrollment.learning.quiz import questions_of
from enrollment.models import Enrollment, Workplace
from enrollment.status import Reason
from home.models import Region

from .people import demo_person

Status = Attendance.Status
MOTIVATION = (
    "Vi säljer maskiner och vill ta betalt för att de går. Två i ledningen har tid för uppgifterna, "
    "och en kund har sagt ja till att bli intervjuad."
)


def put_history(runs: dict[str, Run], people: Sequence[User], *, now: datetime) -> None:
    """Everything that has happened so far; a run with bookings is left alone."""
    for code, tell in TOLD.items():
        if not runs[code].bookings.exists():
            with transaction.atomic():
                tell(runs[code], list(people), now=now)


def book_all(
    run: Run, people: Sequence[User], *, now: datetime, region: str | None = None
) -> list[Enrollment]:
    """One booking per person, ten minutes apart; the enrolments in the same order."""
    county = Region.objects.get(code=region) if region else None
    enrollments = []
    for number, person in enumerate(people):
        employer = person.company_memberships.select_related("company").first()
        booking = book(
            run=run,
            person=person,
            booked_by=person,
            token=uuid.uuid4(),
            company_name=employer.company.name if employer else "",
            language=person.language,
            terms_accepted=True,
            now=now + timedelta(minutes=10 * number),
            region=county,
        )
        enrollments.append(booking.enrollments.get())
    return enrollments


def book_teams(
    run: Run, people: Sequence[User], *, now: datetime, region: str | None = None
) -> list[Enrollment]:
    """One booking per team of two or three, by its first person for that person's company; the enrolments
    in the order of the people."""
    places_of_work = Workplace.objects.select_related("company", "municipality__region")
    if region:
        places_of_work = places_of_work.filter(municipality__region__code=region)
    employers = list(places_of_work.order_by("company__registration_number"))
    enrollments: list[Enrollment] = []
    for number, team in enumerate(_teams(people)):
        workplace = employers[number % len(employers)]
        booking = send(
            run=run,
            token=uuid.uuid4(),
            booker=Named(team[0].email),
            number=workplace.company.registration_number,
            company_name=workplace.company.name,
            municipality=workplace.municipality,
            people=[Named(person.email) for person in team],
            language=team[0].language,
            terms_accepted=True,
            motivation=MOTIVATION,
            now=now + timedelta(minutes=10 * number),
        )
        enrollments += booking.enrollments.order_by("pk")
    return enrollments


def book_for_company(run: Run, people: Sequence[User | None], *, now: datetime) -> None:
    """The demo's booker books for the company; None is somebody whose name follows."""
    booker = demo_person(Role.BOOKER)
    workplace = Workplace.objects.filter(company__memberships__user=booker).first()
    send(
        run=run,
        token=uuid.uuid4(),
        booker=Named(booker.email),
        number=workplace.company.registration_number,
        company_name=workplace.company.name,
        municipality=workplace.municipality,
        people=[Named(person.email) if person else None for person in people],
        reference="Projekt 4711",
        language=booker.language,
        terms_accepted=True,
        now=now,
    )


def _teams(people: Sequence[User]) -> list[Sequence[User]]:
    """Teams of two and three by turns; nobody is left alone."""
    teams, rest, size = [], list(people), 3
    while rest:
        size = len(rest) if len(rest) <= 3 else size
        if len(rest) - size == 1:
            size = 2
        teams.append(rest[:size])
        rest, size = rest[size:], 5 - size
    return teams


def hold_meeting(session: Session, minutes: dict[Enrollment, int], *, leader: User) -> None:
    """Attendance as `minutes` says, everybody else on the list absent; then the list is closed."""
    over = session.ends_at + timedelta(minutes=5)
    marks = [
        _mark(enrollment, minutes.get(enrollment, 0), session)
        for enrollment in Enrollment.objects.confirmed().filter(run=session.run)
    ]
    record_marks(
        session=session,
        marks=marks,
        recorded_by=leader,
        source=Attendance.Source.LEADER,
        now=over,
    )
    present = sum(mark.minutes > 0 for mark in marks)
    close_session(session=session, head_count=present, actor=leader, now=over)


def _mark(enrollment: Enrollment, minutes: int, session: Session) -> Mark:
    if minutes >= session.minutes:
        status = Status.PRESENT
    else:
        status = Status.LATE if minutes else Status.ABSENT
    return Mark(enrollment=enrollment.public_id, status=str(status), minutes=minutes)


def take_modules(enrollment: Enrollment, sessions: Sequence[Session]) -> None:
    """The person answers the quiz of each meeting's module rightly, on the evening before."""
    for session in sessions:
        for module in session.modules.all():
            page = ModulePage.objects.filter(
                module=module, locale__language_code=enrollment.booking.language
            ).first()
            questions = questions_of(page)
            if questions:
                answer(
                    enrollment=enrollment,
                    module=module,
                    questions=questions,
                    answers=[sorted(question.right) for question in questions],
                    now=session.starts_at - timedelta(hours=12),
                )


def completed_run(run: Run, people: list[User], *, now: datetime) -> None:
    """17 people: 12 course certificates, 3 certificates of attendance, 1 withdrew, 1 never came; one
    certificate was revoked and issued anew."""
    leader, coordinator = demo_person(Role.LEADER), demo_person(Role.COORDINATOR)
    sessions = list(run.sessions.order_by("number"))
    enrolled = book_teams(
        run,
        [demo_person(Role.PARTICIPANT), *people[:16]],
        now=run.closes_at - timedelta(days=12),
        region="20",
    )
    withdrew, never_came = enrolled[15], enrolled[16]
    missed_the_last = enrolled[12:15]
    for session in sessions:
        minutes = dict.fromkeys(enrolled[:12], session.minutes)
        if session != sessions[-1]:
            minutes |= dict.fromkeys(missed_the_last, session.minutes)
        if session == sessions[0]:
            minutes[withdrew] = session.minutes
        if session == sessions[1]:
            minutes[enrolled[5]] = session.minutes - 30
        hold_meeting(session, minutes, leader=leader)
        if session == sessions[0]:
            cancel(
                enrollment=withdrew,
                reason=Reason.BY_PERSON,
                actor=withdrew.person,
                now=session.ends_at + timedelta(days=5),
            )
    never_came.refresh_from_db()
    take_modules(enrolled[0], sessions)
    after = sessions[-1].ends_at + timedelta(days=1)
    proposed = propose(run=run, actor=leader, now=after)
    decided = decide(completions=proposed, actor=coordinator, now=after + timedelta(days=1))
    issued_at = after + timedelta(days=1, hours=1)
    issued = [
        issue(completion=completion, actor=coordinator, now=issued_at)
        for completion in decided
        if completion.result in ("completed", "attended")
    ]
    of_others = [one for one in issued if one.enrollment_id != enrolled[0].pk]
    wrong = of_others[3]
    revoke(
        certificate=wrong,
        reason=Certificate.Reason.WRONG_DETAILS,
        actor=coordinator,
        now=issued_at + timedelta(days=9),
    )
    issued.append(
        replace(
            certificate=wrong,
            reason=Certificate.Reason.WRONG_DETAILS,
            actor=coordinator,
            now=issued_at + timedelta(days=10),
        )
    )
    for certificate in issued:
        store_file(certificate_id=certificate.pk, now=certificate.issued_at)


def run_to_decide(run: Run, people: list[User], *, now: datetime) -> None:
    """Over since some days: the leader has proposed the results, the coordinator is to decide."""
    leader = demo_person(Role.LEADER)
    enrolled = book_all(run, people[8:14], now=run.closes_at - timedelta(days=5))
    sessions = list(run.sessions.order_by("number"))
    for number, session in enumerate(sessions):
        minutes = dict.fromkeys(enrolled[:4], session.minutes)
        if number != 1:
            minutes[enrolled[4]] = session.minutes
        if number < 2:
            minutes[enrolled[5]] = session.minutes
        hold_meeting(session, minutes, leader=leader)
    propose(run=run, actor=leader, now=min(sessions[-1].ends_at + timedelta(days=1), now))


def ongoing_run(run: Run, people: list[User], *, now: datetime) -> None:
    """Three meetings held and closed, one list corrected afterwards, a meeting today."""
    leader, coordinator = demo_person(Role.LEADER), demo_person(Role.COORDINATOR)
    booked_at = run.closes_at - timedelta(days=6)
    by_county: dict[str, list[User]] = {"17": [], "20": [demo_person(Role.PARTICIPANT)], "21": []}
    for number, person in enumerate(people[16:34]):
        by_county[("17", "20", "21")[number % 9 // 3]].append(person)
    enrolled: list[Enrollment] = []
    for region, group in by_county.items():
        enrolled += book_teams(run, group, now=booked_at, region=region)
    mine = next(e for e in enrolled if e.person_id == by_county["20"][0].pk)
    held = list(run.sessions.order_by("number")[:3])
    away = {0: [enrolled[2]], 1: [enrolled[9], enrolled[14]], 2: [enrolled[4]]}
    for number, session in enumerate(held):
        minutes = {
            enrollment: session.minutes for enrollment in enrolled if enrollment not in away[number]
        }
        if number == 1:
            minutes[enrolled[6]] = session.minutes - 60
        hold_meeting(session, minutes, leader=leader)
    _correct(held[1], enrolled[9], leader=leader, coordinator=coordinator)
    take_modules(mine, held)


def _correct(session: Session, enrollment: Enrollment, *, leader: User, coordinator: User) -> None:
    later = session.ends_at + timedelta(days=3)
    reopen_session(
        session=session,
        reason="Var på plats men stod på fel lag i listan",
        actor=coordinator,
        now=later,
    )
    record_marks(
        session=session,
        marks=[_mark(enrollment, session.minutes, session)],
        recorded_by=leader,
        source=Attendance.Source.PAPER,
        now=later,
    )
    present = Attendance.objects.current().filter(session=session, minutes__gt=0).count()
    close_session(session=session, head_count=present, actor=leader, now=later)


def full_run(run: Run, people: list[User], *, now: datetime) -> None:
    """Every place taken; somebody gave one up 28 hours ago, so one of the four who waited has an offer
    for another 20 hours and three wait."""
    enrolled = book_all(run, [*people[34:45], *people[16:21]], now=now - timedelta(days=9))
    for number, person in enumerate(people[21:25]):
        waiting.join(
            run=run,
            person=person,
            language=person.language,
            terms_accepted=True,
            now=now - timedelta(days=6) + timedelta(hours=number),
        )
    cancel(
        enrollment=enrolled[3],
        reason=Reason.BY_PERSON,
        actor=enrolled[3].person,
        now=now - timedelta(hours=28),
    )


def run_with_few_places(run: Run, people: list[User], *, now: datetime) -> None:
    """Nine from Dalarna, three of them for the booker's company with two names to follow; two from Gävleborg's
    share: three places free, two kept for Gävleborg."""
    book_all(run, people[:6], now=now - timedelta(days=8), region="20")
    book_for_company(run, [people[6], None, None], now=now - timedelta(days=8) + timedelta(hours=2))
    book_all(run, people[22:24], now=now - timedelta(days=7), region="21")


def cancelled_run(run: Run, people: list[User], *, now: datetime) -> None:
    """Three had booked; the run was cancelled two weeks before it would have begun."""
    coordinator = demo_person(Role.COORDINATOR)
    called_off = run.closes_at - timedelta(days=4)
    book_all(run, people[16:19], now=called_off - timedelta(days=10), region="17")
    cancel_run(run=run, actor=coordinator, now=called_off)


def run_with_applications(run: Run, people: list[User], *, now: datetime) -> None:
    """Four applications wait for a decision."""
    book_teams(run, people[22:32], now=now - timedelta(days=4), region="21")


TOLD = {
    "TDA-D-01": completed_run,
    "UPD-D-04": run_to_decide,
    "TDA-X-02": ongoing_run,
    "UPD-G-01": full_run,
    "CIR-D-01": run_with_few_places,
    "CIR-V-02": cancelled_run,
    "TDA-G-03": run_with_applications,
}
