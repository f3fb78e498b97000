"""Those who wait, those who apply, and the offers that both get."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from enrollment import applications, offers, waiting
from enrollment import companies as known
from enrollment.models import Application, WaitingEntry
from enrollment.places import places_for
from enrollment.status import Status

from .world import TEAMS, TEAMS_TOO, Walk, companies, counties, given, persons, runs, which

PARTS = "booking__run__course", "booking__run__rules", "booking__run__host", "booking__region"


class Line(Walk):
    @rule(
        number=runs,
        person=persons,
        county=counties,
        group=st.booleans(),
        size=st.integers(2, 4),
        takes_part=st.booleans(),
        company=companies,
    )
    def somebody_waits(self, number, person, county, group, size, takes_part, company) -> None:
        grouped = group or number in (TEAMS, TEAMS_TOO)
        wanted, at_least = (size, max(1, size - 1)) if grouped else (1, 1)
        run, region = self.run(number), self.region(county)
        with self.refusable():
            try:
                waiting.join(
                    run=run,
                    person=self.person(person),
                    language="sv",
                    terms_accepted=True,
                    region=region,
                    company=known.find(number=company) if company else None,
                    takes_part=takes_part or not grouped,
                    wanted=wanted,
                    at_least=at_least,
                    now=self.now,
                )
            except waiting.PlacesFree:
                assert self.free(run, region), "sent to book where nothing can be booked"

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

    def application(self, n: int) -> Application:
        return self.one(Application.objects.select_related(*PARTS), n)

    @given("application")
    @rule(n=which, score=st.one_of(st.none(), st.integers(0, 100)), chosen=st.booleans())
    def an_application_is_judged(self, n, score, chosen) -> None:
        application, staff = self.application(n), self.world.staff
        with self.refusable():
            said = {"score": score, "chosen": chosen, "actor": staff, "now": self.now}
            applications.shortlist(application=application, **said)
            assert not applications.shortlist(application=application, **said)

    @given("application")
    @rule(n=which, again=st.booleans())
    def an_application_is_selected(self, n, again) -> None:
        application = self.application(n)
        booking, live = application.booking, application.booking.enrollments.live().count()
        choose = applications.offer_again if again else applications.select
        with self.refusable(booking.run, booking.region, places_for(booking.run, live or 4)):
            choose(application=application, actor=self.world.staff, now=self.now)
            offered = booking.enrollments.filter(status=Status.OFFERED).count()
            assert offered == live if live else offered

    @given("application")
    @rule(n=which)
    def an_application_is_turned_down(self, n) -> None:
        with self.refusable():
            applications.decline(
                application=self.application(n), actor=self.world.staff, now=self.now
            )

    @given("application", "offered")
    @rule(n=which, accepts=st.booleans())
    def the_selected_answer(self, n, accepts) -> None:
        booking, answer = self.application(n).booking, {"actor": None, "now": self.now}
        with self.refusable():
            if accepts:
                offers.accept(booking=booking, **answer)
                assert not booking.enrollments.filter(status=Status.OFFERED).exists()
            else:
                offers.decline(booking=booking, **answer)
