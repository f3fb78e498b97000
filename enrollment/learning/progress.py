"""A person's way through the modules: opened, answered, done."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from courses.models import Module
from enrollment.models import Enrollment

from .models import ModuleProgress
from .opening import openings
from .quiz import PASS_PER_CENT, Question, score


class LearningError(Exception):
    """Nothing was saved. `message` is for the reader."""

    message = _("Your answers could not be saved.")


class NotOpen(LearningError):
    message = _("The module is not open yet.")


class NotAnswered(LearningError):
    """`questions` are the numbers (from 0) of the questions without an answer."""

    message = _("Answer every question.")

    def __init__(self, questions: Sequence[int]):
        super().__init__(questions)
        self.questions = list(questions)


def opened(*, enrollment: Enrollment, module: Module, now: datetime) -> ModuleProgress:
    """Note that the person has opened the module; only the first time writes. Raises NotOpen."""
    opens_at = openings([enrollment.run]).get((enrollment.run_id, module.pk))
    if opens_at and now < opens_at:
        raise NotOpen
    return ModuleProgress.objects.get_or_create(
        enrollment=enrollment, module=module, defaults={"opened_at": now}
    )[0]


def mark_read(*, enrollment: Enrollment, module: Module, now: datetime) -> ModuleProgress:
    """The person has read a module that has no quiz: done. A second time changes nothing. Audited.

    Raises NotOpen.
    """
    with transaction.atomic():
        progress = _locked(enrollment, module, now)
        _done(progress, now)
    return progress


def answer(
    *,
    enrollment: Enrollment,
    module: Module,
    questions: Sequence[Question],
    answers: Sequence[Sequence[int]],
    now: datetime,
) -> ModuleProgress:
    """Grade the answers (per question the numbers of the chosen options) and keep them.

    The module is done at 80 per cent right; the best score stays, and what is done stays done. The same
    answers again are no new attempt. Audited when done. Raises NotOpen, NotAnswered.
    """
    empty = [i for i, chosen in enumerate(answers) if not chosen]
    if empty:
        raise NotAnswered(empty)
    answers = [sorted(set(chosen)) for chosen in answers]
    with transaction.atomic():
        progress = _locked(enrollment, module, now)
        if progress.attempts and progress.answers == answers:
            return progress
        reached = score(questions, answers)
        progress.answers = answers
        progress.attempts += 1
        progress.quiz_score = max(reached, progress.quiz_score or 0)
        progress.save(update_fields=["answers", "attempts", "quiz_score"])
        if reached >= PASS_PER_CENT:
            _done(progress, now)
    return progress


def for_enrollments(enrollments: Iterable[Enrollment]) -> dict[int, dict[int, datetime]]:
    """`{enrolment id: {module id: done at}}` of the modules that are done, in one query."""
    found: dict[int, dict[int, datetime]] = {enrollment.pk: {} for enrollment in enrollments}
    rows = ModuleProgress.objects.filter(enrollment__in=list(found), done_at__isnull=False)
    for enrollment, module, done_at in rows.values_list("enrollment_id", "module_id", "done_at"):
        if done_at:
            found[enrollment][module] = done_at
    return found


def _locked(enrollment: Enrollment, module: Module, now: datetime) -> ModuleProgress:
    made = opened(enrollment=enrollment, module=module, now=now)
    return ModuleProgress.objects.select_for_update().get(pk=made.pk)


def _done(progress: ModuleProgress, now: datetime) -> None:
    if progress.done_at:
        return
    progress.done_at = now
    progress.save(update_fields=["done_at"])
    record(
        "learning.done",
        progress,
        actor=progress.enrollment.person,
        data={"module": progress.module_id, "score": progress.quiz_score},
    )
