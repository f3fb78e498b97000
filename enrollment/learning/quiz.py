"""Grading a module's quiz: on the server, so that it works without scripts and cannot be read ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

PASS_PER_CENT = 80


@dataclass(frozen=True)
class Question:
    """`right` holds the numbers of the right options; more than one makes it a question of many ticks."""

    text: str
    options: tuple[str, ...]
    right: frozenset[int]
    explanation: str

    @property
    def many(self) -> bool:
        return len(self.right) > 1


def questions_of(page) -> list[Question]:
    """The quiz of a module page (or of none), in its order."""
    return [
        Question(
            text=block.value["question"],
            options=tuple(option["text"] for option in block.value["options"]),
            right=frozenset(
                i for i, option in enumerate(block.value["options"]) if option["right"]
            ),
            explanation=block.value["explanation"],
        )
        for block in (page.quiz if page else ())
    ]


def score(questions: Sequence[Question], answers: Sequence[Sequence[int]]) -> int:
    """Whole per cent of the questions whose chosen options are exactly the right ones, rounded down."""
    right = sum(set(a) == q.right for q, a in zip(questions, answers, strict=True))
    return right * 100 // len(questions)
