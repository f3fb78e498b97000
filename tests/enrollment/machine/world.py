"""Where every sequence begins, and what the rules of all themes stand on."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition

from accounts.models import User
from accounts.people import kept
from accounts.roles import Role
from config.baseline import ensure_roles
from courses.models import Course, Run
from enrollment import booking, places, ruling
from enrollment.eligibility import NotEligible
from enrollment.group_booking import Named
from enrollment.merging import MergeError
from enrollment.models import Enrollment, RunRules
from tests.accounts.factories import make_user
from tests.courses.factories import make_course, make_run
from tests.home.factories import make_municipality, make_promoter

from .checks import (
    Invariants,
    Seen,
    broken_promises,
    empty_tables,
    over_the_limit,
    passed_in_line,
)

BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)
COUNTIES = ("17", "20", "21")
NUMBERS = ("492900-4119", "492300-1376")
KNOWN, ADDRESSES = 6, 8
"""Addresses of people who are known from the start, and addresses in all."""
FREE, FREE_TOO, PAID, PAID_TOO, TEAMS, TEAMS_TOO, SELECTED = range(7)

runs = st.sampled_from((FREE, FREE, FREE, FREE_TOO, PAID, PAID_TOO, TEAMS, TEAMS_TOO, SELECTED))
persons = counties = st.integers(0, KNOWN - 1)
addresses = st.integers(0, ADDRESSES - 1)
which = st.integers(0, 7)
companies = st.sampled_from((None, *NUMBERS))


def given(*what: str):
    """Only where there is something to do it with."""
    return precondition(lambda walk: walk.before.there.issuperset(what))


def address(number: int) -> str:
    return f"machine{number}@example.org"


def names(numbers: Sequence[int]) -> list[Named | None]:
    """A seat each; a number that is no address is a seat whose name follows."""
    return [Named(address(n), "Exempel", "Exempelsson") if n < ADDRESSES else None for n in numbers]


class World:
    """The rows that every sequence begins with."""

    def __init__(self) -> None:
        ensure_roles()
        self.municipalities = [make_municipality(code) for code in COUNTIES]
        self.promoter = make_promoter()
        self.staff = make_user(role=Role.COORDINATOR)
        for number in range(KNOWN):
            make_user(email=address(number))
        course, teams = make_course(), make_course("TEAM", unit=Course.Unit.TEAM)
        terms = ruling.write_terms(
            policy=None,
            name_sv="Hälften",
            name_en="Half",
            substitutes=True,
            steps=[ruling.Step(14, percent=50), ruling.Step(7, percent=100)],
            actor=self.staff,
        )
        self.runs = []
        for fields, count, rules in (
            ({"course": course}, 4, {}),
            ({"course": course}, 2, {}),
            ({"course": course, "price_ore": 80000}, 3, {"cancellation": terms}),
            ({"course": course, "price_ore": 80000}, 1, {}),
            ({"course": teams}, 2, {}),
            ({"course": teams}, 1, {}),
            ({"course": course, "selection": Run.Selection.APPLICATION}, 2, {}),
        ):
            made = make_run(now=BEGIN, sessions=1, starts_in_days=21, **fields)
            RunRules.objects.create(run=made, **rules)
            places.open_places(run=made, count=count)
            self.runs.append(made.pk)
        self.empty = empty_tables()


REFUSED = (
    booking.BookingError,
    MergeError,
    NotEligible,
    places.NotOpen,
    places.StatusError,
    places.TooFewFree,
)


class Walk(RuleBasedStateMachine):
    """One sequence: a transaction that is rolled back at its end, and the clock."""

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
        self.kept_to = Invariants(self.world.empty)
        self._noticing = connection.execute_wrapper(self.kept_to.notice)
        self._noticing.__enter__()

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

    def person(self, number: int) -> User:
        """Who signs in with this address, whoever was merged meanwhile."""
        return kept(User.objects.get(email=address(number)))

    def one(self, rows, number: int):
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None

    def seat(self, number: int, **filters) -> Enrollment | None:
        rows = Enrollment.objects.filter(**filters).select_related(
            "run__course", "run__host", "run__rules", "person", "booking__booked_by", "team"
        )
        return self.one(rows, number)

    def free(self, run: Run, region) -> int:
        """Places of a run that whoever does not stand in its line could have now."""
        region_id = region.pk if region else None
        run = self.run(self.world.runs.index(run.pk))
        return places.free_for_newcomer(run, region_id=region_id, now=self.now)

    @contextmanager
    def refusable(self, run: Run | None = None, region=None, count: int = 1):
        """A refusal is fine when it is one of ours and stores nothing; "full" must be true."""
        try:
            with transaction.atomic():
                yield
        except places.RunFull:
            free = self.free(run, region) if run else 0
            assert not run or free < count, f"refused {count} with {free} left"
        except REFUSED:
            pass

    # What holds after every step

    @invariant()
    def all_is_well(self) -> None:
        if self.kept_to.nothing_new(self.now):
            return
        written = bool(self.kept_to.written)
        broken = self.kept_to.broken(self.now, late=self.late)
        if written:
            after = Seen.look()
            before, self.before = self.before, after
            broken += passed_in_line(before, after, self.now)
            broken += over_the_limit(before, after)
            broken += broken_promises(after.there)
        assert not broken, "; ".join(broken)
