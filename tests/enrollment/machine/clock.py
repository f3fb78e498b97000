"""Time passes, with the periodic duties or without."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from enrollment import tasks
from enrollment.models import Enrollment
from enrollment.status import Status

from .world import Walk

WHILES = (1, 11, 19, 25, 39, 41, 50, 3 * 60, 8 * 60, 30 * 60)
"""Minutes: about the times that drafts, payment pages and holds last, a night, a day and some."""


class Clock(Walk):
    def forward(self, by: timedelta, *, worker: bool) -> None:
        self.now += by
        self.late = not worker
        if worker:
            tasks.expire_overdue(self.now)

    @rule(minutes=st.sampled_from(WHILES), worker=st.sampled_from((True, True, False)))
    def a_while_passes(self, minutes, worker) -> None:
        self.forward(timedelta(minutes=minutes), worker=worker)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days) -> None:
        self.forward(timedelta(days=days), worker=True)
        tasks.remind_of_offers(self.now)
        tasks.remind_of_names(self.now)
        tasks.tell_of_changed_meetings(self.now)
        tasks.forget_needs(self.now)

    @precondition(lambda walk: walk.late)
    @rule()
    def the_worker_wakes_up(self) -> None:
        self.forward(timedelta(), worker=True)

    @precondition(lambda walk: "cancelled" in walk.before.there)
    @rule()
    def the_clock_steps_back(self) -> None:
        ended = set(Enrollment.objects.exclude(status__in=Status.LIVE).values_list("pk", flat=True))
        self.forward(-timedelta(minutes=5), worker=True)
        again = Enrollment.objects.filter(pk__in=ended, status__in=Status.LIVE)
        assert not again.exists()
