"""Decided results and certificates, made through the real functions."""

from datetime import datetime, timedelta

from accounts.roles import Role
from certificates.issue import issue, store_file
from certificates.models import Certificate
from enrollment.completion.decide import decide, propose
from enrollment.completion.models import Completion
from tests.accounts.factories import make_user
from tests.enrollment.attendance.factories import hold, make_led_run


def make_decided(
    *, now: datetime, choices: tuple[str, ...] = ("present",), coordinator=None, **fields
) -> list[Completion]:
    """A run held a month ago and decided now; one person per choice, results in that order."""
    run, leader, people = make_led_run(now=now - timedelta(days=30), people=len(choices), **fields)
    hold(run, dict(zip(people, choices, strict=True)), by=leader)
    propose(run=run, actor=leader, now=now)
    coordinator = coordinator or make_user(role=Role.COORDINATOR)
    decide(completions=Completion.objects.filter(enrollment__run=run), actor=coordinator, now=now)
    rows = {row.enrollment_id: row for row in Completion.objects.filter(enrollment__run=run)}
    return [rows[person.pk] for person in people]


def make_certificate(*, now: datetime, stored: bool = True, **fields) -> Certificate:
    """A course certificate of one person, printed unless `stored` is false."""
    (completion,) = make_decided(now=now, **fields)
    certificate = issue(completion=completion, actor=completion.decided_by, now=now)
    if stored:
        store_file(certificate_id=certificate.pk, now=now)
    return certificate
