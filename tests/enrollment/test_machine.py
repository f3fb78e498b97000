"""Every rule of the enrolment engine in random order, with the clock going on (and sometimes back).

    make machine                        # 2,000 sequences of 50 steps instead of 200
    MACHINE_EXAMPLES=20 pytest tests/enrollment/test_machine.py

One small world (`machine/world.py`): a course with two free runs, two with a price and one by application, two runs
for teams; eight addresses, two companies, three counties. Each sequence begins in it and is rolled back. `make
test` walks the same sequences every time; with the second database fewer of them: what differs there are races,
see `test_races`. They come in parts, so that the workers share them and each that is done is a dot.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine.changes import Changes
from .machine.clock import Clock
from .machine.entrances import Entrances
from .machine.line import Line
from .machine.money import Money
from .machine.staff import Staff
from .machine.world import Walk, World

ASKED = os.environ.get("MACHINE_EXAMPLES")
SEQUENCES, ON_THE_SECOND_DATABASE, PART = 200, 50, 50
STEPS = 50


class Machine(Clock, Entrances, Money, Line, Changes, Staff):
    """All rules; what holds after every step stands with `Walk`."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    again = metafunc.config.getoption("second_engine")
    sequences = int(ASKED or (ON_THE_SECOND_DATABASE if again else SEQUENCES))
    parts = [min(PART, sequences - begun) for begun in range(0, sequences, PART)]
    metafunc.parametrize(("part", "sequences"), list(enumerate(parts)))


@pytest.mark.long
@pytest.mark.django_db
def test_no_order_of_events_breaks_what_must_hold(part: int, sequences: int) -> None:
    Walk.world = World()
    try:
        run_state_machine_as_test(
            # When more of them are asked for, they are new ones every time.
            Machine if ASKED else seed(part)(Machine),
            settings=settings(
                max_examples=sequences,
                stateful_step_count=STEPS,
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
