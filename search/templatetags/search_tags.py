import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from search.words import plain

register = template.Library()


@register.filter
def marked(text: str, beginnings: list[str]) -> SafeString:
    """The text with every word that begins like a searched one in <mark>; everything is escaped."""
    stems = tuple(plain(beginning) for beginning in beginnings if beginning)
    parts = re.split(r"([^\W_]+)", str(text or ""))
    found = (bool(stems) and plain(part).startswith(stems) for part in parts)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", part) if hit else part,)
            for part, hit in zip(parts, found, strict=True)
        ),
    )
