"""The words of the film on the first story: captions and transcript in both languages."""

from typing import Any

from config.bilingual import Both

from ..files import put_document
from ..film import film

# Seconds and what is said from then on.
LINES = Both(
    [
        (0, "Förr: en affär, sedan tystnad i tio år."),
        (4, "Nu: en avgift varje månad."),
        (10, "Andra året litet högre. Anläggningen håller."),
        (15, "Efter tre år: trettiosex avgifter, och kunden är kvar."),
    ],
    [
        (0, "Then: one deal, followed by ten years of silence."),
        (4, "Now: a fee every month."),
        (10, "A little higher in the second year. The plant holds."),
        (15, "After three years: thirty-six fees, and the customer is still there."),
    ],
)
END = 18


def captions(lines: list[tuple[int, str]]) -> bytes:
    """WebVTT."""
    ends = [start for start, _words in lines[1:]] + [END]
    cues = (
        f"00:{start:02}.000 --> 00:{end:02}.000\n{words}\n"
        for (start, words), end in zip(lines, ends, strict=True)
    )
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def film_block() -> tuple[str, dict[str, Any]]:
    """A video block; the file is the same in both languages, its words are not."""
    texts = {
        language: put_document(
            title,
            f"drifttiden-{language}.vtt",
            lambda language=language: captions(getattr(LINES, language)),
        )
        for language, title in (("sv", "Drifttiden, textning"), ("en", "Uptime, captions"))
    }
    silent = Both(
        "Filmen är en tecknad bild utan ljud: en hög stapel till vänster, och till höger en ny stapel för"
        " varje månad.",
        "The film is a drawing without sound: one tall bar to the left, and to the right a new bar for every"
        " month.",
    )
    return "video", {
        "title": Both("Från en affär till trettiosex", "From one deal to thirty-six"),
        "file": put_document("Drifttiden, film", "drifttiden.webm", film),
        "address": "",
        "captions": Both(texts["sv"], texts["en"]),
        "transcript": Both(
            "\n".join([silent.sv, *(words for _start, words in LINES.sv)]),
            "\n".join([silent.en, *(words for _start, words in LINES.en)]),
        ),
    }
