"""The shape in which module texts are written down."""

from typing import Any, NamedTuple

from config.bilingual import Both

from ..words import both_rich


class Ask(NamedTuple):
    """A quiz question; an option given as a one-item list is right."""

    question: Both
    options: list[Any]
    explanation: Both


class Lesson(NamedTuple):
    intro: Both
    text: Both
    quiz: list[Ask]
    more: tuple[tuple[str, Any], ...] = ()


def lesson(intro: Both, sv: str, en: str, *quiz: Ask, more: tuple = ()) -> Lesson:
    return Lesson(intro, both_rich(sv, en), list(quiz), more)
