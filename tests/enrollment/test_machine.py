"""Every rule of the enrolment engine in random order, with the clock going on (and sometimes back).

    make machine                        # 2,000 sequences of 50 steps instead of 200
    MACHINE_EXAMPLES=20 pytest tests/enrollment/test_machine.py

One small world (`machine/world.py`): a course with two free runs, two with a price and one by application, two runs
for teams; eight addresses, two companies, three counties. Each sequence begins in it and is rolled back. `make
test` walks the same sequences every time.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine.changes import Changes
from .machine.clock import Clock
from .machine.entrances import Entrances
from .machine.line import Line
from .machine.money import Money
from .machine.staff import Staff
from .machine.world import Walk, World

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "200"))
STEPS = 50


class Machine(Clock, Entrances, Money, Line, Changes, Staff):
    """All rules; what holds after every step stands with `Walk`."""


@pytest.mark.long
@pytest.mark.django_db
def test_no_order_of_events_breaks_what_must_hold(request: pytest.FixtureRequest) -> None:
    """With the second database a tenth of the sequences: what differs there are races, see `test_races`."""
    again = request.config.getoption("second_engine") and "MACHINE_EXAMPLES" not in os.environ
    Walk.world = World()
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
        del Walk.world
