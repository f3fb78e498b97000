import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from search.words import plain

register = template.Library()


@register.filter
def marked(text: str, beginnings: list[str]) -> SafeString:
    """The text with every word that begins like a searched one in <mark>; everything is escaped."""
    stems = tuple(plain(beginning) for beginning in beginnings if beginning)
    parts = []
    for part in re.split(r"([^\W_]+)", str(text or "")):
        safe = conditional_escape(part)
        parts.append(f"<mark>{safe}</mark>" if stems and plain(part).startswith(stems) else safe)
    return mark_safe("".join(parts))
