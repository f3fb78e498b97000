"""The catalogue's filters, read from the address. A wrong value is told and left out; it never breaks
the page or hides the right ones."""

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from home.models import ActionArea, Region
from home.prepared import Prepared

from .models import Run

MANY = 20


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """A filter in force and the address without it."""

    label: str
    query: str


@dataclass
class Filters:
    """What the reader asked for; `wanted` is for `narrow`. `problems` maps a field's name to a message; `typed` keeps what was
    typed in the date field."""

    regions: list[Choice]
    areas: list[Choice]
    languages: list[Choice]
    formats: list[Choice]
    start: date
    typed: str
    problems: dict[str, str] = field(default_factory=dict)
    chips: list[Chip] = field(default_factory=list)
    query: str = ""
    wanted: dict[str, list] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        return bool(self.chips)


def read(params, *, now: datetime) -> Filters:
    """Filters from a QueryDict: `region` and `format` and `language` may repeat, `area` and `from` (ISO
    date, not before today) are single. Two queries: regions and action areas."""
    problems: dict[str, str] = {}
    regions = {slugify(region.name): region for region in _regions()}
    codes = {region.code: slug for slug, region in regions.items()}
    areas = {area.code: area for area in _areas()}
    languages = {
        code: _("In Swedish") if code == "sv" else _("In English")
        for code, _n in settings.LANGUAGES
    }
    formats = {str(value): str(label) for value, label in Run.Format.choices}

    chosen = {
        "region": _known(
            [codes.get(value, value) for value in params.getlist("region")],
            regions,
            "region",
            problems,
        ),
        "area": _known(params.getlist("area")[:1], areas, "area", problems),
        "language": _known(params.getlist("language"), languages, "language", problems),
        "format": _known(params.getlist("format"), formats, "format", problems),
    }
    today = localdate(now)
    typed = params.get("from", "").strip()[:MANY]
    start = today
    if typed:
        try:
            start = date.fromisoformat(typed)
        except ValueError:
            problems["from"] = _("Write the date as year-month-day, for example 2027-03-01.")
            start = today
        if start < today:
            problems["from"] = _("The date has passed. Runs from today are shown.")
            start = today

    pairs = [(name, value) for name in chosen for value in chosen[name]]
    if start > today:
        pairs.append(("from", start.isoformat()))
    labels = {
        **{("region", slug): region.name for slug, region in regions.items()},
        **{("area", code): str(area) for code, area in areas.items()},
        **{("language", code): label for code, label in languages.items()},
        **{("format", code): label for code, label in formats.items()},
        ("from", start.isoformat()): _("From %(day)s") % {"day": date_format(start, "j b Y")},
    }
    return Filters(
        regions=_choices(
            ((slug, region.name) for slug, region in regions.items()), chosen["region"]
        ),
        areas=_choices(((code, str(area)) for code, area in areas.items()), chosen["area"]),
        languages=_choices(languages.items(), chosen["language"]),
        formats=_choices(formats.items(), chosen["format"]),
        start=start,
        typed=typed or start.isoformat(),
        problems=problems,
        chips=[
            Chip(labels[pair], urlencode([other for other in pairs if other != pair]))
            for pair in pairs
        ],
        query=urlencode(pairs),
        wanted={
            "regions": [regions[slug].pk for slug in chosen["region"]],
            "areas": [areas[code].pk for code in chosen["area"]],
            "languages": chosen["language"],
            "formats": chosen["format"],
        },
    )


def narrow(runs, *, regions: list[int], areas: list[int], languages: list[str], formats: list[str]):
    """The runs that fit what is `wanted`; an empty list wants everything."""
    runs = runs.for_region(*regions) if regions else runs
    where = Q()
    if areas:
        where &= Q(course__area__in=areas)
    if languages:
        where &= Q(language__in=languages)
    if formats:
        where &= Q(format__in=formats)
    return runs.filter(where)


_regions = Prepared(Region.objects.all)
_areas = Prepared(ActionArea.objects.all)


def _known(values: list[str], known: dict, name: str, problems: dict[str, str]) -> list[str]:
    values = [value for value in values if value]
    good = [value for value in dict.fromkeys(values[:MANY]) if value in known]
    if len(good) < len(set(values)):
        problems[name] = _("Something in the address is not known here and was left out.")
    return good


def _choices(pairs, chosen: list[str]) -> list[Choice]:
    return [Choice(value, label, value in chosen) for value, label in pairs]
