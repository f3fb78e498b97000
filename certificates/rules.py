"""Registry lines of this room: policy, personal data, invariants."""

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.policy import can, rule, visibility
from accounts.registries import WorkItem, invariant, register_personal_data, work
from accounts.roles import Role, has_role
from enrollment.completion.models import Completion
from enrollment.models import Enrollment

from . import tasks  # noqa: F401 - registers the periodic duty
from .models import Certificate, CertificateFile


@rule("certificates.issue")
def _issue(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR)


@rule("certificates.see")
def _see(actor, obj=None) -> bool:
    return has_role(actor, Role.COORDINATOR, Role.PROMOTER)


@visibility(Certificate)
def _certificates(actor):
    """The holder's own; all for coordinators; those of their runs for a promoter's staff."""
    if not actor.is_authenticated or not actor.is_active:
        return Certificate.objects.none()
    if has_role(actor, Role.COORDINATOR):
        return Certificate.objects.all()
    seen = Q(enrollment__person=actor)
    if has_role(actor, Role.PROMOTER):
        # A subquery and no join: a join would give a row for every colleague at the host.
        seen |= Q(enrollment__run__host__in=actor.promoters.all())
    return Certificate.objects.filter(seen)


register_personal_data(
    Certificate,
    purpose=_("Proof of training that the holder and third parties can check"),
    until=_("the project's retention rule; then the name is removed from the snapshot"),
    erase="keep",
    path="enrollment__person",
    fields=("number", "code", "kind", "status", "issued_at", "facts"),
)
register_personal_data(
    CertificateFile,
    purpose=_("The issued document itself"),
    until=_("as long as its certificate"),
    erase="keep",
    path="certificate__enrollment__person",
    fields=("sha256", "stored_at"),
)


@work("certificates to issue")
def _to_issue(actor, now):
    """Runs with decided results that earn a certificate nobody has issued yet."""
    if not can(actor, "certificates.issue"):
        return
    earned = Completion.objects.decided().filter(
        result__in=(Completion.Result.COMPLETED, Completion.Result.ATTENDED), certificates=None
    )
    runs = earned.values("enrollment__run__code").annotate(since=Max("decided_at"))
    for row in runs.order_by("since"):
        code = row["enrollment__run__code"]
        yield WorkItem(
            title=gettext("Issue certificates for %(run)s") % {"run": code},
            since=row["since"],
            url=f"{reverse('certificate:issue')}?run={code}",
        )


@invariant("certificate rests on a decision")
def _decided(now):
    """No certificate without a decided completion of the same enrolment (invariant 10)."""
    orphans = Certificate.objects.exclude(completion__decided_at__isnull=False)
    yield from (f"certificate {pk} has no decision" for pk in orphans.values_list("pk", flat=True))
    for certificate in Certificate.objects.select_related("completion").only(
        "pk", "enrollment_id", "completion__enrollment_id"
    ):
        if certificate.enrollment_id != certificate.completion.enrollment_id:
            yield f"certificate {certificate.pk} rests on another enrolment's decision"


@invariant("certificate has a holder")
def _held(now):
    named = Certificate.objects.filter(enrollment__in=Enrollment.objects.filter(person=None))
    yield from (f"certificate {pk} has no holder" for pk in named.values_list("pk", flat=True))
