import json
from datetime import date

from wagtail.models import Locale, Page

from config.baseline import ensure_baseline
from home.models import (
    AccessibilityStatementPage,
    ActionArea,
    ActionAreaIndexPage,
    ActionAreaPage,
    Municipality,
    NewsIndexPage,
    NewsPage,
    ProgrammePage,
    Promoter,
    Region,
    RegionIndexPage,
    RegionPage,
    StandardPage,
    StoryIndexPage,
    StoryPage,
    ToolboxPage,
    ToolPage,
)

REGIONS = {
    "17": ("Värmland", "SE311", ("1780", "Karlstad")),
    "20": ("Dalarna", "SE312", ("2085", "Ludvika")),
    "21": ("Gävleborg", "SE313", ("2181", "Sandviken")),
}


def make_region(code: str = "20") -> Region:
    name, nuts3, _municipality = REGIONS[code]
    return Region.objects.get_or_create(code=code, defaults={"name": name, "nuts3": nuts3})[0]


def make_municipality(region_code: str = "20") -> Municipality:
    code, name = REGIONS[region_code][2]
    return Municipality.objects.get_or_create(
        code=code, defaults={"name": name, "region": make_region(region_code)}
    )[0]


def make_area(number: int = 3) -> ActionArea:
    return ActionArea.objects.get_or_create(
        number=number,
        defaults={
            "code": f"area-{number}",
            "name_sv": f"Insatsområde {number}",
            "name_en": f"Action area {number}",
        },
    )[0]


def make_promoter(slug: str = "exempel", *, region_code: str = "20", **fields) -> Promoter:
    n = Promoter.objects.count() + 1
    promoter, made = Promoter.objects.get_or_create(
        slug=slug,
        defaults={
            "name": f"Exempelfrämjaren {slug}",
            "legal_name": f"Exempelfrämjaren {slug} AB",
            "registration_number": f"49{n:08d}",
            "kind": Promoter.Kind.CLUSTER,
            "role_sv": "Håller kurser",
            "role_en": "Runs courses",
            "email": f"kurs.{slug}@example.org",
            **fields,
        },
    )
    if made:
        promoter.regions.add(make_region(region_code))
    return promoter


def make_pages() -> dict[str, Page]:
    """One page of every type of this room in Swedish, translated (as copies) into English; by type name."""
    start = ensure_baseline()
    region, area = Region.objects.get(code="20"), ActionArea.objects.get(number=3)
    if not region.promoters.exists():
        make_promoter(region_code="20")
    words = {"intro": "Kort om sidan."}
    body = [
        {"type": "text", "value": "<p>Först.</p><h2>Andra rubriken</h2><p>Sedan.</p>"},
        {"type": "quote", "value": {"quote": "Tre intervjuer räckte.", "by": "Vd"}},
        {"type": "facts", "value": {"facts": [{"label": "Pris", "value": "0 kr", "note": ""}]}},
        {"type": "question", "value": {"question": "Varför?", "answer": "<p>Därför.</p>"}},
        {
            "type": "video",
            "value": {
                "title": "Filmen",
                "file": None,
                "address": "https://video.example.org/1",
                "captions": None,
                "transcript": "Det som sägs.",
            },
        },
        {
            "type": "table",
            "value": {
                "columns": [
                    {"type": "text", "heading": "Nivå"},
                    {"type": "text", "heading": "Mål"},
                ],
                "rows": [{"values": ["1", "Råd"]}],
                "caption": "Trappan",
            },
        },
    ]
    rich = {**words, "body": json.dumps(body)}
    fact = [{"type": "fact", "value": {"label": "Kunder", "value": "4", "note": ""}}]
    figures = [
        {
            "type": "figure",
            "value": {
                "label": name,
                "value": n,
                "unit": "anställda",
                "year": 2024,
                "source": "SCB",
            },
        }
        for name, n in (("Dalarna", "18000"), ("Värmland", "16000.5"))
    ]
    pages: dict[str, Page] = {"StartPage": start}

    def put(parent: Page, page: Page) -> Page:
        parent.refresh_from_db()
        pages[type(page).__name__] = parent.add_child(instance=page)
        page.save_revision().publish()
        return page

    menu = {"show_in_menus": True}
    programme = ProgrammePage(
        title="Programmet", slug="programmet", purpose="<p>Syfte.</p>", result="<p>Mål.</p>", period="2026",
        beneficiaries="Företag", funders="Regionerna", amount="1 000 kr", figures=json.dumps(figures),
        **rich,
    )  # fmt: skip
    put(start, programme)
    areas = put(start, ActionAreaIndexPage(title="Insatsområden", slug="insatser", **menu, **words))
    put(areas, ActionAreaPage(title="Stärkt omställningsförmåga", slug="omst", area=area, **rich))
    regions = put(start, RegionIndexPage(title="Regioner", slug="lan", **words))
    put(regions, RegionPage(title="Dalarna", slug="dalarna", region=region, **rich))
    stories = put(start, StoryIndexPage(title="Framgångsexempel", slug="exempel", **menu, **words))
    story = StoryPage(
        title="Drifttiden", slug="drifttiden", region=region, area=area, company="Exempel AB", fictional=True,
        quote="Nu säljer vi drifttiden.", quote_by="Servicechef", results=json.dumps(fact), sketch="sale",
        next_page=programme, **rich,
    )  # fmt: skip
    put(stories, story)
    tools = put(start, ToolboxPage(title="Verktygslåda", slug="verktyg", **menu, **words))
    put(tools, ToolPage(title="Priskalkyl", slug="pris", format="xlsx", version="1.0", **rich))
    news = put(start, NewsIndexPage(title="Nyheter", slug="nyheter", **words))
    put(news, NewsPage(title="Kurs startar", slug="start", date=date(2026, 3, 3), **rich))
    put(start, StandardPage(title="Kakor", slug="kakor", **rich))
    statement = AccessibilityStatementPage(
        title="Tillgänglighet", slug="tillganglighet", actor="Exempelregionen", service="Webbplatsen",
        compliance="partial", shortcomings="<p>Kartan.</p>", assessed_on=date(2026, 1, 2),
        updated_on=date(2026, 1, 3), method="Egen granskning", contact="<p>Skriv.</p>", **words,
    )  # fmt: skip
    put(start, statement)
    start.story = pages["StoryPage"]
    start.minute = json.dumps(fact)
    start.save()
    english = Locale.objects.get(language_code="en")
    for page in list(pages.values())[1:]:
        copy = page.copy_for_translation(english, copy_parents=True)
        copy.get_latest_revision().publish()
    return pages


def in_english(page: Page) -> Page:
    return page.get_translation(Locale.objects.get(language_code="en")).specific
