"""What the organiser and staff do: places, shares, rules, companies, duplicates, a run that does not take place."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from accounts.models import User
from enrollment import closing, merging, places, ruling
from enrollment import companies as known
from enrollment.models import Company, Enrollment, Place, RunRules, WaitingEntry

from .world import BEGIN, FREE, NUMBERS, SELECTED, Walk, address, addresses, runs

ORDERS = st.sampled_from(RunRules.Order.values)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "waiting_order": ORDERS,
        "most_per_company": st.sampled_from((None, 1, 2, 3)),
        "sme_only": st.booleans(),
        "no_overlap": st.booleans(),
        "regions_only": st.booleans(),
        "offer_hours": st.sampled_from((2, 30)),
    },
)


class Staff(Walk):
    @initialize(orders=st.tuples(*[ORDERS] * 7), shares=st.booleans())
    def begin(self, orders, shares) -> None:
        for run_id, order in zip(self.world.runs, orders, strict=True):
            RunRules.objects.filter(run=run_id).update(waiting_order=order)
        if shares:
            self.share(FREE, 0, 2, 3)
            self.share(SELECTED, 1, 1, 6)

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

    @rule(number=runs, changes=LIMITS)
    def the_rules_change(self, number, changes) -> None:
        ruling.set_rules(
            run=self.run(number), changes=changes, actor=self.world.staff, now=self.now
        )

    @rule(number=st.sampled_from(NUMBERS), size=st.sampled_from(("", *Company.Size.values)))
    def a_company_declares_its_size(self, number, size) -> None:
        if company := known.find(number=number):
            known.describe(
                company=company,
                email_domain="example.org",
                size=size,
                actor=self.world.staff,
                now=self.now,
            )

    @precondition(lambda walk: walk.now > BEGIN + timedelta(hours=12))
    @rule(keep=addresses, gone=addresses)
    def two_people_are_one(self, keep, gone) -> None:
        found = {user.email: user for user in User.objects.filter(email__startswith="machine")}
        stays, goes = found.get(address(keep)), found.get(address(gone))
        if stays and goes:
            with self.refusable():
                both = {"keep": stays, "gone": goes, "actor": self.world.staff}
                merging.merge(**both, now=self.now)
                merging.merge(**both, now=self.now)
                assert not Enrollment.objects.filter(person=goes).exists()

    @precondition(lambda walk: walk.now > BEGIN + timedelta(days=3))
    @rule(number=runs)
    def the_organiser_cancels_a_run(self, number) -> None:
        run = self.run(number)
        with self.refusable():
            closing.cancel_run(run=run, reason_text="", actor=None, now=self.now)
            assert run.is_cancelled
            assert not Enrollment.objects.live().filter(run=run).exists()
            assert not WaitingEntry.objects.open().filter(run=run).exists()
