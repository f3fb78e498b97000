"""The module page of a run's people."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts.policy import guard, visible
from courses.models import Module
from courses.words import module_page_for
from enrollment.models import Enrollment

from . import progress, quiz
from .models import ModuleProgress
from .opening import openings


def _chosen(request: HttpRequest, questions: list[quiz.Question]) -> list[list[int]]:
    """The numbers of the options ticked per question; what no form of ours sends is left out."""
    return [
        [
            int(text)
            for text in request.POST.getlist(f"q{i}")
            if text.isascii() and text.isdigit() and int(text[:3]) < len(question.options)
        ]
        for i, question in enumerate(questions)
    ]


@guard("signed_in")
@require_http_methods(["GET", "HEAD", "POST"])
def module(request: HttpRequest, enrollment: UUID, module: int) -> HttpResponse:
    now = timezone.now()
    own = visible(request.user, Enrollment).confirmed().filter(person=request.user)
    taking = get_object_or_404(own.select_related("run__course"), public_id=enrollment)
    station = get_object_or_404(Module, course=taking.run.course_id, order=module)
    page = module_page_for(station, get_language())
    questions = quiz.questions_of(page)
    state = ModuleProgress.objects.filter(enrollment=taking, module=station).first()
    context = {"enrollment": taking, "module": station, "words": page}
    opens_at = openings([taking.run]).get((taking.run_id, station.pk))
    if page is None or (opens_at and now < opens_at):
        context["opens_at"] = opens_at if opens_at and now < opens_at else None
        return render(request, "learning/closed.html", context)

    missing: list[int] = []
    answers = state.answers if state else []
    if request.method == "POST":
        answers = _chosen(request, questions)
        try:
            if questions:
                progress.answer(
                    enrollment=taking, module=station, questions=questions, answers=answers, now=now
                )
            else:
                progress.mark_read(enrollment=taking, module=station, now=now)
            return redirect("module", taking.public_id, station.order)
        except progress.NotAnswered as error:
            missing = error.questions
    elif state is None:
        state = progress.opened(enrollment=taking, module=station, now=now)

    graded = bool(state and state.attempts and request.method != "POST")
    if len(answers) != len(questions):
        answers, graded = [[] for _question in questions], False
    context |= {
        "progress": state,
        "graded": graded,
        "passed": quiz.score(questions, answers) >= quiz.PASS_PER_CENT if graded else False,
        "score": quiz.score(questions, answers) if graded else None,
        "questions": [
            {
                "number": i,
                "question": question,
                "chosen": answers[i],
                "missing": i in missing,
                "right": set(answers[i]) == question.right,
            }
            for i, question in enumerate(questions)
        ],
        "missing": missing,
        "language": page.locale.language_code,
        "fallback": page.locale.language_code != get_language(),
    }
    return render(request, "learning/module.html", context, status=400 if missing else 200)
