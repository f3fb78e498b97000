from decimal import Decimal

from django import template
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from accounts.policy import visible

from ..models import Certificate

register = template.Library()


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours in the active language, at most one decimal: 270 → "4,5"."""
    value = (Decimal(minutes) / 60).quantize(Decimal("0.1"))
    return number_format(value.normalize() if value % 1 else int(value), use_l10n=True)


@register.filter
def in_language(item: dict, key: str) -> str:
    """The value of `<key>_sv` or `<key>_en` of a snapshot's item, by the active language."""
    return item[f"{key}_{'en' if translation.get_language() == 'en' else 'sv'}"]


@register.filter
def iso_date(text: str):
    """A snapshot's ISO date as a date."""
    return parse_date(text)


@register.simple_tag
def qr_svg(qr, title: str) -> SafeString:
    """The QR code as inline SVG with its quiet zone; the title becomes the figure's text in the PDF."""
    # segno escapes the title; everything else in it is numbers.
    return mark_safe(qr.svg_inline(border=4, title=title, dark="#1d2326", omitsize=True))


@register.inclusion_tag("certificates/list.html")
def certificates_of(user):
    """The certificates a person holds, newest first."""
    return {
        "certificates": visible(user, Certificate)
        .filter(enrollment__person=user)
        .current()
        .select_related("file", "enrollment")
        .defer("file__pdf")
    }
