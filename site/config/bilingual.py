"""Pages written in two languages at once, stored the way wagtail-localize stores an editor's translation.

The Swedish page is the source. The English words become string translations and segment overrides, so that
editors get the side-by-side view and a later change of the source asks only for the strings that changed.
"""

import json
import uuid
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from wagtail.fields import StreamField
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue
from wagtail_localize.segments.extract import extract_segments


class Both(NamedTuple):
    """The same thing in Swedish and in English: a text, a file, anything a page may hold."""

    sv: Any
    en: Any


class UnevenTranslation(ValueError):
    """The English version has not the same segments as the Swedish one."""


def pick(value: Any, language: str) -> Any:
    """`value` with every `Both` inside it, however deep, replaced by its side for `language`."""
    if isinstance(value, Both):
        return pick(getattr(value, language), language)
    if isinstance(value, dict):
        return {key: pick(item, language) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [pick(item, language) for item in value]
    return value


def stream(*blocks: tuple[str, Any]) -> list[dict[str, Any]]:
    """Raw data of a StreamField from `(block type, value)` pairs, with fixed ids for both languages."""
    return [{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in blocks]


def items(*values: Any) -> list[dict[str, Any]]:
    """Raw data of a ListBlock."""
    return stream(*(("item", value) for value in values))


def table(caption: Both, headings: list[Both], *rows: list[Any]) -> tuple[str, dict[str, Any]]:
    """A table block of text columns."""
    value = {
        "caption": caption,
        "columns": [{"type": "text", "heading": heading} for heading in headings],
        "rows": [{"values": list(row)} for row in rows],
    }
    return "table", value


def fields_in(model: type[Page], fields: dict[str, Any], language: str) -> dict[str, Any]:
    """Constructor arguments for a page of `model` in one language."""
    values = {}
    for name, value in fields.items():
        picked = pick(value, language)
        if isinstance(model._meta.get_field(name), StreamField):
            picked = json.dumps(_plain(picked))
        values[name] = picked
    return values


def _plain(value: Any) -> Any:
    """Stream data as JSON has it: chosen objects become their keys."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if hasattr(value, "_proxy____cast") else value


@transaction.atomic
def put_page(parent: Page, model: type[Page], *, slug: Both, title: Both, **fields: Any) -> Page:
    """The Swedish page under `parent` with this slug, published together with its English translation.

    A page that is there already is returned as it stands. Raises UnevenTranslation.
    """
    found = parent.get_children().filter(slug=slug.sv).first()
    if found:
        return found.specific
    fields = {"slug": slug, "title": title, **fields}
    fields.setdefault("seo_title", "")
    page = model(locale=parent.locale, live=False, **fields_in(model, fields, "sv"))
    parent.add_child(instance=page)
    page.save_revision().publish()
    page = model.objects.get(pk=page.pk)
    translate(page, fields)
    return page


@transaction.atomic
def translate(page: Page, fields: dict[str, Any]) -> Page:
    """Publish the English translation of a Swedish page; `fields` are the page's, with `Both` inside.

    Raises UnevenTranslation when the two languages do not hold the same segments.
    """
    english = Locale.objects.get(language_code="en")
    model = type(page)
    given = fields_in(model, fields, "en")
    rest = {
        field.attname: getattr(page, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in given and not field.primary_key and not field.name.endswith("_ptr")
    }
    twin = model(**rest, **given)
    source, _made = TranslationSource.update_or_create_from_instance(page)
    Translation.objects.get_or_create(source=source, target_locale=english)
    _store(source, extract_segments(twin), english)
    translated, _made = source.create_or_update_translation(english, publish=False)
    translated.get_latest_revision().publish()
    return translated


def _store(source: TranslationSource, segments: list, locale: Locale) -> None:
    words = _by_place(s for s in segments if isinstance(s, StringSegmentValue))
    choices = _by_place(s for s in segments if isinstance(s, OverridableSegmentValue))
    sources = StringSegment.objects.filter(source=source).select_related("context")
    rows = list(sources.order_by("context__path", "order"))
    here = _by_place(rows, path=lambda row: row.context.path)
    if here.keys() != words.keys():
        odd = sorted(str(place) for place in here.keys() ^ words.keys())
        raise UnevenTranslation(f"{source.object_repr}: {', '.join(odd)}")
    StringTranslation.objects.bulk_create(
        (
            StringTranslation(
                translation_of_id=row.string_id,
                locale=locale,
                context_id=row.context_id,
                data=words[place].string.data,
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
            for place, row in here.items()
        ),
        ignore_conflicts=True,
    )
    overridable = OverridableSegment.objects.filter(source=source).select_related("context")
    for row in overridable:
        chosen = choices.get((row.context.path, 0))
        if chosen is not None and chosen.data != row.data:
            SegmentOverride.objects.get_or_create(
                locale=locale,
                context=row.context,
                defaults={"data_json": json.dumps(chosen.data, cls=DjangoJSONEncoder)},
            )


def _by_place(segments: Any, path=lambda segment: segment.path) -> dict[tuple[str, int], Any]:
    """Segments by path and by their turn within it; one rich text has many strings under one path."""
    turns: dict[str, int] = {}
    placed = {}
    for segment in segments:
        where = path(segment)
        turn = turns.get(where, 0)
        turns[where] = turn + 1
        placed[where, turn] = segment
    return placed
