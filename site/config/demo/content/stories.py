"""Four success stories. Companies and results are invented and say so."""

from wagtail.models import Locale, Page

from config.bilingual import Both, put_page, stream
from home.models import ActionArea, Region, StoryIndexPage, StoryPage

from ..words import fact, text
from .film import film_block

STORIES = [
    {
        "course": "TDA",
        "sketch": "sale",
        "slug": Both("drifttiden", "uptime"),
        "title": Both("Vi sålde maskinen. Nu säljer vi drifttiden.", "From machine to uptime"),
        "company": "Exempel Ventil & Hydraulik AB",
        "region": "21",
        "area": 3,
        "intro": Both(
            "En hydraultillverkare i Sandviken bytte en stor affär vart tionde år mot månadsavgifter, och fick"
            " kunden att ringa innan det gick sönder.",
            "A hydraulics maker in Sandviken swapped one large sale every ten years for monthly fees, and got"
            " the customer to call before anything broke.",
        ),
        "quote": Both(
            "Vi hade haft en serviceavdelning i tjugo år utan att veta om det.",
            "We had run a service department for twenty years without knowing it.",
        ),
        "quote_by": Both("Servicechef", "Service manager"),
        "results": [
            fact(
                Both("Kunder med serviceavtal efter ett år", "Customers on contract, one year on"),
                Both("4", "4"),
            ),
            fact(
                Both("Personer från företaget gick kursen", "People from the firm on the course"),
                Both("3", "3"),
            ),
            fact(
                Both("Erbjudande prissatt före sista träffen", "Offers priced by the last meeting"),
                Both("1", "1"),
            ),
        ],
        "sv": """Det började med en fråga från en kund: vad kostar det när pumpen står? Ingen på företaget visste.
Kunden visste på öret.

På kursen räknade tre personer från verkstaden, säljet och ledningen på allt de redan gjorde gratis: telefonråd,
jourresor, reservdelar på en höft. Det blev fler timmar än någon hade trott, och de flesta gick till kunder som
aldrig hade bett om rabatt.

Nu sitter givare på aggregaten. Kunden betalar per månad för att anläggningen går, och företaget byter slangen
innan den brister. Den första kunden skrev på efter pristestet i modul fyra. Tre till har följt efter, och två av
dem hittade hit själva.

## Så gjorde de

- Räknade gratistjänsterna i en vanlig kalkyl.
- Intervjuade tre kunder med kursens frågor.
- Ritade tjänsten och provade priset på en kund.""",
        "en": """It began with a customer's question: what does it cost when the pump stands still? Nobody at the
company knew. The customer knew to the last krona.

On the course, three people from the workshop, sales and management added up everything they already did for free:
advice by telephone, emergency trips, spare parts on the off chance. It came to more hours than anyone had believed,
and most of them went to customers who had never asked for a discount.

Now there are sensors on the power units. The customer pays by the month for a plant that runs, and the company
changes the hose before it bursts. The first customer signed after the price test in module four. Three more have
followed, and two of them found their own way here.

## How they did it

- Added up the free services in an ordinary spreadsheet.
- Interviewed three customers with the questions of the course.
- Drew the service and tried the price on one customer.""",
    },
    {
        "course": "TDA",
        "slug": Both("tre-intervjuer", "three-interviews"),
        "title": Both("Tre intervjuer som ändrade allt", "Three interviews"),
        "company": "Norrälvens Exempelmekanik AB",
        "region": "20",
        "area": 3,
        "intro": Both(
            "En mekanisk verkstad i Borlänge trodde att kunderna ville ha lägre pris. Tre samtal senare sålde"
            " den reparation inom samma vecka.",
            "An engineering workshop in Borlänge thought its customers wanted a lower price. Three"
            " conversations later it was selling repairs within the week.",
        ),
        "quote": Both(
            "Tre intervjuer räckte. Kunderna betalade redan, fast med sin väntetid.",
            "Three interviews were enough. Customers were already paying, only with their waiting time.",
        ),
        "quote_by": Both("Vd", "Managing director"),
        "results": [
            fact(
                Both("Abonnemang sålda första halvåret", "Subscriptions sold in six months"),
                Both("6", "6"),
            ),
            fact(
                Both("Väntetid, från och till", "Waiting time, before and after"),
                Both("3 veckor till 4 dagar", "3 weeks to 4 days"),
            ),
            fact(Both("Nya maskiner som behövdes", "New machines needed"), Both("0", "0")),
        ],
        "sv": """Verkstaden låg sju procent över konkurrenten och hade bestämt sig för att sänka priset. Hemuppgiften
kom emellan: tre kundintervjuer, och ingen fråga fick handla om den egna produkten.

Den första kunden talade i tjugo minuter om en axel som hade stått i tre veckor. Den andra hade köpt en extra
maskin för att slippa vänta. Den tredje visste inte ens vad verkstaden tog betalt, men visste exakt vad ett
stillestånd kostade per timme.

Priset fick vara. I stället tog verkstaden två halvdagar i veckan ur den vanliga planeringen och sålde dem som
abonnemang: den som betalar varje månad får sin del reparerad samma vecka. Halvdagarna är nästan alltid fulla, och
när de inte är det slipar man lager.""",
        "en": """The workshop was seven per cent above its competitor and had decided to lower its price. Then the
assignment came in between: three customer interviews, and not one question was to be about its own product.

The first customer talked for twenty minutes about a shaft that had stood for three weeks. The second had bought a
spare machine to avoid waiting. The third did not even know what the workshop charged, but knew exactly what an hour
of standstill cost.

The price stayed as it was. Instead the workshop took two half-days a week out of its ordinary planning and sold them
as a subscription: whoever pays every month has the part repaired within the week. The half-days are nearly always
full, and when they are not, bearings are ground for stock.""",
    },
    {
        "course": "CIR",
        "slug": Both("begagnat-med-garanti", "second-hand-with-a-warranty"),
        "title": Both("Begagnat med garanti", "Second-hand with a warranty"),
        "company": "Hagfors Exempelverktyg AB",
        "region": "17",
        "area": 5,
        "intro": Both(
            "En verktygstillverkare i Hagfors tar tillbaka slitna verktyg, slipar om dem och säljer dem en"
            " gång till. Med samma garanti som nya.",
            "A tool maker in Hagfors takes worn tools back, regrinds them and sells them once more. With the"
            " same warranty as new ones.",
        ),
        "quote": Both(
            "Skrotlådan hos kunden var vårt bästa lager. Vi hade bara inte frågat efter den.",
            "The customer's scrap bin was our best stock. We had just never asked for it.",
        ),
        "quote_by": Both("Produktionschef", "Production manager"),
        "results": [
            fact(
                Both("Verktyg som kommer tillbaka", "Tools that come back"),
                Both("4 av 10", "4 out of 10"),
            ),
            fact(
                Both("Pris jämfört med nytt", "Price compared with new"),
                Both("60 procent", "60 per cent"),
            ),
            fact(
                Both("Gånger ett verktyg kan slipas", "Times a tool can be reground"),
                Both("3", "3"),
            ),
        ],
        "sv": """Ett verktyg av snabbstål innehåller mer energi än det någonsin kommer att använda. Ändå hamnade de
slitna i kundens skrotlåda och såldes på kilo.

På kursen om cirkulära affärer ritade företaget flödet på ett A3 och såg att lådan stod fyra mil från den egna
slipmaskinen. Pilotkunden fick en låsbar back, en etikett per verktyg och ett löfte: kommer det tillbaka helt, slipar
vi det, mäter det och lämnar garanti.

Första kvartalet kom vart tionde verktyg tillbaka. I dag är det fyra av tio. Priset är sextio procent av ett nytt, och
marginalen är högre, eftersom stålet redan är betalt. Kunden redovisar minskningen i sin klimatrapport och ringer
själv när backen är full.""",
        "en": """A tool of high-speed steel holds more energy than it will ever use. Still, the worn ones ended up in
the customer's scrap bin and were sold by the kilo.

On the course on circular business the company drew the flow on a sheet of A3 and saw that the bin stood forty
kilometres from its own grinding machine. The pilot customer was given a lockable crate, a label for every tool and
a promise: if it comes back whole, we grind it, measure it and give a warranty.

In the first quarter one tool in ten came back. Today it is four in ten. The price is sixty per cent of a new tool,
and the margin is higher, since the steel has already been paid for. The customer puts the reduction in its climate
report and calls of its own accord when the crate is full.""",
    },
    {
        "course": "UPD",
        "slug": Both("over-lansgransen", "across-the-county-line"),
        "title": Both("Över länsgränsen", "Across the county line"),
        "company": "Bergslagens Exempelsensor AB",
        "region": "20",
        "area": 6,
        "intro": Both(
            "Ett sensorföretag i Ludvika och ett fiberföretag i Hudiksvall satt bredvid varandra på en kurs."
            " Nu svarar de på offerter ihop.",
            "A sensor company in Ludvika and a fibre company in Hudiksvall sat next to each other on a course."
            " Now they answer tenders together.",
        ),
        "quote": Both(
            "Vi hade letat i Tyskland. Hon satt två stolar bort.",
            "We had been looking in Germany. She was sitting two chairs away.",
        ),
        "quote_by": Both("Grundare", "Founder"),
        "results": [
            fact(Both("Gemensamma anbud", "Joint tenders"), Both("3", "3")),
            fact(Both("Vunna", "Won"), Both("1", "1")),
            fact(Both("Mil mellan företagen", "Kilometres between the firms"), Both("22", "220")),
        ],
        "sv": """Sensorn från Ludvika kunde känna en vibration på tusendelen, men signalen dog efter hundra meter.
Fibern från Hudiksvall bar signalen hur långt som helst, men hade inget att berätta.

De båda företagen möttes på labbdagen i kursen om uppkopplade produkter. Uppgiften var att få en mätning från golvet
till en skärm hos en kund. Efter lunch hade de löst den, och på hemresan ringde de varandra.

Vem som äger mätvärdena redde de ut med kursens checklista innan de lämnade första anbudet. Det förlorade de. Det
andra med. Det tredje vann de: ett vattenverk som ville veta när pumparna börjar låta fel. Nu delar de på en
servicetekniker som bor halvvägs.""",
        "en": """The sensor from Ludvika could feel a vibration to the thousandth, but the signal died after a hundred
metres. The fibre from Hudiksvall carried a signal any distance, but had nothing to tell.

The two companies met on the lab day of the course on connected products. The task was to bring one measurement from
the shop floor to a customer's screen. By the afternoon they had solved it, and on the way home they rang each other.

With the checklist of the course they settled who owns the readings before handing in their first tender. They lost
it. The second as well. The third they won: a waterworks that wanted to know when its pumps begin to sound wrong. Now
they share a service technician who lives halfway.""",
    },
]


def _film_of(story: dict) -> list:
    return [film_block()] if story["slug"].sv == "drifttiden" else []


def put_stories(start: Page, courses: dict[str, Page]) -> list[Page]:
    """The index and the stories; returns the stories in order."""
    index = put_page(
        start,
        StoryIndexPage,
        slug=Both("berattelser", "stories"),
        title=Both("Framgångsexempel", "Success stories"),
        intro=Both(
            "Så gick det för andra. Företagen är påhittade, men frågorna är desamma som era.",
            "How it went for others. The companies are invented, but their questions are the same as yours.",
        ),
        show_in_menus=True,
    )
    regions = {region.code: region for region in Region.objects.all()}
    areas = {area.number: area for area in ActionArea.objects.all()}
    english = Locale.objects.get(language_code="en")
    read_on = {
        code: Both(page, page.get_translation_or_none(english)) for code, page in courses.items()
    }
    return [
        put_page(
            index,
            StoryPage,
            slug=story["slug"],
            title=story["title"],
            company=story["company"],
            fictional=True,
            region=regions[story["region"]],
            area=areas[story["area"]],
            intro=story["intro"],
            quote=story["quote"],
            quote_by=story["quote_by"],
            results=stream(*(("fact", row) for row in story["results"])),
            body=stream(text(story["sv"], story["en"]), *_film_of(story)),
            sketch=story.get("sketch", ""),
            next_page=read_on[story["course"]],
            consent="Påhittad person, inget samtycke behövs",
        )
        for story in STORIES
    ]
