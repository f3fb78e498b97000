"""Changes to what is booked."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from enrollment import booking, changes, moving, places
from enrollment.models import Enrollment, Place
from enrollment.status import Reason, Status

from .world import Walk, addresses, given, names, runs, which

SENT = {"booking__booked_by__isnull": False}


class Changes(Walk):
    @given("sent")
    @rule(n=which, reason=st.sampled_from((Reason.BY_PERSON, Reason.BY_PERSON, Reason.BY_STAFF)))
    def somebody_cancels(self, n, reason) -> None:
        """Whoever has something: an applied, offered, held or confirmed seat; or an ended one again."""
        if seat := self.seat(n, **SENT):
            before = seat.status
            with self.refusable():
                changed = booking.cancel(enrollment=seat, reason=reason, actor=None, now=self.now)
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
    @rule(n=which, who=addresses)
    def a_colleague_takes_over(self, n, who) -> None:
        if seat := self.seat(n, status__in=Status.LIVE, **SENT):
            place = Place.objects.filter(enrollment=seat).first()
            with self.refusable():
                successor = changes.substitute(
                    enrollment=seat, named=names([who])[0], actor=None, now=self.now
                )
                assert Place.objects.filter(enrollment=successor).first() == place

    @given("sent", "live")
    @rule(n=which, number=runs, twice=st.booleans(), staff=st.booleans())
    def somebody_moves(self, n, number, twice, staff) -> None:
        """To another run of the course, alone or with the team, or to where it is not possible."""
        seat, run = self.seat(n, status__in=Status.LIVE, **SENT), self.run(number)
        if seat:
            actor = self.world.staff if staff else None
            count = 1 if seat.team_id is None else seat.team.members.placed().count()
            wanted = places.places_for(run, count)
            with self.refusable(run, seat.booking.region, wanted):
                made = moving.move(enrollment=seat, to_run=run, actor=actor, now=self.now)
                assert {new.run_id for new in made} == {run.pk}
                if twice:
                    again = moving.move(enrollment=seat, to_run=run, actor=actor, now=self.now)
                    assert again == made

    @given("team")
    @rule(n=which, who=addresses)
    def one_more_joins_a_team(self, n, who) -> None:
        if seat := self.seat(n, team__isnull=False):
            with self.refusable():
                changes.add_person(enrollment=seat, named=names([who])[0], actor=None, now=self.now)
