"""The three counties."""

from wagtail.models import Page

from config.bilingual import Both, put_page, stream
from home.models import Region, RegionIndexPage, RegionPage

from ..words import fact, facts, text

REGIONS = {
    "20": (
        Both("dalarna", "dalarna"),
        Both(
            "I Dalarna möts stål, kraftteknik och trä. Kurserna hålls oftast i Borlänge, Ludvika eller Falun,"
            " och företag från grannlänen är välkomna.",
            "Steel, power technology and wood meet in Dalarna. Courses are usually held in Borlänge, Ludvika"
            " or Falun, and companies from the neighbouring counties are welcome.",
        ),
        Both("Stål, kraftteknik och trä", "Steel, power technology and wood"),
        Both("Borlänge, Ludvika och Falun", "Borlänge, Ludvika and Falun"),
        """Mellan bruken och kraftbolagen finns hundratals verkstäder som har levt på precision i generationer.
Nu frågar kunderna efter drifttid, spårbarhet och svar samma dag. Det är där våra kurser börjar.""",
        """Between the mills and the power companies lie hundreds of workshops that have lived on precision for
generations. Now their customers ask for uptime, traceability and an answer the same day. That is where our courses begin.""",
    ),
    "21": (
        Both("gavleborg", "gavleborg"),
        Both(
            "Gävleborg har avancerad tillverkning, stål och fiberoptik på korta avstånd. Kurserna hålls oftast"
            " i Sandviken, Gävle eller Hudiksvall.",
            "Advanced manufacturing, steel and fibre optics are close together in Gävleborg. Courses are"
            " usually held in Sandviken, Gävle or Hudiksvall.",
        ),
        Both(
            "Avancerad tillverkning, stål och fiberoptik",
            "Advanced manufacturing, steel and fibre optics",
        ),
        Both("Sandviken, Gävle och Hudiksvall", "Sandviken, Gävle and Hudiksvall"),
        """Här finns givare som känner en spricka innan den syns, och verkstäder som kan åtgärda den. När de två
talar med varandra blir det tjänster som ingen av dem kunde ha sålt ensam.""",
        """Here are sensors that feel a crack before it shows, and workshops that can mend it. When the two talk to
each other, services appear that neither could have sold alone.""",
    ),
    "17": (
        Both("varmland", "varmland"),
        Both(
            "Värmland lever på papper och skoglig bioekonomi, stål och verkstad samt it. Kurserna hålls oftast"
            " i Karlstad, Hagfors eller Arvika.",
            "Värmland lives on paper and forest bioeconomy, steel and engineering, and IT. Courses are usually"
            " held in Karlstad, Hagfors or Arvika.",
        ),
        Both("Papper, stål och verkstad, it", "Paper, steel and engineering, IT"),
        Both("Karlstad, Hagfors och Arvika", "Karlstad, Hagfors and Arvika"),
        """Pappersmaskinerna går dygnet runt, och runt dem har det vuxit fram företag som kan stå för att de gör det.
Tjänsteforskningen har funnits i Karlstad i årtionden. Vi gör den användbar för den som har tjugo anställda.""",
        """Paper machines run around the clock, and companies have grown up around them that can answer for it.
Service research has been at home in Karlstad for decades. We make it useful to a firm with twenty employees.""",
    ),
}


def put_regions(start: Page) -> None:
    """The index and one page per county."""
    index = put_page(
        start,
        RegionIndexPage,
        slug=Both("regioner", "regions"),
        title=Both("Regioner", "Regions"),
        intro=Both(
            "Tre län i Norra Mellansverige som planerar sina kurser tillsammans. Ni får gå i ett annat län än"
            " ert eget.",
            "Three counties in North-Middle Sweden that plan their courses together. You may take a course in"
            " a county other than your own.",
        ),
    )
    regions = {region.code: region for region in Region.objects.all()}
    for code, (slug, intro, industry, places, sv, en) in REGIONS.items():
        region = regions[code]
        put_page(
            index,
            RegionPage,
            slug=slug,
            title=Both(region.name, region.name),
            region=region,
            intro=intro,
            body=stream(
                text(sv, en),
                facts(
                    fact(Both("Industri", "Industry"), industry),
                    fact(Both("Här möts vi oftast", "Where we usually meet"), places),
                    fact(
                        Both("Länskod och NUTS 3", "County code and NUTS 3"),
                        Both(f"{code}, {region.nuts3}", f"{code}, {region.nuts3}"),
                    ),
                ),
            ),
        )
