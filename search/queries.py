"""One search over pages, courses and runs.

Never found: drafts, pages behind a restriction, module pages (participants' material), anything about people.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.text import slugify
from wagtail.models import Locale, Page

from courses.models import Course, CoursePage, ModulePage, Run
from home.models import Municipality, Promoter

from .words import LONGEST, SYNONYMS, meanings, nearest, plain, words_of

MOST = 20
VOCABULARY_PAGES = 2000
COURSE_WORDS = frozenset({"kurs", "course", "cours"})


@dataclass
class Hits:
    """What a search found, each group best first. `corrected` is the query that was used instead of the
    typed one when that found nothing; `marks` are the beginnings of words to mark."""

    courses: list[CoursePage] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    corrected: str = ""
    marks: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.courses) + len(self.runs) + len(self.pages)


def find(query: str, *, language: str, now: datetime) -> Hits:
    """Search in one language ("sv" or "en"). Any text is allowed; of a long one the first 80 characters
    count. At most 20 hits in each group. A fixed number of queries, more only for a second try."""
    typed = words_of(query)
    if not typed:
        return Hits()
    hits = _find(typed, language=language, now=now)
    if hits.total:
        return hits
    vocabulary = _vocabulary(language)
    mended = [nearest(word, vocabulary) or word for word in typed]
    if mended == typed:
        return hits
    hits = _find(mended, language=language, now=now)
    if hits.total and [plain(word) for word in mended] != [plain(word) for word in typed]:
        hits.corrected = " ".join(mended)
    return hits


def _find(words: list[str], *, language: str, now: datetime) -> Hits:
    senses = [meanings(word, language) for word in words]
    hits = Hits(marks=[sense for group in senses for sense in group])
    ids = _page_ids(words, senses, language)
    pages = Page.objects.filter(pk__in=ids).specific(defer=False)
    found = sorted(pages, key=lambda page: ids.index(page.pk))
    hits.courses = [page for page in found if isinstance(page, CoursePage)][:MOST]
    hits.pages = [page for page in found if not isinstance(page, CoursePage)][:MOST]
    hits.runs = _runs(senses, [page.course_id for page in hits.courses], now)
    return hits


def _readable(language: str):
    locale = Locale.objects.filter(language_code=language).first()
    return Page.objects.live().public().not_type(ModulePage).filter(locale=locale)


def _page_ids(words: list[str], senses: list[list[str]], language: str) -> list[int]:
    """Ids of pages, best first: the words as typed, then every word by the beginning of one of its
    meanings."""
    readable = _readable(language)
    exact = [page.pk for page in readable.search(" ".join(words), operator="and")[: 2 * MOST]]
    groups = []
    for group in senses:
        found: list[int] = []
        for sense in group:
            found += [page.pk for page in readable.autocomplete(sense)[: 10 * MOST]]
        if COURSE_WORDS.intersection(group):
            # Somebody who writes "course" means all of them, whatever words their pages use.
            found += readable.type(CoursePage).values_list("pk", flat=True)
        groups.append(list(dict.fromkeys(found)))
    everywhere = set(groups[0]).intersection(*groups[1:])
    begun = [pk for pk in groups[0] if pk in everywhere]
    found = list(dict.fromkeys(exact + begun))[: 4 * MOST]
    return found or _by_heading(readable, senses)


def _by_heading(readable, senses: list[list[str]]) -> list[int]:
    """Pages whose heading has every word: finds what the index, kept by the worker, does not have yet."""
    titles = list(readable.values_list("pk", "title")[:VOCABULARY_PAGES])
    matching = [set(_begun(titles, [plain(sense) for sense in group])) for group in senses]
    everywhere = set.intersection(*matching)
    return [pk for pk, _title in titles if pk in everywhere][: 4 * MOST]


def _runs(senses: list[list[str]], course_ids: list[int], now: datetime) -> list[Run]:
    """Coming runs of the found courses, and those whose code, place, host or course has every word."""
    places = list(Municipality.objects.values_list("pk", "name"))
    hosts = list(Promoter.objects.values_list("pk", "name"))
    names = [
        (pk, f"{code} {sv} {en}")
        for pk, code, sv, en in Course.objects.values_list("pk", "code", "name_sv", "name_en")
    ]
    every = Q()
    for group in senses:
        stems = [plain(sense) for sense in group]
        every &= reduce(
            or_,
            [
                Q(municipality__in=_begun(places, stems)),
                Q(host__in=_begun(hosts, stems)),
                Q(course__in=_begun(names, stems)),
                *(Q(code__icontains=slugify(sense)) for sense in stems if slugify(sense)),
            ],
        )
    return list(
        Run.objects.upcoming(now).filter(every | Q(course__in=course_ids)).for_list()[:MOST]
    )


def _begun(named: list[tuple[int, str]], stems: list[str]) -> list[int]:
    return [
        pk
        for pk, name in named
        if any(word.startswith(sense) for word in words_of(plain(name)) for sense in stems)
    ]


def _vocabulary(language: str) -> set[str]:
    """The words of headings, names and places, for mending a query that found nothing."""
    texts = list(_readable(language).values_list("title", flat=True)[:VOCABULARY_PAGES])
    texts += (
        CoursePage.objects.live()
        .filter(locale__language_code=language)
        .values_list("intro", flat=True)
    )
    texts += Municipality.objects.values_list("name", flat=True)
    texts += Promoter.objects.values_list("name", flat=True)
    vocabulary = {word for group in SYNONYMS for word in group}
    for text in texts:
        for start in range(0, len(text), LONGEST):
            vocabulary.update(words_of(text[start : start + LONGEST]))
    return {word for word in vocabulary if len(word) > 2}
