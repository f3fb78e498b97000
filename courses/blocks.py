"""What a module page holds besides the shared blocks: the questions of its quiz."""

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class Option(blocks.StructBlock):
    text = blocks.CharBlock(label=_("answer"), max_length=200)
    right = blocks.BooleanBlock(label=_("right answer"), required=False)

    class Meta:
        icon = "tick"
        label = _("answer")


class QuizQuestion(blocks.StructBlock):
    """A question with two to five answers, of which one or more are right. Graded by the learning room,
    which compares the set of chosen options with the set of right ones; the block's id names the question.
    """

    question = blocks.CharBlock(label=_("question"), max_length=300)
    options = blocks.ListBlock(Option(), label=_("answers"), min_num=2, max_num=5)
    explanation = blocks.TextBlock(
        label=_("explanation"),
        max_length=500,
        required=False,
        help_text=_("Shown when the question has been answered."),
    )

    class Meta:
        icon = "help"
        label = _("question")
        description = _("A question with two to five answers.")
        preview_value = {
            "question": "Vad betalar kunden för?",
            "options": [
                {"text": "Maskinen", "right": False},
                {"text": "Drifttiden", "right": True},
            ],
            "explanation": "Kunden köper ett resultat.",
        }

    def clean(self, value):
        cleaned = super().clean(value)
        texts = [option["text"].strip().casefold() for option in cleaned["options"]]
        problem = None
        if not any(option["right"] for option in cleaned["options"]):
            problem = _("Mark at least one answer as right.")
        elif len(set(texts)) < len(texts):
            problem = _("Two answers say the same.")
        if problem:
            raise blocks.StructBlockValidationError(
                block_errors={"options": ErrorList([ValidationError(problem)])}
            )
        return cleaned


class Quiz(blocks.StreamBlock):
    question = QuizQuestion()

    class Meta:
        max_num = 20
        required = False
