"""What a certificate says: one snapshot of plain values, taken when it is issued (R-CERT-01).

Everything printed comes from here, so the same snapshot always makes the same page. Minutes are whole
numbers, dates ISO strings, texts in both languages side by side.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Session
from enrollment.completion.models import Completion

from .models import Certificate

# The longest content that was set and looked at; a fixed row never grows, it would overlap.
LIMITS = {"holder": 60, "course_name": 90, "line": 52, "issuer": 34}
MAX_LIST_LINES = 13
FIELDS = {
    "holder": _("holder's name"),
    "course_sv": _("course name in Swedish"),
    "course_en": _("course name in English"),
    "issuer": _("issuer's name"),
    "co_organisers": _("co-organiser's name"),
    "outcomes": _("learning outcome"),
    "lines": _("modules and outcomes together, lines"),
}


class TooLong(Exception):
    """The content does not fit the page; `field` and `limit` say what must be shortened."""

    def __init__(self, field: str, limit: int):
        super().__init__(f"{field}: at most {limit}")
        self.field = field
        self.limit = limit

    @property
    def message(self) -> str:
        """What must be shortened, in the reader's words."""
        return gettext("Too long for the page: %(field)s, at most %(limit)d.") % {
            "field": FIELDS[self.field],
            "limit": self.limit,
        }


def kind_for(completion: Completion) -> str | None:
    """Which certificate a decision earns: completed → course, attended → attendance, else none."""
    return {
        Completion.Result.COMPLETED: Certificate.Kind.COURSE,
        Completion.Result.ATTENDED: Certificate.Kind.ATTENDANCE,
    }.get(completion.result)


def take(completion: Completion) -> dict[str, Any]:
    """The snapshot for one decided completion. Raises TooLong."""
    enrollment = completion.enrollment
    run = enrollment.run
    course = run.course
    # The minutes are those that were decided on, not those of today.
    decided = {row["number"]: row for row in completion.inputs["meetings"] if row["required"]}
    sessions = list(
        run.sessions.filter(number__in=decided)
        .exclude(status=Session.Status.CANCELLED)
        .prefetch_related("modules")
        .order_by("starts_at")
    )
    meetings = []
    per_module: dict[int, list[int]] = {}
    for session in sessions:
        scheduled = decided[session.number]["minutes"]
        attended = decided[session.number]["credited"]
        modules = list(session.modules.all())
        for module in modules:
            total = per_module.setdefault(module.pk, [0, 0])
            total[0] += attended
            total[1] += scheduled
        local = timezone.localtime(session.starts_at)
        meetings.append(
            {
                "date": local.date().isoformat(),
                "name_sv": ", ".join(module.name_sv for module in modules),
                "name_en": ", ".join(module.name_en for module in modules),
                "minutes": scheduled,
                "attended": attended,
            }
        )
    facts = {
        "holder": enrollment.person.get_full_name() or enrollment.person.email,
        "employer": enrollment.booking.company_name,
        "course_code": course.code,
        "syllabus": course.syllabus_version,
        "course_sv": course.name_sv,
        "course_en": course.name_en,
        "run_code": run.code,
        "format": run.format,
        "place": run.municipality.name if run.municipality else "",
        "first_date": meetings[0]["date"] if meetings else None,
        "last_date": meetings[-1]["date"] if meetings else None,
        "meetings": meetings,
        "scheduled_minutes": sum(meeting["minutes"] for meeting in meetings),
        "attended_minutes": sum(meeting["attended"] for meeting in meetings),
        "workload_minutes": course.teaching_minutes
        + course.coaching_minutes
        + course.own_work_minutes,
        "modules": [
            {
                "order": module.order,
                "name_sv": module.name_sv,
                "name_en": module.name_en,
                "minutes": per_module[module.pk][1],
                "attended": per_module[module.pk][0],
            }
            for module in course.modules.order_by("order")
            if module.pk in per_module
        ],
        "outcomes": [
            {"text_sv": outcome.text_sv, "text_en": outcome.text_en}
            for outcome in course.outcomes.order_by("order")
        ],
        "issuer": run.host.legal_name,
        "issuer_number": run.host.registration_number,
        "co_organisers": sorted(
            {
                partner.promoter.legal_name
                for partner in run.partners.select_related("promoter")
                if partner.promoter_id != run.host_id
            }
        )[:2],
        "leader": next((leader.get_full_name() for leader in run.leaders.order_by("pk")), ""),
        "decided_by": completion.decided_by.get_full_name() if completion.decided_by else "",
        "decided_on": timezone.localtime(completion.decided_at).date().isoformat(),
        "policy": completion.policy_version,
    }
    _check_lengths(facts)
    return facts


def _check_lengths(facts: dict[str, Any]) -> None:
    checks = [
        ("holder", facts["holder"], LIMITS["holder"]),
        ("course_sv", facts["course_sv"], LIMITS["course_name"]),
        ("course_en", facts["course_en"], LIMITS["course_name"]),
        ("issuer", facts["issuer"], LIMITS["issuer"]),
        *(("co_organisers", name, LIMITS["issuer"]) for name in facts["co_organisers"]),
        *(
            ("outcomes", outcome[key], LIMITS["line"])
            for outcome in facts["outcomes"]
            for key in ("text_sv", "text_en")
        ),
    ]
    for field, value, limit in checks:
        if len(value) > limit:
            raise TooLong(field, limit)
    if max(len(facts["modules"]) + len(facts["outcomes"]), len(facts["meetings"])) > MAX_LIST_LINES:
        raise TooLong("lines", MAX_LIST_LINES)
