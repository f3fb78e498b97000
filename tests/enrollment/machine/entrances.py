"""Who enters where: the person's own form, a company's three screens, staff, a file, names that follow."""

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from enrollment import booking, confirming, drafts, group_booking, importing
from enrollment import companies as known
from enrollment.importing import Outcome
from enrollment.models import Booking, Company, Enrollment
from enrollment.needs import NeedsError
from enrollment.participant_file import Line
from enrollment.places import places_for
from enrollment.status import Status

from .world import (
    ADDRESSES,
    NUMBERS,
    SELECTED,
    Walk,
    address,
    addresses,
    companies,
    counties,
    given,
    names,
    persons,
    runs,
    which,
)

SEATS = st.lists(st.integers(0, ADDRESSES + 3), min_size=4, max_size=4)


class Entrances(Walk):
    def token(self, again: bool):
        if not again or not self.tokens:
            self.tokens.append(uuid4())
        return self.tokens[-1]

    @rule(number=runs, person=persons, county=counties, again=st.booleans())
    def somebody_books(self, number, person, county, again) -> None:
        run, region, who = self.run(number), self.region(county), self.person(person)
        with self.refusable(run, region):
            made = booking.book(
                run=run,
                person=who,
                booked_by=who,
                token=self.token(again),
                language="sv",
                terms_accepted=True,
                region=region,
                now=self.now,
            )
            assert made.booked_by == who

    @rule(number=runs, who=addresses, county=counties, company=companies)
    def staff_add_somebody(self, number, who, county, company) -> None:
        run, region = self.run(number), self.region(county)
        with self.refusable(run, region):
            made = booking.sign_up(
                email=address(who).upper(),
                first_name="Exempel",
                last_name="Exempelsson",
                run=run,
                company=known.find(number=company) if company else None,
                token=uuid4(),
                language="sv",
                terms_accepted=True,
                region=region,
                actor=self.world.staff,
                now=self.now,
            )
            assert made.enrollments.live().count() == 1

    @rule(
        number=runs,
        company=companies,
        county=st.integers(0, 2),
        people=st.integers(1, 4),
        again=st.booleans(),
    )
    def a_company_opens_the_check_screen(self, number, company, county, people, again) -> None:
        if number == SELECTED:
            return
        run, region = self.run(number), self.municipality(county).region
        with self.refusable(run, region, places_for(run, people)):
            draft = drafts.hold(
                run=run,
                token=self.token(again),
                people=people,
                region=region,
                company=known.find(number=company) if company else None,
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
        booker=addresses,
        county=st.integers(0, 2),
        seats=SEATS,
        count=st.integers(1, 4),
        company=st.sampled_from(NUMBERS),
        size=st.sampled_from(("", "", Company.Size.SMALL, Company.Size.LARGE)),
    )
    def a_company_sends(
        self, number, n, fresh, booker, county, seats, count, company, size
    ) -> None:
        """A draft as it was held, or a form without one (the time had run out, JavaScript was off)."""
        draft = None if fresh else self.one(Booking.objects.filter(booked_by=None), n)
        run = self.run(self.world.runs.index(draft.run_id) if draft else number)
        if draft:
            count = draft.enrollments.held().count() or 1
            county = next(i for i in range(3) if self.municipality(i).region == draft.region)
        form = {
            "run": run,
            "token": draft.token if draft else uuid4(),
            "booker": names([booker])[0],
            "number": company,
            "company_name": "Exempel Ventil AB",
            "municipality": self.municipality(county),
            "people": names(seats[:count]),
            "language": "sv",
            "size": size,
            "terms_accepted": True,
            "now": self.now,
        }
        with self.refusable():
            made = group_booking.send(**form)
            assert made.enrollments.live().count() == count
            assert group_booking.send(**form) == made

    @given("unnamed")
    @rule(n=which, who=addresses, by=persons)
    def a_seat_gets_its_name(self, n, who, by) -> None:
        rows = Enrollment.objects.unnamed().select_related("run__course", "run__host", "booking")
        if seat := self.one(rows, n):
            with self.refusable():
                group_booking.name_seat(
                    enrollment=seat, named=names([who])[0], actor=self.person(by), now=self.now
                )

    @given("named")
    @rule(n=which, takes_part=st.booleans())
    def somebody_answers_the_notice(self, n, takes_part) -> None:
        """Whoever was named confirms their own data, or does not want to take part."""
        seat = self.seat(n, status__in=Status.LIVE, person__isnull=False)
        if not seat or seat.booking.is_draft:
            return
        if not takes_part:
            assert confirming.decline(enrollment=seat, now=self.now)
            return
        own = {"details": {}, "diet": ["vegan"], "access": [], "consent": True}
        try:
            confirming.confirm(enrollment=seat, now=self.now, **own)
        except NeedsError:
            return

    @rule(
        number=runs,
        rows=st.lists(st.tuples(addresses, companies, st.integers(0, 2)), min_size=1, max_size=4),
    )
    def a_file_is_imported(self, number, rows) -> None:
        run = self.run(number)
        self.now += timedelta(seconds=1)
        lines = [
            Line(
                n,
                first_name="Exempel",
                last_name="Exempelsson",
                email=address(who),
                number=company or "",
                company="Exempel AB",
                municipality=self.world.municipalities[county].name,
            )
            for n, (who, company, county) in enumerate(rows, start=2)
        ]
        told = importing.preview(run=run, lines=lines, now=self.now)
        done = importing.import_lines(run=run, lines=lines, actor=self.world.staff, now=self.now)
        added = [verdict.outcome == Outcome.ADDED for verdict in done]
        # What the worker has not expired yet, the preview leaves alone.
        expected = self.late or added[0] == (told[0].outcome == Outcome.ADDED)
        assert expected, f"{told[0].words}, {done[0].words}"
        self.now += timedelta(seconds=1)
        again = importing.import_lines(run=run, lines=lines, actor=self.world.staff, now=self.now)
        assert not any(verdict.outcome == Outcome.ADDED for verdict in again)
