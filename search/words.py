"""Words as people type them: without diacritics, in any form, with a slip of the key.

The databases disagree about Swedish: PostgreSQL's stemmer makes "kurs" into "kur" and finds nothing, SQLite
knows no stems at all, and neither forgives a typo without extensions. So a query is widened here, the same on
both: the forms of a word share their beginning, synonyms stand in for each other, and what is
still unknown is replaced by the nearest word that the site's headings contain.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

SYNONYMS = (
    frozenset({"kurs", "utbildning", "kurstillfäll"}),
    frozenset({"course", "training"}),
    frozenset({"intyg", "certifikat"}),
    frozenset({"arrangör", "företagsfrämjar"}),
)
# Endings of nouns and adjectives, longest first: what is left begins every form of the word.
ENDINGS = {
    "sv": (
        "ningarna",
        "arnas",
        "ernas",
        "ornas",
        "arna",
        "erna",
        "orna",
        "aren",
        "ens",
        "ets",
        "ar",
        "er",
        "or",
    )
    + ("en", "et", "na", "an", "a", "e", "n", "s"),
    "en": ("ings", "ing", "ies", "es", "s"),
}
LONGEST = 80
MOST_WORDS = 6
SHORTEST_STEM = 4
ALIKE = 0.74


def plain(text: str) -> str:
    """Lower case without diacritics: "Skärgården" -> "skargarden"."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """The words of a query, lower case, letters and digits only: signs that mean something to a
    database or a pattern never reach it. At most six words of the first eighty characters."""
    return re.findall(r"[^\W_]+", text[:LONGEST].casefold())[:MOST_WORDS]


def stem(word: str, language: str) -> str:
    """The beginning that all forms of a word share; never shorter than four letters."""
    for ending in ENDINGS["en" if language == "en" else "sv"]:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def meanings(word: str, language: str) -> list[str]:
    """The stem of a word and of its synonyms, its own first."""
    own = stem(word, language)
    for group in SYNONYMS:
        if {plain(own), plain(word)} & {plain(other) for other in group}:
            return [own, *sorted(other for other in group if plain(other) != plain(own))]
    return [own]


def nearest(word: str, vocabulary: Iterable[str]) -> str | None:
    """The word of the vocabulary that was probably meant: the same but for diacritics, else the most
    similar one; None when nothing is close."""
    by_plain: dict[str, str] = {}
    for known in vocabulary:
        by_plain.setdefault(plain(known), known)
    typed = plain(word)
    if typed in by_plain:
        return by_plain[typed]
    beginning = [
        known for known in by_plain if len(typed) >= SHORTEST_STEM and known.startswith(typed)
    ]
    if beginning:
        return by_plain[min(beginning, key=len)]
    if len(typed) < SHORTEST_STEM:
        return None
    close = get_close_matches(typed, by_plain, n=1, cutoff=ALIKE)
    if close:
        return by_plain[close[0]]
    # A typo in a short word inside a compound: compare with beginnings of the same length.
    best = max(
        by_plain,
        key=lambda known: SequenceMatcher(None, typed, known[: len(typed)]).ratio(),
        default=None,
    )
    if best and SequenceMatcher(None, typed, best[: len(typed)]).ratio() >= 0.82:
        return by_plain[best]
    return None
