"""What participants read and answer in the modules."""

from typing import Any

from config.bilingual import Both, items, put_page, stream
from courses.models import CoursePage, ModulePage

from .modules_cir import CIR
from .modules_tda import TDA
from .modules_upd import UPD
from .parts import Lesson

LESSONS: dict[str, list[Lesson]] = {"TDA": TDA, "UPD": UPD, "CIR": CIR}


def put_module_pages(pages: dict[str, CoursePage]) -> None:
    """A page for every module of every course, in both languages, with its quiz."""
    for code, lessons in LESSONS.items():
        modules = list(pages[code].course.modules.all())
        for module, lesson in zip(modules, lessons, strict=True):
            put_page(
                pages[code],
                ModulePage,
                slug=Both(f"modul-{module.order}", f"module-{module.order}"),
                title=Both(module.name_sv, module.name_en),
                module=module,
                intro=lesson.intro,
                body=stream(("text", lesson.text), *lesson.more),
                quiz=stream(*(quiz_question(*question) for question in lesson.quiz)),
            )


def quiz_question(ask: Both, options: list, explanation: Both) -> tuple[str, Any]:
    """`options` are texts; those given as a one-item list are right."""
    answers = [
        {"text": option[0], "right": True}
        if isinstance(option, list)
        else {"text": option, "right": False}
        for option in options
    ]
    return "question", {
        "question": ask,
        "options": items(*answers),
        "explanation": explanation,
    }
