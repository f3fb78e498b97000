"""Reads `table.txt`."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from .world import ROLES


@dataclass(frozen=True)
class Line:
    name: str
    method: str
    whose: str
    cells: dict[str, str]

    @property
    def family(self) -> bool:
        return "*" in self.name

    def covers(self, name: str) -> bool:
        return fnmatchcase(name, self.name)


def read() -> list[Line]:
    rows = [
        row.split()
        for row in Path(__file__).with_name("table.txt").read_text().splitlines()
        if row.strip() and not row.startswith("#")
    ]
    assert rows[0][3:] == list(ROLES), "the columns are the roles"
    assert all(len(row) == len(rows[0]) for row in rows), "a line has a cell for every role"
    return [Line(*row[:3], dict(zip(ROLES, row[3:], strict=True))) for row in rows[1:]]
