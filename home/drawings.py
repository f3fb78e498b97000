"""Drawings made from data: the row of seats, the sign of the three counties, the map with its balloons.

All are decoration beside words that say the same, so they are hidden from screen readers; none carries
a style of its own (strict CSP), colours come from classes.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import formats

COUNTIES = {
    "17": "M50 160H80L160 240V340L150 350H110L80 380H40L20 360V290L50 260Z",
    "20": "M40 20H120L190 90V110L240 160V190L270 220V260L250 280H180L160 260V240L80 160H50L80 130V110L40"
    " 70Z",
    "21": "M160 60 200 20H310L330 40 310 60V90L320 100 310 110V150L325 165 310 180V200L330 220 300 250H270V"
    "220L240 190V160L190 110V90Z",
}
COUNTY_NAMES = {
    "17": ("Värmland", 86, 312),
    "20": ("Dalarna", 132, 150),
    "21": ("Gävleborg", 252, 66),
}
WATER = (
    "M322 20 342 40 322 60V88L332 100 322 112V148L337 165 322 182V196L342 220 306 256",
    "M338 20 356 40 338 60V86L348 100 338 114V146L353 165 338 184V192L358 220 312 266",
    "M176 336V344L158 362H118L88 392H66",
    "M190 332V348L164 374H124L104 394",
)
# Where a municipality lies on the schematic map; others are drawn in the middle of their county.
PLACES = {
    "1715": (56, 340), "1730": (52, 300), "1737": (70, 190), "1760": (142, 300), "1761": (106, 325),
    "1762": (110, 240), "1763": (128, 270), "1764": (62, 345), "1765": (36, 310), "1766": (78, 262),
    "1780": (109, 335), "1781": (148, 335), "1782": (146, 285), "1783": (86, 230), "1784": (52, 300),
    "1785": (52, 350),
    "2021": (120, 185), "2023": (90, 110), "2026": (190, 220), "2029": (180, 170), "2031": (200, 150),
    "2034": (130, 110), "2039": (80, 50), "2061": (196, 262), "2062": (160, 130), "2080": (215, 195),
    "2081": (205, 215), "2082": (228, 220), "2083": (250, 230), "2084": (248, 262), "2085": (201, 250),
    "2101": (262, 205), "2104": (270, 215), "2121": (235, 130), "2132": (260, 50), "2161": (215, 60),
    "2180": (302, 195), "2181": (288, 198), "2182": (300, 150), "2183": (230, 100), "2184": (305, 74),
}  # fmt: skip
MIDDLES = {"17": (95, 270), "20": (170, 190), "21": (260, 120)}
# Where the balloons of western places stand: below the map first, then beside it.
WEST_SLOTS = [(216, 330), (216, 376), (262, 376), (262, 330), (14, 130), (14, 90), (14, 50)]
PER_ROW = 16


def seats(
    *,
    taken: int = 0,
    free: int = 0,
    reserved: int = 0,
    mine: int = 0,
    held: int = 0,
    offered: int = 0,
    size: int = 10,
    per_row: int = PER_ROW,
) -> SafeString:
    """A row of seats: filled taken, red yours, half filled held, blue offered, open free, hatched kept for
    somebody.

    Takes numbers of places and the side of a seat in pixels; draws `per_row` in a row.
    """
    counts = {"t": taken, "mine": mine, "d": held, "h": offered, "f": free, "r": reserved}
    return _seats(tuple((k, max(0, min(n, 200))) for k, n in counts.items()), size, per_row)


@lru_cache(maxsize=512)
def _seats(counts: tuple[tuple[str, int], ...], size: int, per_row: int) -> SafeString:
    kinds = [kind for kind, n in counts for _ in range(n)]
    step = size + (3 if size < 15 else 6)
    shapes = []
    for i, kind in enumerate(kinds):
        x, y = 1 + (i % per_row) * step, 1 + (i // per_row) * step
        hatch = ""
        if kind == "r":
            h = size / 2
            hatch = format_html(
                '<path stroke-width="1" d="M{} {} {} {}M{} {} {} {}M{} {} {} {}"/>',
                *(x, y + size, x + size, y),
                *(x, y + h, x + h, y),
                *(x + h, y + size, x + size, y + h),
            )
        elif kind == "d":
            hatch = format_html('<path class="t" d="M{} {}h{}v-{}z"/>', x, y + size, size, size)
        shapes.append((kind, x, y, size, size, hatch))
    columns = min(len(kinds), per_row) or 1
    rows = -(-len(kinds) // per_row) or 1
    w, h_all = 2 + columns * step - (step - size), 2 + rows * step - (step - size)
    return format_html(
        '<svg class="seats" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        *(w, h_all, w, h_all),
        format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>{}', shapes),
    )


def _code(region) -> str:
    return getattr(region, "code", region) or ""


def glyph(host=None, open_to: Iterable = ()) -> SafeString:
    """The sign of the three counties: the host county solid, those that may book grey, others empty.

    Takes regions or their county codes.
    """
    return _glyph(_code(host), tuple(sorted({_code(region) for region in open_to})))


@lru_cache(maxsize=64)
def _glyph(host: str, open_to: tuple[str, ...]) -> SafeString:
    shapes = format_html_join(
        "",
        '<path class="{}" d="{}"/>',
        (
            ("on" if code == host else "open" if code in open_to else "shut", shape)
            for code, shape in COUNTIES.items()
        ),
    )
    return format_html(
        '<svg class="glyph" viewBox="14 14 330 372" fill="none" stroke="currentColor" stroke-width="2"'
        ' aria-hidden="true">{}</svg>',
        shapes,
    )


def _spread(wanted: list[int], *, low: int, high: int, gap: int) -> list[int]:
    """Heights near the wanted ones (ascending), at least `gap` apart where the room allows it."""
    if not wanted:
        return []
    gap = min(gap, (high - low) // max(1, len(wanted) - 1))
    result: list[int] = []
    for i, y in enumerate(wanted):
        floor = result[-1] + gap if result else low
        ceiling = high - gap * (len(wanted) - 1 - i)
        result.append(max(floor, min(y, ceiling)))
    return result


def county_map(points: Sequence[tuple[int, str]] = (), *, host: str = "") -> SafeString:
    """The three counties and the sea, with one numbered balloon per point.

    `points` are (number, municipality code); `host` fills one county. Balloons stand beside the map and
    never on top of each other: the eastern ones in a column to the right, the others below. What finds no room
    is left to the words beside the map.
    """
    placed = sorted(
        (
            (label, *PLACES.get(code, MIDDLES.get(code[:2], MIDDLES["20"])))
            for label, code in points
        ),
        key=lambda point: point[2],
    )
    east = [p for p in placed if p[1] > 230]
    west = [p for p in placed if p[1] <= 230]
    heights = _spread([y + 46 for _label, _x, y in east], low=60, high=376, gap=40)
    balloons = [(*p, 336, y) for p, y in zip(east, heights, strict=True)]
    balloons += [(*p, *slot) for p, slot in zip(west, WEST_SLOTS, strict=False)]
    counties = format_html_join(
        "",
        '<path class="{}" d="{}"/>',
        (("host" if code == host else "county", shape) for code, shape in COUNTIES.items()),
    )
    names = format_html_join(
        "",
        '<text class="area c" x="{}" y="{}">{}</text>',
        ((x, y, name) for name, x, y in COUNTY_NAMES.values()),
    )
    marks = format_html_join(
        "",
        '<path class="lead-line" stroke-width="1" d="M{} {} {} {}"/>'
        '<circle class="dot" stroke="none" cx="{}" cy="{}" r="5"/>'
        '<circle cx="{}" cy="{}" r="14"/><text class="c" x="{}" y="{}">{}</text>',
        ((x, y, bx, by, x, y, bx, by, bx, by + 5, label) for label, x, y, bx, by in balloons),
    )
    return format_html(
        '<svg class="map" viewBox="-2 4 364 388" fill="none" stroke="currentColor" stroke-width="2"'
        ' aria-hidden="true">{}<g class="water" stroke-width="1">{}</g>{}{}</svg>',
        counties,
        format_html_join("", '<path d="{}"/>', ((d,) for d in WATER)),
        names,
        marks,
    )


def bar(share: float) -> SafeString:
    """A bar of `share` (0 to 1) of its box, for a table cell beside the number."""
    width = round(max(0.0, min(1.0, share)) * 240, 1)
    return format_html(
        '<svg class="bar" viewBox="0 0 240 16" preserveAspectRatio="none" aria-hidden="true">'
        '<path stroke-width="1" d="M.5 0V16"/>'
        '<rect class="t" x="0" y="2" width="{}" height="12"/></svg>',
        width,
    )


def figure_groups(figures: Iterable) -> list[dict]:
    """Figures with the same unit share a scale and a table. Gives `name` (the unit) and `rows` with
    `label`, `text`, `bar`, `year`, `source`, in the order of first appearance."""
    groups: dict[str, list] = {}
    for figure in figures:
        groups.setdefault(figure.get("unit") or "", []).append(figure)
    return [
        {
            "name": unit or _("Figures"),
            "rows": [
                {
                    "label": figure["label"],
                    "text": _figure_text(figure["value"]),
                    "bar": bar(float(figure["value"]) / (top or 1)),
                    "year": figure["year"],
                    "source": figure["source"],
                }
                for figure in members
            ],
        }
        for unit, members in groups.items()
        for top in [float(max(figure["value"] for figure in members))]
    ]


def _figure_text(value) -> str:
    return formats.number(value, decimals=0 if value == int(value) else 1)
