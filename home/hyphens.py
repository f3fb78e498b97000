"""Soft hyphens in long words of headings: browsers have no Swedish dictionary on every system, and
*omställningsförmåga* is wider than a phone."""

import re
from functools import lru_cache

import pyphen
from django.utils.translation import get_language

SOFT = "\N{SOFT HYPHEN}"
DICTIONARIES = {"sv": "sv", "en": "en_GB"}
LONG_WORD = re.compile(r"[^\W\d_]{12,}")


@lru_cache(maxsize=2)
def _dictionary(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=DICTIONARIES[language], left=4, right=4)


def hyphenated(text: str, *, language: str | None = None) -> str:
    """The text with soft hyphens in words of twelve letters and more; otherwise unchanged."""
    chosen = (language or get_language() or "sv")[:2]
    return _hyphenated(text, chosen if chosen in DICTIONARIES else "sv")


@lru_cache(maxsize=1024)
def _hyphenated(text: str, language: str) -> str:
    return LONG_WORD.sub(lambda m: _dictionary(language).inserted(m.group(), SOFT), text)
