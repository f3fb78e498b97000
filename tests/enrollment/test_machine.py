"""Every rule of the enrolment engine in random order, with the clock going on (and sometimes back).

    make machine                        # 2,000 sequences of 50 steps instead of 200
    MACHINE_EXAMPLES=20 pytest tests/enrollment/test_machine.py

One small world: a course with two free runs and two with a price, and a run for teams; six people of three
counties. Each sequence begins in it and is rolled back. `make test` walks the same sequences every time.
"""

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from courses.models import Course, Run
from enrollment import (
    booking,
    changes,
    closing,
    drafts,
    group_booking,
    moving,
    places,
    tasks,
    waiting,
)
from enrollment.eligibility import NotEligible
from enrollment.group_booking import Named
from enrollment.models import Booking, Enrollment, Place, RunRules, WaitingEntry
from enrollment.payments import checkout, fulfil
from enrollment.payments.models import Payment
from enrollment.payments.provider import Session
from enrollment.places import line
from enrollment.status import Reason, Status
from tests.accounts.factories import make_user
from tests.courses.factories import make_course, make_run
from tests.enrollment.machine_checks import (
    Seen,
    broken_invariants,
    broken_once_the_worker_ran,
    broken_promises,
    passed_in_line,
)
from tests.home.factories import make_municipality, make_promoter

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "200"))
STEPS = 50
BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)
COUNTIES = ("17", "20", "21")
FREE, FREE_TOO, PAID, PAID_TOO, TEAMS = range(5)

runs = st.sampled_from((FREE, FREE, FREE_TOO, PAID, PAID_TOO, TEAMS))
persons = counties = st.integers(0, 5)
which = st.integers(0, 7)


def given(*what: str):
    """Only where there is something to do it with."""
    return precondition(lambda machine: machine.before.there.issuperset(what))


REFUSED = (booking.BookingError, NotEligible, places.StatusError, places.TooFewFree)


class World:
    """The rows that every sequence begins with."""

    def __init__(self) -> None:
        self.municipalities = [make_municipality(code) for code in COUNTIES]
        self.promoter = make_promoter()
        self.people = [make_user(email=f"machine{n}@example.org") for n in range(6)]
        course = make_course()
        teams = make_course("TEAM", unit=Course.Unit.TEAM)
        self.runs = []
        for fields, count in (
            ({"course": course}, 4),
            ({"course": course}, 2),
            ({"course": course, "price_ore": 80000}, 3),
            ({"course": course, "price_ore": 80000}, 1),
            ({"course": teams}, 2),
        ):
            made = make_run(now=BEGIN, sessions=1, starts_in_days=21, **fields)
            RunRules.objects.create(run=made)
            places.open_places(run=made, count=count)
            self.runs.append(made.pk)


class Machine(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self._begun = transaction.atomic()
        self._begun.__enter__()
        self.now = BEGIN
        self.late = False
        """Whether the clock went on and the worker has not run since."""
        self.tokens: list = []
        self.before = Seen.look()
        self.written, self.checked = False, (self.now, self.late)
        self._noticing = connection.execute_wrapper(self.notice)
        self._noticing.__enter__()

    def notice(self, execute, sql, params, many, context):
        """A step that wrote nothing, at the same moment, need not be looked at again."""
        self.written |= sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
        return execute(sql, params, many, context)

    def teardown(self) -> None:
        self._noticing.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._begun.__exit__(None, None, None)

    # What stands where

    def run(self, number: int) -> Run:
        return Run.objects.select_related("course", "rules", "host").get(pk=self.world.runs[number])

    def municipality(self, number: int):
        return self.world.municipalities[number % 3]

    def region(self, number: int):
        """Most work somewhere; every sixth did not say where."""
        return None if number == 5 else self.municipality(number).region

    def one(self, rows, number: int):
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None

    def seat(self, number: int, **filters) -> Enrollment | None:
        rows = Enrollment.objects.filter(**filters).select_related(
            "run__course", "run__host", "run__rules", "person", "booking__booked_by", "team"
        )
        return self.one(rows, number)

    def names(self, people: list[int]) -> list[Named | None]:
        """A seat each; 6 is a seat whose name follows."""
        known = self.world.people
        return [Named(known[n].email, "Exempel", "Exempelsson") if n < 6 else None for n in people]

    @contextmanager
    def refusable(self, run: Run | None = None, county=None, count: int = 1):
        """A refusal is fine when it is one of ours and stores nothing; "full" must be true."""
        try:
            with transaction.atomic():
                yield
        except places.RunFull:
            if run:
                region_id = county.pk if county else None
                reach = line.reach_of_newcomer(
                    self.run(self.world.runs.index(run.pk)), region_id=region_id
                )
                free = line.free_places(run.pk, region_id=region_id, now=self.now, reach=reach)
                assert free.count() < count, f"refused {count} with {free.count()} left"
        except REFUSED:
            pass

    # The clock

    @initialize(strict=st.tuples(*[st.booleans()] * 5), shares=st.booleans())
    def begin(self, strict, shares) -> None:
        for run_id, is_strict in zip(self.world.runs, strict, strict=True):
            order = RunRules.Order.STRICT if is_strict else RunRules.Order.FILL_NEXT
            RunRules.objects.filter(run=run_id).update(waiting_order=order)
        if shares:
            self.share(FREE, 0, 2, 3)

    def forward(self, by: timedelta, worker: bool) -> None:
        self.now += by
        self.late = not worker
        if worker:
            tasks.expire_overdue(self.now)

    @rule(minutes=st.integers(1, 50), worker=st.booleans())
    def minutes_pass(self, minutes, worker) -> None:
        self.forward(timedelta(minutes=minutes), worker)

    @rule(hours=st.integers(1, 30), worker=st.booleans())
    def hours_pass(self, hours, worker) -> None:
        self.forward(timedelta(hours=hours), worker)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days) -> None:
        self.forward(timedelta(days=days), True)

    @rule()
    def the_clock_steps_back(self) -> None:
        ended = set(Enrollment.objects.exclude(status__in=Status.LIVE).values_list("pk", flat=True))
        self.forward(-timedelta(minutes=5), True)
        again = Enrollment.objects.filter(pk__in=ended, status__in=Status.LIVE)
        assert not again.exists()

    # Booking

    @rule(number=runs, person=persons, county=counties, again=st.booleans())
    def somebody_books(self, number, person, county, again) -> None:
        run, region = self.run(number), self.region(county)
        if not again or not self.tokens:
            self.tokens.append(uuid4())
        who = self.world.people[person]
        with self.refusable(run, region):
            made = booking.book(
                run=run,
                person=who,
                booked_by=who,
                token=self.tokens[-1],
                language="sv",
                terms_accepted=True,
                region=region,
                now=self.now,
            )
            assert made.booked_by == who

    @rule(number=runs, county=st.integers(0, 2), people=st.integers(1, 4), again=st.booleans())
    def a_company_opens_the_check_screen(self, number, county, people, again) -> None:
        run, region = self.run(number), self.municipality(county).region
        if not again or not self.tokens:
            self.tokens.append(uuid4())
        with self.refusable(run, region, places.places_for(run, people)):
            draft = drafts.hold(
                run=run,
                token=self.tokens[-1],
                people=people,
                region=region,
                language="sv",
                now=self.now,
            )
            assert draft.enrollments.held().count() == people

    @given("draft")
    @rule(n=which, keep=st.booleans())
    def a_draft_is_kept_or_left(self, n, keep) -> None:
        draft = self.one(Booking.objects.filter(booked_by=None), n)
        if draft and keep:
            with self.refusable():
                assert drafts.keep(booking=draft, now=self.now) > self.now
        elif draft:
            drafts.let_go(booking=draft, now=self.now)

    @rule(
        number=runs,
        n=which,
        fresh=st.booleans(),
        booker=persons,
        county=st.integers(0, 2),
        people=st.lists(st.integers(0, 6), min_size=1, max_size=4),
    )
    def a_company_sends(self, number, n, fresh, booker, county, people) -> None:
        """A draft as it was held, or a form without one (the time had run out, JavaScript was off)."""
        draft = None if fresh else self.one(Booking.objects.filter(booked_by=None), n)
        run = self.run(self.world.runs.index(draft.run_id) if draft else number)
        if draft:
            held = draft.enrollments.held().count()
            people = (people * 4)[: held or 1]
            county = next(i for i in range(3) if self.municipality(i).region == draft.region)
        form = {
            "run": run,
            "token": draft.token if draft else uuid4(),
            "booker": self.names([booker])[0],
            "number": "492900-4119",
            "company_name": "Exempel Ventil AB",
            "municipality": self.municipality(county),
            "people": self.names(people),
            "language": "sv",
            "terms_accepted": True,
            "now": self.now,
        }
        with self.refusable():
            made = group_booking.send(**form)
            assert made.enrollments.live().count() == len(people)
            assert group_booking.send(**form) == made

    @given("unnamed")
    @rule(n=which, person=persons)
    def a_seat_gets_its_name(self, n, person) -> None:
        rows = Enrollment.objects.unnamed().select_related("run__course", "run__host", "booking")
        if seat := self.one(rows, n):
            named = self.names([person])[0]
            with self.refusable():
                group_booking.name_seat(
                    enrollment=seat, named=named, actor=self.world.people[person], now=self.now
                )

    # Money

    @given("to pay")
    @rule(n=which)
    def somebody_goes_to_pay(self, n) -> None:
        rows = Booking.objects.filter(price_ore__gt=0).exclude(booked_by=None)
        if found := self.one(rows, n):
            with self.refusable():
                try:
                    checkout._intend(booking=found, now=self.now)
                except checkout.CheckoutError:
                    return

    @given("payment")
    @rule(
        n=which,
        state=st.sampled_from(("open", "processing", "paid", "paid", "failed", "expired")),
        short=st.sampled_from((0, 0, 0, 1)),
        twice=st.booleans(),
    )
    def the_provider_tells(self, n, state, short, twice) -> None:
        """In any order, more than once, at times with another sum than was asked for."""
        payment = self.one(Payment.objects.select_related("order"), n)
        if not payment:
            return
        session = Session(
            ref=f"cs_{payment.pk}",
            reference=str(payment.public_id),
            url="https://pay.example.org/",
            state=state,
            amount=payment.amount_ore - short,
            currency=payment.order.currency,
            intent=f"pi_{payment.pk}",
            expires_at=payment.expires_at,
        )
        for _ in range(1 + twice):
            changed = fulfil.apply(payment_id=payment.pk, session=session, now=self.now)
        assert not (changed and twice)

    @given("sent")
    @rule(n=which)
    def everything_is_settled_again(self, n) -> None:
        if found := self.one(Booking.objects.exclude(booked_by=None), n):
            booking.settle(booking=found, now=self.now)

    @given("cancelled")
    @rule(n=which)
    def an_expired_booking_is_revived(self, n) -> None:
        rows = Booking.objects.filter(enrollments__reason=Reason.EXPIRED).exclude(booked_by=None)
        found = self.one(rows.distinct().select_related("run__course", "run__rules"), n)
        if found and not found.enrollments.live().exists():
            with self.refusable():
                booking.revive(booking=found, now=self.now)

    # The line

    @rule(number=runs, person=persons, county=counties, group=st.booleans(), size=st.integers(2, 4))
    def somebody_waits(self, number, person, county, group, size) -> None:
        wanted, at_least = (size, max(1, size - 1)) if group or number == TEAMS else (1, 1)
        run, region = self.run(number), self.region(county)
        with self.refusable():
            try:
                waiting.join(
                    run=run,
                    person=self.world.people[person],
                    language="sv",
                    terms_accepted=True,
                    region=region,
                    wanted=wanted,
                    at_least=at_least,
                    now=self.now,
                )
            except waiting.PlacesFree:
                region_id = region.pk if region else None
                reach = line.reach_of_newcomer(run, region_id=region_id)
                free = line.free_places(run.pk, region_id=region_id, now=self.now, reach=reach)
                assert free.exists(), "sent to book where nothing can be booked"

    @given("offered")
    @rule(n=which, count=st.one_of(st.none(), st.integers(0, 4)))
    def an_offer_is_accepted(self, n, count) -> None:
        entry = self.one(WaitingEntry.objects.exclude(booking=None).select_related("run"), n)
        if entry:
            before = entry.status
            with self.refusable():
                made = waiting.accept(entry=entry, count=count, actor=None, now=self.now)
                if before == WaitingEntry.Status.OFFERED:
                    assert made.enrollments.placed().count() >= entry.at_least

    @given("offered")
    @rule(n=which)
    def an_offer_is_declined(self, n) -> None:
        if entry := self.one(WaitingEntry.objects.exclude(booking=None), n):
            with self.refusable():
                waiting.decline(entry=entry, actor=None, now=self.now)

    @given("entry")
    @rule(n=which)
    def somebody_leaves_the_line(self, n) -> None:
        if entry := self.one(WaitingEntry.objects.all(), n):
            with self.refusable():
                waiting.leave(entry=entry, actor=None, now=self.now)

    # Changes

    @given("sent")
    @rule(n=which, fee=st.sampled_from((0, 0, 20000)))
    def somebody_cancels(self, n, fee) -> None:
        """Whoever has something: a draft's, an offered, a held or a confirmed seat; or an ended one again."""
        if seat := self.seat(n, booking__booked_by__isnull=False):
            before = seat.status
            changed = booking.cancel(
                enrollment=seat, reason=Reason.BY_PERSON, actor=None, now=self.now
            )
            assert changed == (before != Status.CANCELLED)

    @given("live")
    @rule(n=which)
    def a_whole_booking_is_released(self, n) -> None:
        if seat := self.seat(n, status__in=Status.LIVE):
            together = Enrollment.objects.live().filter(booking=seat.booking, run=seat.run)
            places.release_all(
                enrollments=list(together.select_related("run")),
                reason=Reason.BY_STAFF,
                now=self.now,
            )

    @given("named")
    @rule(n=which, person=persons)
    def a_colleague_takes_over(self, n, person) -> None:
        seat = self.seat(n, status__in=Status.LIVE, booking__booked_by__isnull=False)
        if seat:
            place = Place.objects.filter(enrollment=seat).first()
            with self.refusable():
                successor = changes.substitute(
                    enrollment=seat, named=self.names([person])[0], actor=None, now=self.now
                )
                assert Place.objects.filter(enrollment=successor).first() == place

    @given("sent", "live")
    @rule(n=which, number=runs, twice=st.booleans())
    def somebody_moves(self, n, number, twice) -> None:
        """To another run of the course, or a team to where it cannot go."""
        seat, run = (
            self.seat(n, status__in=Status.LIVE, booking__booked_by__isnull=False),
            self.run(number),
        )
        if seat:
            with self.refusable(run, seat.booking.region):
                made = moving.move(enrollment=seat, to_run=run, actor=None, now=self.now)
                assert {new.run_id for new in made} == {run.pk}
                if twice:
                    again = moving.move(enrollment=seat, to_run=run, actor=None, now=self.now)
                    assert again == made

    @given("team")
    @rule(n=which, person=persons)
    def one_more_joins_a_team(self, n, person) -> None:
        if seat := self.seat(n, team__isnull=False):
            with self.refusable():
                changes.add_person(
                    enrollment=seat, named=self.names([person])[0], actor=None, now=self.now
                )

    # The organiser

    @rule(number=runs, capacity=st.integers(0, 6))
    def the_number_of_places_changes(self, number, capacity) -> None:
        run = self.run(number)
        before = Place.objects.filter(run=run).count()
        taken = Place.objects.taken().filter(run=run).count()
        with self.refusable():
            places.resize(run=run, capacity=capacity, actor=None, now=self.now)
        now_there = Place.objects.filter(run=run).count()
        assert now_there in (before, capacity)
        assert now_there >= taken

    @rule(number=runs, county=st.integers(0, 2), count=st.integers(0, 4), days=st.integers(-1, 10))
    def a_share_changes(self, number, county, count, days) -> None:
        self.share(number, county, count, days)

    def share(self, number: int, county: int, count: int, days: int) -> None:
        run = self.run(number)
        before = Place.objects.filter(run=run).count()
        region = self.municipality(county).region
        with self.refusable():
            share = places.set_share(
                run=run,
                region=region,
                promoter=self.world.promoter,
                count=count,
                release_at=self.now + timedelta(days=days),
                actor=None,
                now=self.now,
            )
            kept = Place.objects.filter(share=share)
            assert kept.count() == count or kept.free().count() == 0 or count == 0
        assert Place.objects.filter(run=run).count() == before

    @precondition(lambda self: self.now > BEGIN + timedelta(days=3))
    @rule(number=runs)
    def the_organiser_cancels_a_run(self, number) -> None:
        run = self.run(number)
        with self.refusable():
            closing.cancel_run(run=run, reason_text="", actor=None, now=self.now)
            assert run.is_cancelled
            assert not Enrollment.objects.live().filter(run=run).exists()
            assert not WaitingEntry.objects.open().filter(run=run).exists()

    # What holds after every step

    @invariant()
    def all_is_well(self) -> None:
        moment = (self.now, self.late)
        if not self.written and moment == self.checked:
            return
        self.written, self.checked = False, moment
        after = Seen.look()
        before, self.before = self.before, after
        assert passed_in_line(before, after, self.now) == []
        assert broken_promises(after.there) == []
        check = broken_once_the_worker_ran if self.late else broken_invariants
        assert check(self.now) == []


@pytest.mark.django_db
def test_no_order_of_events_breaks_what_must_hold(request: pytest.FixtureRequest) -> None:
    """With the second database a tenth of the sequences: what differs there are races, see `test_races`."""
    again = request.config.getoption("second_engine") and "MACHINE_EXAMPLES" not in os.environ
    Machine.world = World()
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=EXAMPLES // 10 if again else EXAMPLES,
                stateful_step_count=STEPS,
                # The nightly run with more of them walks new ways every time.
                derandomize="MACHINE_EXAMPLES" not in os.environ,
                print_blob=True,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.generate, Phase.shrink),
                report_multiple_bugs=False,
            ),
        )
    finally:
        del Machine.world
