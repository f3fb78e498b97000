"""Who of a run gets a certificate, and what is in the way, before anything is issued."""

from dataclasses import dataclass

from courses.models import Run
from enrollment.completion.models import Completion

from . import facts
from .models import Certificate


@dataclass(frozen=True)
class Line:
    """One decided result: `standing` is the certificate it already has, `problem` why it cannot be issued."""

    completion: Completion
    kind: str | None
    standing: Certificate | None
    problem: str

    @property
    def ready(self) -> bool:
        return self.kind is not None and self.standing is None and not self.problem


def preview(*, run: Run) -> list[Line]:
    """One line per decided completion of the run, with the gaps named; writes nothing."""
    completions = (
        Completion.objects.decided()
        .filter(enrollment__run=run)
        .select_related(
            "decided_by",
            "enrollment__person",
            "enrollment__booking",
            "enrollment__run__course",
            "enrollment__run__host",
            "enrollment__run__municipality",
        )
        .order_by("enrollment__person__last_name", "enrollment__person__first_name", "pk")
    )
    standing = {
        (certificate.enrollment_id, certificate.kind): certificate
        for certificate in Certificate.objects.current().filter(enrollment__run=run)
    }
    lines = []
    for completion in completions:
        kind = facts.kind_for(completion)
        has = standing.get((completion.enrollment_id, kind))
        lines.append(
            Line(completion, kind, has, "" if has or kind is None else _problem(completion))
        )
    return lines


def _problem(completion: Completion) -> str:
    try:
        facts.take(completion)
    except facts.TooLong as error:
        return error.message
    return ""
