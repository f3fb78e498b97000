"""The web font: Source Sans cut down to what Swedish and English need, as WOFF2, at build time.

The cut is a changed version in the sense of the SIL Open Font License 1.1, whose reserved name it must not
bear: it is called Focus Sans and the licence lies beside it.
"""

from dataclasses import dataclass
from pathlib import Path

from font_source_sans_pro import font_directory
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Focus Sans"
FACES = {"400": "SourceSansPro-Regular.ttf", "600 700": "SourceSansPro-Bold.ttf"}
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026),
    *(0x202F, 0x20AC, 0x2212, 0x2264, 0x2265, 0x0131, 0x0160, 0x0161, 0x017D, 0x017E),
]
# The default figures are lining and tabular already.
FEATURES = ["kern", "liga", "locl", "ccmp", "mark"]
# Widths of Arial (the same as Helvetica's and Liberation Sans'), in thousandths of the size.
ARIAL = {
    " ": 278, "a": 556, "b": 556, "c": 500, "d": 556, "e": 556, "f": 278, "g": 556, "h": 556, "i": 222,
    "j": 222, "k": 500, "l": 222, "m": 833, "n": 556, "o": 556, "p": 556, "q": 556, "r": 333, "s": 500,
    "t": 278, "u": 556, "v": 500, "w": 722, "x": 500, "y": 500, "z": 500,
}  # fmt: skip
# How often letters stand in Swedish running text, per thousand.
OFTEN = {
    " ": 160, "e": 85, "a": 80, "n": 72, "t": 65, "r": 71, "s": 55, "i": 49, "l": 44, "d": 40, "o": 38,
    "k": 27, "m": 29, "g": 25, "v": 20, "f": 17, "h": 18, "u": 16, "p": 15, "b": 13, "c": 11, "j": 5,
    "y": 6,
}  # fmt: skip


@dataclass(frozen=True)
class Metrics:
    """How far a fallback must be stretched, and its line, in per cent, to take the font's room."""

    size_adjust: float
    ascent: float
    descent: float
    line_gap: float


def fallback_metrics(font: TTFont) -> Metrics:
    units = font["head"].unitsPerEm
    names, widths = font.getBestCmap(), font["hmtx"]
    ours = sum(widths[names[ord(c)]][0] / units * n for c, n in OFTEN.items())
    arials = sum(ARIAL[c] / 1000 * n for c, n in OFTEN.items())
    ratio = ours / arials
    line = font["hhea"]
    return Metrics(
        *(
            round(100 * value, 2)
            for value in (
                ratio,
                line.ascent / units / ratio,
                -line.descent / units / ratio,
                line.lineGap / units / ratio,
            )
        )
    )


def cut(source: Path, target: Path) -> None:
    """Write the WOFF2 subset of a TTF under our own family name."""
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=CHARACTERS)
        cutter.subset(font)
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16):
                own = FAMILY.replace(" ", "") if record.nameID in (3, 6) else FAMILY
                weight = source.stem.rpartition("-")[2]
                record.string = own if record.nameID == 1 else f"{own}-{weight}"
        subset.save_font(font, str(target), options)


def build(folder: Path) -> list[Path]:
    """Make the faces, their stylesheet and the licence in `folder`; returns the WOFF2 files."""
    folder.mkdir(parents=True, exist_ok=True)
    source = Path(font_directory)
    rules, made = [], []
    for weight, name in FACES.items():
        target = folder / f"focus-sans-{weight.split()[0]}.woff2"
        cut(source / name, target)
        made.append(target)
        rules.append(
            f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: swap;'
            f' src: url("{target.name}") format("woff2"); }}'
        )
        with TTFont(source / name) as font:
            m = fallback_metrics(font)
        local = (
            ("Arial Bold", "Liberation Sans Bold")
            if weight != "400"
            else ("Arial", "Liberation Sans")
        )
        sources = ", ".join(f'local("{face}")' for face in local)
        rules.append(
            f'@font-face {{ font-family: "{FAMILY} fallback"; font-weight: {weight}; src: {sources};'
            f" size-adjust: {m.size_adjust}%; ascent-override: {m.ascent}%;"
            f" descent-override: {m.descent}%; line-gap-override: {m.line_gap}%; }}"
        )
    (folder / "faces.css").write_text("\n".join(rules) + "\n")
    licence = next(source.parent.rglob("LICENSE*"), None)
    if licence:
        (folder / "OFL.txt").write_text(licence.read_text())
    return made
