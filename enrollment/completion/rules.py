"""Registry lines of this room: policy, visibility, personal data, invariants, work-list."""

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.policy import can, rule, visibility, visible
from accounts.registries import WorkItem, invariant, register_personal_data, work
from accounts.roles import Role, has_role
from courses.models import Run
from enrollment.attendance.models import Roster
from enrollment.eligibility import eligibility, known_under

from .evidence import outcome_of, sha256_of
from .models import Completion, LedRun


@rule("completion.propose")
def _propose(actor, obj=None) -> bool:
    return has_role(actor, Role.LEADER, Role.PROMOTER, Role.COORDINATOR)


@rule("completion.manage")
def _manage(actor, obj=None) -> bool:
    """The pages in the admin; leaders have their own page."""
    return has_role(actor, Role.PROMOTER, Role.COORDINATOR)


@rule("completion.decide")
def _decide(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR)


@visibility(LedRun)
def _led_runs(actor):
    """The runs whose attendance the actor may take."""
    runs = LedRun.objects.exclude(status=Run.Status.DRAFT)
    return runs.filter(pk__in=visible(actor, Roster).order_by().values("run"))


@visibility(Completion)
def _completions(actor):
    return Completion.objects.filter(enrollment__run__in=visible(actor, LedRun).values("pk"))


register_personal_data(
    Completion,
    purpose=_("Evidence of the result, for the certificate and the funder's report"),
    until=_("the funder's retention period ends"),
    erase="keep",
    path="enrollment__person",
    fields=("result", "policy_version", "inputs", "decided_at", "exception_reason", "completed_on"),
)


def _completed(candidates, rules, now) -> tuple[dict[str, str], set[str]]:
    """The addresses of the named as people are stored under, and which of these have completed the course
    that the run builds on."""
    if rules.prerequisite_id is None or not any(candidate.addresses for candidate in candidates):
        return {}, set()
    stored = known_under(candidates)
    completed = Completion.objects.decided().filter(
        result=Completion.Result.COMPLETED,
        enrollment__run__course=rules.prerequisite_id,
        enrollment__person__email__in=stored.values(),
    )
    return stored, set(completed.values_list("enrollment__person__email", flat=True))


@eligibility("prerequisite", facts=_completed, of_people=True)
def _has_completed_before(candidate, rules, facts) -> str | None:
    """Everybody named has completed the course that this run builds on. Who is not named yet is asked for
    when the name comes."""
    if rules.prerequisite_id is None:
        return None
    stored, completed = facts
    lacking = sorted({stored[address] for address in candidate.addresses} - completed)
    if not lacking:
        return None
    return gettext(
        "This course run builds on “%(course)s”: everybody who takes part must have completed that course"
        " first. It is not noted for %(people)s."
    ) % {
        "course": rules.prerequisite.name_in(get_language()),
        "people": ", ".join(lacking),
    }


@invariant("completion: every result has its evidence")
def _evidence(now):
    """10: the stored numbers are the hashed ones, the arithmetic gives the same again, and who decided
    otherwise wrote why and was not the proposer."""
    for row in Completion.objects.all():
        if sha256_of(row.inputs) != row.inputs_sha256:
            yield f"completion {row.pk}: inputs differ from their hash"
            continue
        proposed = outcome_of(row.inputs).result
        if proposed != row.result and (
            not row.exception_reason or row.decided_by_id in (None, row.proposed_by_id)
        ):
            yield f"completion {row.pk}: {row.result} decided, {proposed} computed, no exception"


@work("results to decide")
def _to_decide(actor, now):
    if not can(actor, "completion.decide"):
        return
    waiting = visible(actor, Completion).proposed().select_related("enrollment__run")
    seen = {}
    for row in waiting.order_by("proposed_at"):
        seen.setdefault(row.enrollment.run, row.proposed_at)
    for run, since in seen.items():
        yield WorkItem(
            title=gettext("Decide the results of %(run)s") % {"run": run.code},
            since=since,
            url=reverse("completions:run", args=[run.pk]),
            promoter_id=run.host_id,
        )
