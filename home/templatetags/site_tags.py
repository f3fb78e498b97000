"""Filters and tags of the site: dates, money, drawings, and the frame around every page."""

import re
from functools import lru_cache

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import TemplateDoesNotExist
from django.template.defaultfilters import filesizeformat
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from home import drawings, formats
from home.hyphens import hyphenated
from home.models import StandardPage
from home.navigation import START_DEPTH, Frame, Link, frame
from home.prepared import Prepared

register = template.Library()
FACES = "fonts/faces.css"
TEXT_FACE = "fonts/focus-sans-400.woff2"


@register.filter
def day(value) -> str:
    return formats.day(value) if value else ""


@register.filter
def day_time(value) -> str:
    return formats.day_time(value) if value else ""


@register.filter
def clock(value) -> str:
    return formats.clock(value) if value else ""


@register.filter
def date_words(value) -> str:
    return formats.date_words(value) if value else ""


@register.filter
def short_date(value) -> str:
    return formats.short_date(value) if value else ""


@register.filter
def short_date_year(value) -> str:
    return formats.short_date(value, year=True) if value else ""


@register.filter
def time_span(value, ends_at=None) -> str:
    """Of a meeting (anything with `starts_at` and `ends_at`), or of a start with its end as argument."""
    if not value:
        return ""
    if ends_at is not None:
        return formats.time_span(value, ends_at)
    return formats.time_span(value.starts_at, value.ends_at)


@register.filter
def period(first, last) -> str:
    return formats.period(first, last) if first and last else ""


@register.filter
def money(ore, vat: str = "") -> str:
    """`{{ ore|money }}`, `{{ ore|money:"excl" }}`, `{{ ore|money:"incl" }}`."""
    if ore is None or ore == "":
        return ""
    amount = formats.money(int(ore))
    if vat == "excl":
        return _("%(amount)s excl. VAT") % {"amount": amount}
    if vat == "incl":
        return _("%(amount)s incl. VAT") % {"amount": amount}
    return amount


@register.filter
def number(value, decimals: int = 0) -> str:
    return "" if value is None else formats.number(value, decimals=decimals)


@register.simple_tag
def seats(availability=None, mine=0, offered=0, size=10, per_row=drawings.PER_ROW, **counts):
    """`{% seats availability %}` or `{% seats taken=3 free=5 %}`. `mine` and `offered` are among the
    availability's taken."""
    if availability is not None:
        counts = {
            "taken": max(0, availability.taken - mine - offered),
            "free": availability.free,
            "reserved": availability.reserved,
        }
    return drawings.seats(mine=mine, offered=offered, size=size, per_row=per_row, **counts)


@register.simple_tag
def glyph(host=None, open_to=()):
    return drawings.glyph(host, open_to or ())


@register.simple_tag
def county_map(points=(), host=""):
    return drawings.county_map(list(points or ()), host=getattr(host, "code", host) or "")


@register.simple_tag
def drawing(name: str) -> SafeString:
    """One of the line drawings in templates/drawings, inline; nothing when there is no such drawing."""
    return _drawing(str(name))


@lru_cache(maxsize=64)
def _drawing(name: str) -> SafeString:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return SafeString("")
    try:
        # Our own file, rendered by the template engine; stripping has made a plain string of it.
        return mark_safe(get_template(f"drawings/{name}.svg").render().strip())
    except TemplateDoesNotExist:
        return SafeString("")


@register.inclusion_tag("components/steps.html")
def steps(current: int, *labels):
    """Where the reader is on a way of several screens: `{% steps 2 label_1 label_2 label_3 %}`."""
    return {"labels": labels, "current": current}


@register.simple_tag(takes_context=True)
def site_frame(context):
    """Menu, footer, way here and other languages of the shown page; see `home.navigation`."""
    if "request" not in context:
        return Frame()
    page = context.get("page")
    return frame(context["request"], page if isinstance(page, Page) else None)


@register.simple_tag(takes_context=True)
def sheet_title(context) -> str:
    """The text of the page's `title` block, for the footer's "Sheet" and for link previews."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block("title")
    return strip_tags(block.nodelist.render(context)).strip() if block else ""


@register.simple_tag(takes_context=True)
def absolute(context, path: str) -> str:
    """An address with scheme and host, from SITE_URL: never from the request's Host header."""
    return path if "://" in path else f"{settings.SITE_URL}{path}"


@register.simple_tag
def problems_of(*forms):
    """(field id, message) of every error in the forms, in reading order; id "" for a form's own errors."""
    found = []
    for form in forms:
        if not form or not getattr(form, "is_bound", False):
            continue
        members = list(form) if hasattr(form, "management_form") else [form]
        if members != [form]:
            found += [("", message) for message in form.non_form_errors()]
        for member in members:
            found += [("", message) for message in member.non_field_errors()]
            for bound in member:
                target = bound.id_for_label or (
                    f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
                )
                found += [("" if bound.is_hidden else target, message) for message in bound.errors]
    return found


@register.filter
def optional(field) -> bool:
    """Whether a form field says "(optional)" behind its label."""
    widget = field.field.widget
    return not field.field.required and getattr(widget, "input_type", "") != "checkbox"


@register.filter
def ticks(field) -> str:
    """How a field's choices are drawn: "many" (radios, checkboxes), "one" (a single checkbox), ""."""
    kind = getattr(field.field.widget, "input_type", "")
    if kind not in ("radio", "checkbox"):
        return ""
    return "many" if hasattr(field.field.widget, "choices") else "one"


@register.simple_tag
def today_short() -> str:
    return formats.short_date(timezone.now(), year=True)


@register.simple_tag
def web_font() -> SafeString:
    """The built web font: its stylesheet and an early request for the face of running text. Nothing where
    `build_fonts` has not run."""
    if not _font_is_built():
        return SafeString("")
    return format_html(
        '<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>\n'
        '<link rel="stylesheet" href="{}">\n',
        static(TEXT_FACE),
        static(FACES),
    )


@lru_cache(maxsize=1)
def _font_is_built() -> bool:
    collected = getattr(staticfiles_storage, "hashed_files", None)
    return FACES in collected if collected else finders.find(FACES) is not None


@register.simple_tag
def catalogue() -> str:
    """The fixed address of the course catalogue in the reader's language."""
    return "/en/courses/" if get_language() == "en" else "/sv/kurser/"


_pages_with_role = Prepared(
    lambda language: StandardPage.objects.with_role(language=language).values_list(
        "role", "title", "url_path"
    )
)


@register.simple_tag(takes_context=True)
def footer_page(context, role: str) -> Link | None:
    """The page that forms lean on (one of `StandardPage.Role`); None while no such page is published in the
    reader's language. One query per request."""
    request, language = context.get("request"), get_language()
    if request is None:
        return None
    known = getattr(request, "_pages_by_role", None)
    if known is None:
        known = request._pages_by_role = {}
        for found, title, url_path in _pages_with_role(language=language):
            # `/start page/and so on/`: the start page stands for the language's prefix.
            _empty, _start, rest = url_path.split("/", START_DEPTH)
            known.setdefault(found, Link(title, f"/{language}/{rest}"))
    return known.get(role)


@register.filter
def file_words(document) -> str:
    """`(PDF, 120 kB)`: what waits behind a link to a file."""
    if document is None:
        return ""
    kind = document.file_extension.upper()
    size = document.get_file_size()
    return f"({kind}, {filesizeformat(size)})" if size else f"({kind})"


@register.filter
def figure_groups(figures):
    return drawings.figure_groups([figure.value for figure in figures])


HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)


@register.simple_tag(takes_context=True)
def body_sections(context, body) -> list[tuple[SafeString, SafeString]]:
    """The body as (heading, content) for each of its headings of the second level, so that the heading
    can stand in the margin; what comes before the first has an empty heading."""
    if not body:
        return []
    around = context.flatten()
    html = "\n".join(str(child.render(around)) for child in body)
    first, *rest = HEADING.split(html)
    parts = [("", first), *zip(rest[::2], rest[1::2], strict=True)]
    kept = [part for part in parts if part[0] or strip_tags(part[1]).strip() or "<img" in part[1]]
    # Blocks escape what they render; cutting the whole at its headings has made plain strings of it.
    return [(mark_safe(title), mark_safe(rest)) for title, rest in kept]


@register.filter
def as_values(items) -> list:
    """The values of a stream's or list's children, whichever way they come."""
    return [
        getattr(item, "value", item) if hasattr(item, "block") else item for item in items or ()
    ]


@register.filter
def soft(text) -> str:
    """A heading with soft hyphens in its long words."""
    return hyphenated(str(text or ""))
