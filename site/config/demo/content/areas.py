"""The six action areas of the joint strategy."""

from wagtail.models import Page

from config.bilingual import Both, put_page, stream
from home.models import ActionArea, ActionAreaIndexPage, ActionAreaPage

from ..words import text

# By number: slugs, introduction, then the body in Swedish and in English.
AREAS = {
    1: (
        Both("innovation", "innovation"),
        Both(
            "Kunskap, testmiljöer och partner ska vara lätta att hitta för den som vill pröva något nytt."
            " Vi kopplar företag till forskare, labb och kunder som vill vara först.",
            "Knowledge, test beds and partners should be easy to find. We connect companies with"
            " researchers, labs and customers willing to go first.",
        ),
        """## Det här gör vi

- Öppnar dörren till testmiljöer för stål, fiber, sensorer och skogens material.
- Hjälper er att hitta en första kund som vågar prova.
- Visar vilka checkar och utlysningar som passar ett litet företag, och vilka som inte är värda tiden.

## Så märks det hos er

Ni slipper leta i tre län efter rätt person. Ett samtal räcker, så tar en företagsfrämjare det vidare.""",
        """## What we do

- Open the door to test beds for steel, fibre, sensors and forest materials.
- Help you find a first customer who dares to try.
- Show which vouchers and calls suit a small company, and which are not worth the hours.

## What you will notice

You need not search three counties for the right person. One conversation is enough; a business promoter takes it from there.""",
    ),
    2: (
        Both("globala-vardekedjor", "global-value-chains"),
        Both(
            "Många av våra företag levererar till världen utan att synas. Här finns stöd för partnersökning,"
            " exportvana och europeiska samarbeten.",
            "Many of our firms supply the world without being seen. Find help with partners, export skills"
            " and European collaboration.",
        ),
        """## Det här gör vi

- Söker partner i andra europeiska stål- och skogsregioner.
- Tränar er i att beskriva värdet av leveransen för nästa led, inte bara för närmaste kund.
- Tar med mindre företag i projekt som annars bara når de stora.

## Så märks det hos er

Ni vet vem som använder er produkt i slutet av kedjan, och kan sälja service till dem också.""",
        """## What we do

- Look for partners in other European steel and forest regions.
- Train you to describe what your delivery is worth to the next link, not only to the nearest customer.
- Bring smaller companies into projects that otherwise reach only the large ones.

## What you will notice

You know who uses your product at the end of the chain, and can sell service to them as well.""",
    ),
    3: (
        Both("omstallning", "ready-to-change"),
        Both(
            "Digitala arbetssätt och nya affärsmodeller – i den takt och storlek som passar ett företag med"
            " tio eller hundra anställda.",
            "Digital ways of working and new business models, at a pace that fits a company of ten or a"
            " hundred.",
        ),
        """## Det här gör vi

- Håller kurser där ni arbetar med er egen affär, inte med påhittade fall.
- Låter företag lära av varandra över länsgränserna.
- Följer upp efter sex och tolv månader, när vardagen har kommit tillbaka.

## Så märks det hos er

Tjänsterna ni redan gör gratis får ett namn, ett pris och en ansvarig.""",
        """## What we do

- Run courses in which you work on your own business, not on invented cases.
- Let companies learn from each other across county lines.
- Follow up after six and twelve months, when everyday life is back.

## What you will notice

The services you already do for free get a name, a price and somebody in charge.""",
    ),
    4: (
        Both("kompetens", "skills"),
        Both(
            "Vi bygger utbildningar ihop med företagen, så att fler vill och kan arbeta i industrin.",
            "We build training with the companies so that more people want to, and can, work in industry.",
        ),
        """## Det här gör vi

- Frågar företagen först, och ritar kursen sedan.
- Delar upp lärandet i delar som går att förena med skift och leveranser.
- Ger intyg som säger vad en människa kan, inte bara var hon har suttit.

## Så märks det hos er

Den som har gått en kurs kan visa det för nästa chef med en enda skanning.""",
        """## What we do

- Ask the companies first and draw up the course afterwards.
- Divide learning into parts that can be combined with shifts and deliveries.
- Give certificates that say what a person can do, not only where they have been sitting.

## What you will notice

Anyone who has taken a course can show it to their next manager with a single scan.""",
    ),
    5: (
        Both("gron-industri", "green-industry"),
        Both(
            "Lägre klimatpåverkan är också en affär: längre livslängd, återbruk, service och delade resurser."
            " Området går tvärs igenom alla de andra.",
            "Lower impact is business too: longer life, reuse, service and shared resources. This area cuts"
            " through all the others.",
        ),
        """## Det här gör vi

- Räknar på vad en produkt är värd när den kommer tillbaka.
- Kopplar ihop företag vars spill är någon annans råvara.
- Lägger in klimatnyttan i kalkylen redan vid första pristestet.

## Så märks det hos er

Reparation och återtag slutar vara en kostnad på garantikontot och blir en rad i orderboken.""",
        """## What we do

- Work out what a product is worth when it comes back.
- Connect companies whose waste is somebody else's raw material.
- Put the climate benefit into the sums from the very first price test.

## What you will notice

Repair and take-back stop being a cost under warranty and become a line in the order book.""",
    ),
    6: (
        Both("samordning", "coordination"),
        Both(
            "Tre län, en plan. Vi samlar insatser så att företag möter ett sammanhållet stöd oavsett länsgräns.",
            "Three counties, one plan – so that companies meet coherent support whichever side of the county"
            " line they are on.",
        ),
        """## Det här gör vi

- Planerar kurserna tillsammans, så att de inte krockar och inte saknas.
- Håller platser åt varandras företag.
- Mäter på samma sätt i alla tre länen och visar siffrorna.

## Så märks det hos er

Priset, villkoren och intyget är desamma i Hagfors, Ludvika och Hudiksvall.""",
        """## What we do

- Plan the courses together, so that they neither clash nor go missing.
- Keep places for each other's companies.
- Measure in the same way in all three counties and show the figures.

## What you will notice

The price, the terms and the certificate are the same in Hagfors, Ludvika and Hudiksvall.""",
    ),
}


def put_areas(start: Page) -> None:
    """The index and one page for each area; their titles are the areas' names."""
    index = put_page(
        start,
        ActionAreaIndexPage,
        slug=Both("insatsomraden", "action-areas"),
        title=Both("Insatsområden", "Action areas"),
        intro=Both(
            "Sex prioriterade insatser för industrins omställning. Fem står bredvid varandra, den gröna går"
            " tvärs igenom dem alla.",
            "Six priorities for the change of industry. Five stand side by side; the green one cuts through"
            " them all.",
        ),
        show_in_menus=True,
    )
    areas = {area.number: area for area in ActionArea.objects.all()}
    for number, (slug, intro, sv, en) in AREAS.items():
        area = areas[number]
        put_page(
            index,
            ActionAreaPage,
            slug=slug,
            title=Both(area.name_sv, area.name_en),
            area=area,
            intro=intro,
            body=stream(text(sv, en)),
        )
