"""One figure, one line of JSON on stdout; everything else goes to stderr."""

import json
import sys


def report(name: str, value: float, unit: str, budget: float | None, database: str) -> None:
    """Print a figure beside its budget. `database` is "sqlite" or "postgresql"; `budget` None: none set."""
    line = {"name": name, "value": value, "unit": unit, "budget": budget, "database": database}
    print(json.dumps(line), flush=True)


def say(*words) -> None:
    print(*words, file=sys.stderr, flush=True)
