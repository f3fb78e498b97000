"""Reading: a run's people with their numbers, proposed and decided results."""

from dataclasses import dataclass

from courses.models import Run
from enrollment.learning.progress import for_enrollments
from enrollment.models import Enrollment

from .evidence import Evidence, NotReady, gather, open_meetings
from .models import Completion


@dataclass(frozen=True)
class Row:
    """One person: the numbers now, and what was proposed or decided. `online` counts the modules done on
    the site, which inform but do not decide."""

    enrollment: Enrollment
    evidence: Evidence | None
    completion: Completion | None
    online: int

    @property
    def numbers(self) -> dict:
        if self.completion and self.completion.status == Completion.Status.DECIDED:
            return self.completion.inputs["numbers"]
        source = self.evidence.inputs if self.evidence else self.completion.inputs
        return source["numbers"]

    @property
    def mandatory(self) -> int:
        source = self.evidence.inputs if self.evidence else self.completion.inputs
        return len(source["mandatory"])

    @property
    def computed(self) -> str:
        """What the numbers say, in the reader's words."""
        return Completion.Result(self.numbers["result"]).label

    @property
    def per_cent(self) -> int:
        """Whole per cent, rounded down: 79.9 is not 80."""
        return self.numbers["attended_min"] * 100 // self.numbers["scheduled_min"]

    @property
    def changed(self) -> bool:
        """The evidence is another than the one the result rests on."""
        return bool(
            self.completion
            and (not self.evidence or self.evidence.sha256 != self.completion.inputs_sha256)
        )


@dataclass(frozen=True)
class Overview:
    rows: list[Row]
    waiting: list[int]

    @property
    def proposed(self) -> list[Row]:
        return [r for r in self.rows if r.completion and r.completion.status == "proposed"]

    @property
    def unproposed(self) -> bool:
        """Whether "Propose" would do something."""
        return any(
            not r.completion or (r.changed and r.completion.status == "proposed") for r in self.rows
        )


def overview(run: Run) -> Overview:
    """The table of a run; while lists are open, `waiting` names their meetings and only earlier results
    are shown."""
    standing = {
        row.enrollment_id: row
        for row in Completion.objects.filter(enrollment__run=run).select_related(
            "enrollment__person", "proposed_by", "decided_by"
        )
    }
    try:
        found = {evidence.enrollment.pk: evidence for evidence in gather(run)}
    except NotReady:
        found = {}
    people = {pk: evidence.enrollment for pk, evidence in found.items()}
    people |= {pk: row.enrollment for pk, row in standing.items() if pk not in people}
    online = for_enrollments(people.values())
    rows = [
        Row(person, found.get(pk), standing.get(pk), len(online[pk]))
        for pk, person in people.items()
    ]
    return Overview(rows=rows, waiting=open_meetings(run))
