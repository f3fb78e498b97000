"""What the nine tools say and what their files hold."""

from django.utils.html import escape

from config.bilingual import Both

FOOT = Both(
    "Focus Industri-exemplet, demoinnehåll. Fritt att använda, ändra och dela under CC BY 4.0.",
    "Focus Industri example, demo content. Free to use, change and share under CC BY 4.0.",
)
DIMENSIONS = Both(
    [
        ("Strategi", "Tjänster nämns inte i planen", "Tjänster har egna mål i planen"),
        ("Kundinsikt", "Vi gissar vad kunden behöver", "Vi intervjuar kunder varje kvartal"),
        ("Erbjudande", "Tjänster görs när någon ringer", "Tjänster har namn, löfte och gräns"),
        ("Pris och affärsmodell", "Tjänster ingår i priset", "Pris efter värde för kunden"),
        ("Organisation och kompetens", "Den som är ledig åker", "Tjänsten har en ägare"),
        ("Data och teknik", "Vi vet inte hur produkten mår", "Vi ser felet före kunden"),
    ],
    [
        ("Strategy", "Services are not in the plan", "Services have goals of their own"),
        ("Customer insight", "We guess what customers need", "We interview customers quarterly"),
        ("Offer", "Services happen when somebody rings", "Services have name, promise, limit"),
        ("Price and business model", "Services are in the price", "Price follows customer value"),
        ("Organisation and skills", "Whoever is free goes", "The service has an owner"),
        ("Data and technology", "We cannot see the product's state", "We see the fault first"),
    ],
)


def grid(heads: list[str], rows: list) -> str:
    """An HTML table with a heading for each column and row."""
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


TOOLS = [
    {
        "slug": Both("sjalvskattning", "self-assessment"),
        "title": Both("Självskattning: tjänstemognad", "Self-assessment: service maturity"),
        "kind": "pdf",
        "intro": Both(
            "Sex frågor i fem steg. Visar var ni står och vad som är nästa steg.",
            "Six questions in five steps. Shows where you stand and what comes next.",
        ),
        "sv": """Fyll i var och en för sig, och jämför sedan. Där ni tycker olika finns det mest intressanta samtalet.
Gör om den efter kursen och lägg de två bredvid varandra.

**Hör till** modul 1 i Tjänstedriven affärsutveckling. **Tid:** 20 minuter.""",
        "en": """Fill it in one by one, then compare. Where you disagree lies the most interesting conversation. Do it
again after the course and put the two side by side.

**Belongs to** module 1 of Service-driven business development. **Time:** 20 minutes.""",
        "paper": Both(
            """Sätt ett kryss per rad: 1 betyder att det vänstra stämmer helt, 5 att det högra gör det.""",
            """Put one cross in each row: 1 means that the left side is quite true, 5 that the right side is.""",
        ),
        "sheet": Both(
            grid(
                ["Område", "1", "2", "3", "4", "5"],
                [(a, b, "", "", "", c) for a, b, c in DIMENSIONS.sv],
            ),
            grid(
                ["Dimension", "1", "2", "3", "4", "5"],
                [(a, b, "", "", "", c) for a, b, c in DIMENSIONS.en],
            ),
        ),
    },
    {
        "slug": Both("tjanstestegen", "service-ladder"),
        "title": Both("Tjänstestegen", "The service ladder"),
        "kind": "pdf",
        "intro": Both(
            "Från gratis råd till betalt resultat, på ett papper.",
            "From free advice to a paid result, on one sheet of paper.",
        ),
        "sv": """Skriv dagens tjänster på det steg där de hör hemma. Fråga sedan för var och en: vad skulle krävas för att
flytta den ett steg upp, och vem skulle vilja betala för det?

**Hör till** modul 3 i Tjänstedriven affärsutveckling. **Tid:** 1 timme.""",
        "en": """Write today's services on the step where they belong. Then ask for each: what would it take to move it
one step up, and who would want to pay for that?

**Belongs to** module 3 of Service-driven business development. **Time:** 1 hour.""",
        "paper": Both(
            """Högst upp ligger störst värde och störst risk. Börja på mitten, med en kund.""",
            """At the top lie the greatest value and the greatest risk. Begin in the middle, with one customer.""",
        ),
        "sheet": Both(
            grid(
                ["Steg", "Kunden betalar för", "Våra tjänster i dag", "Nästa drag"],
                [
                    ("Avancerad", "att det fungerar", "", ""),
                    ("Mellan", "att ni finns där", "", ""),
                    ("Grund", "det ni gör", "", ""),
                ],
            ),
            grid(
                ["Step", "The customer pays for", "Our services today", "Next move"],
                [
                    ("Advanced", "things that work", "", ""),
                    ("Intermediate", "you being there", "", ""),
                    ("Basic", "what you do", "", ""),
                ],
            ),
        ),
    },
    {
        "slug": Both("intervjuguide", "interview-guide"),
        "title": Both("Intervjuguide: kundens behov", "Interview guide: customer needs"),
        "kind": "pdf",
        "intro": Both(
            "Tolv frågor som inte handlar om er produkt.",
            "Twelve questions that are not about your product.",
        ),
        "sv": """Gå två: en frågar, en skriver. Låt tystnaden arbeta. Skriv det kunden säger, inte det ni tror att den
menar.

**Hör till** modul 2 i Tjänstedriven affärsutveckling. **Tid:** 3 × 45 minuter.""",
        "en": """Go in pairs: one asks, one writes. Let silence do the work. Write what the customer says, not what you
think is meant.

**Belongs to** module 2 of Service-driven business development. **Time:** 3 × 45 minutes.""",
        "paper": Both(
            """1. Berätta om en vanlig dag här.
1. Vad är det första du kontrollerar på morgonen?
1. När stod det still senast?
1. Vad gjorde ni då, steg för steg?
1. Vem fick veta det, och när?
1. Vad kostade det, ungefär?
1. Vad har ni redan provat för att slippa det?
1. Vem brukar ni ringa, och varför just dem?
1. Vad mäter ni själva?
1. Vad skulle ni vilja slippa tänka på?
1. Vem fattar beslut om sådant här?
1. Vad borde jag ha frågat om?""",
            """1. Tell me about an ordinary day here.
1. What do you check first in the morning?
1. When did it last stand still?
1. What did you do then, step by step?
1. Who was told, and when?
1. What did it cost, roughly?
1. What have you already tried to avoid it?
1. Whom do you usually call, and why them?
1. What do you measure yourselves?
1. What would you like not to have to think about?
1. Who decides on such things?
1. What should I have asked about?""",
        ),
    },
    {
        "slug": Both("tjansteblakopia", "service-blueprint"),
        "title": Both("Tjänsteblåkopia", "Service blueprint"),
        "kind": "pdf",
        "intro": Both(
            "Rita det kunden ser och det som sker bakom.",
            "Draw what the customer sees and what goes on behind.",
        ),
        "sv": """Fyll i raderna från vänster till höger, en kolumn per steg. Varje gång något korsar linjen mellan fram och
bak har ni lovat något.

**Hör till** modul 3 i Tjänstedriven affärsutveckling. **Tid:** 2 timmar.""",
        "en": """Fill in the rows from left to right, one column per step. Every time something crosses the line between
front and back, you have made a promise.

**Belongs to** module 3 of Service-driven business development. **Time:** 2 hours.""",
        "paper": Both(
            """Tjänst: ____________________ Ägare: ____________________""",
            """Service: ____________________ Owner: ____________________""",
        ),
        "sheet": Both(
            grid(
                ["Rad", "Före", "Beställning", "Utförande", "Efter"],
                [
                    ("Kunden gör", "", "", "", ""),
                    ("Vi gör, synligt", "", "", "", ""),
                    ("Vi gör, bakom", "", "", "", ""),
                    ("System och delar", "", "", "", ""),
                    ("Kan gå fel", "", "", "", ""),
                ],
            ),
            grid(
                ["Row", "Before", "Order", "Delivery", "After"],
                [
                    ("The customer does", "", "", "", ""),
                    ("We do, in sight", "", "", "", ""),
                    ("We do, behind", "", "", "", ""),
                    ("Systems and parts", "", "", "", ""),
                    ("May go wrong", "", "", "", ""),
                ],
            ),
        ),
    },
    {
        "slug": Both("priskalkyl", "pricing-sheet"),
        "title": Both("Priskalkyl för tjänster", "Service pricing sheet"),
        "kind": "xlsx",
        "intro": Both(
            "Per månad, per drifttimme eller per resultat.",
            "Per month, per running hour or per result.",
        ),
        "sv": """Fyll i kolumnen Värde. Kalkylen räknar ut vad tjänsten kostar, och vad den är värd för kunden. Priset
ska ligga däremellan.

**Hör till** modul 4 i Tjänstedriven affärsutveckling. **Tid:** 1 timme.""",
        "en": """Fill in the Value column. The sheet works out what the service costs, and what it is worth to the
customer. The price should lie in between.

**Belongs to** module 4 of Service-driven business development. **Time:** 1 hour.""",
        "rows": Both(
            [
                ["Uppgift", "Värde", "Enhet"],
                ["Timmar per månad", 6, "h"],
                ["Kostnad per timme", 720, "kr"],
                ["Delar per månad", 900, "kr"],
                ["Risk, procent", 15, "%"],
                ["Golv: vad tjänsten kostar", "=(B2*B3+B4)*(1+B5/100)", "kr/månad"],
                ["Stillestånd som undviks", 3, "h/månad"],
                ["Kundens kostnad per timme", 8500, "kr"],
                ["Tak: vad tjänsten är värd", "=B7*B8", "kr/månad"],
                ["Förslag: en tredjedel av vägen upp", "=B6+(B9-B6)/3", "kr/månad"],
                ["Samma per drifttimme (500 h)", "=B10/500", "kr/h"],
            ],
            [
                ["Item", "Value", "Unit"],
                ["Hours per month", 6, "h"],
                ["Cost per hour", 720, "SEK"],
                ["Parts per month", 900, "SEK"],
                ["Risk, per cent", 15, "%"],
                ["Floor: what the service costs", "=(B2*B3+B4)*(1+B5/100)", "SEK/month"],
                ["Standstill avoided", 3, "h/month"],
                ["The customer's cost per hour", 8500, "SEK"],
                ["Ceiling: what the service is worth", "=B7*B8", "SEK/month"],
                ["Proposal: a third of the way up", "=B6+(B9-B6)/3", "SEK/month"],
                ["The same per running hour (500 h)", "=B10/500", "SEK/h"],
            ],
        ),
    },
    {
        "slug": Both("checklista-avtal-data", "contract-data-checklist"),
        "title": Both("Checklista: avtal och data", "Checklist: contract and data"),
        "kind": "pdf",
        "intro": Both(
            "Vem äger mätvärdena? Frågor att ställa före underskrift.",
            "Who owns the readings? Questions to ask before signing.",
        ),
        "sv": """Gå igenom listan tillsammans med kunden. Ett nej är inget hinder, men det ska stå i avtalet.

Listan är ett stöd för samtalet och ersätter inte juridisk rådgivning. **Hör till** modul 4 i båda kurserna.""",
        "en": """Go through the list together with the customer. A no is no obstacle, but it should be in the contract.

The list supports a conversation and is no substitute for legal advice. **Belongs to** module 4 of both courses.""",
        "paper": Both(
            """## Löftet

- Vad lovar vi, och hur mäts det?
- Vad ingår inte?
- Vad händer om vi inte håller det?

## Priset

- Vad ingår i månadsavgiften?
- När och hur får den ändras?
- Vad kostar det att sluta i förtid?

## Data

- Vilka mätvärden samlas in, och hur ofta?
- Vem får läsa dem, och till vad?
- Hur får kunden ut dem, och i vilket format?
- Får de delas med någon tredje part?
- När raderas de?

## Säkerhet

- Vem uppdaterar enheten?
- Vem ringer man när något läcker?""",
            """## The promise

- What do we promise, and how is it measured?
- What is not included?
- What happens if we fail to keep it?

## The price

- What is included in the monthly fee?
- When and how may it be changed?
- What does it cost to leave early?

## Data

- Which readings are collected, and how often?
- Who may read them, and for what?
- How does the customer get them out, and in which format?
- May they be shared with a third party?
- When are they erased?

## Security

- Who updates the device?
- Who is called when something leaks?""",
        ),
    },
    {
        "slug": Both("cirkular-kalkyl", "circular-business-case"),
        "title": Both("Cirkulär affärskalkyl", "Circular business case"),
        "kind": "xlsx",
        "intro": Both(
            "Vad är maskinen värd när den kommer tillbaka?",
            "What is the machine worth when it comes back?",
        ),
        "sv": """Räkna på ett varv: hämta, kontrollera, laga, sälja igen. Kalkylen visar kronor och koldioxid på samma rad,
och säger vad som inte är med.

**Hör till** modul 3 i Cirkulära affärer. **Tid:** 1 timme.""",
        "en": """Calculate one round: collect, check, mend, sell again. The sheet shows kronor and carbon on the same line,
and says what is left out.

**Belongs to** module 3 of Circular business. **Time:** 1 hour.""",
        "rows": Both(
            [
                ["Post per styck", "Kronor", "Kilo CO2e"],
                ["Hämta", 140, 1.2],
                ["Kontrollera", 95, 0],
                ["Laga eller slipa", 260, 3.5],
                ["Sälja och garantera", 120, 0],
                ["Summa för återbruk", "=SUM(B2:B5)", "=SUM(C2:C5)"],
                ["Ny: material och tillverkning", 980, 21],
                ["Skillnad", "=B7-B6", "=C7-C6"],
                ["Inte medräknat: kundens transporter", "", ""],
            ],
            [
                ["Item per piece", "SEK", "Kilo CO2e"],
                ["Collect", 140, 1.2],
                ["Check", 95, 0],
                ["Mend or regrind", 260, 3.5],
                ["Sell and warrant", 120, 0],
                ["Sum for reuse", "=SUM(B2:B5)", "=SUM(C2:C5)"],
                ["New: material and production", 980, 21],
                ["Difference", "=B7-B6", "=C7-C6"],
                ["Not counted: the customer's transport", "", ""],
            ],
        ),
    },
    {
        "slug": Both("narvarolista", "attendance-list"),
        "title": Both("Närvarolista och logotyper", "Attendance list and logotypes"),
        "kind": "csv",
        "audience": "promoter",
        "intro": Both(
            "Så dokumenterar ni en träff så att den håller vid granskning.",
            "How to document a meeting so that it stands up to an audit.",
        ),
        "sv": """1. Öppna listan på telefonen när träffen börjar, och markera alla som är där.
1. Räkna huvuden i rummet och skriv talet när du stänger listan.
1. Rätta aldrig i efterhand på papper. Be en samordnare öppna listan igen, med en anledning.

Finansiärens emblem ska vara minst lika stort som den största andra logotypen på samma sida. I demon står en ruta i
stället för emblemet. Filen är en tom lista att skriva ut om nätet är borta.""",
        "en": """1. Open the list on your phone when the meeting begins, and mark everybody who is there.
1. Count the heads in the room and enter the number when you close the list.
1. Never correct on paper afterwards. Ask a coordinator to reopen the list, with a reason.

The funder's emblem must be at least as large as the largest other logotype on the same page. In the demo a box stands in
its place. The file is an empty list to print if the network is down.""",
        "rows": Both(
            [
                ["Kurstillfälle", "Datum", "Namn", "Företag", "Kom", "Gick", "Underskrift"],
                *[["", "", "", "", "", "", ""]] * 20,
            ],
            [
                ["Course run", "Date", "Name", "Company", "Came", "Left", "Signature"],
                *[["", "", "", "", "", "", ""]] * 20,
            ],
        ),
    },
    {
        "slug": Both("guide-forsumbart-stod", "de-minimis-guide"),
        "title": Both("Guide: försumbart stöd", "Guide: de minimis aid"),
        "kind": "pdf",
        "audience": "promoter",
        "intro": Both(
            "Från intyg till beslut, steg för steg.", "From declaration to decision, step by step."
        ),
        "sv": """En plats som företaget inte betalar för kan vara stöd. Då krävs företagets intyg och ett beslut innan
första träffen.

Taket är 300 000 euro per företagsgrupp under tre år, räknat från dagen för varje beslut. Guiden är en översikt; vid
tveksamhet avgör handläggaren.""",
        "en": """A place the company does not pay for may be aid. Then the company's declaration and a decision are needed
before the first meeting.

The ceiling is 300,000 euros per group of companies over three years, counted from the date of each decision. The guide is
an overview; in doubtful cases the case officer decides.""",
        "paper": Both(
            """1. Företaget räknar samman stöd från de senaste tre åren, för hela gruppen.
1. Firmatecknaren lämnar intyget.
1. Projektet skickar in det och väntar på beslut.
1. Först efter beslutet är platsen bekräftad.
1. Beslutet registreras inom tjugo arbetsdagar.

## Vanliga misstag

- Att räkna på kursens datum i stället för beslutets.
- Att glömma moderbolaget.
- Att börja kursen före beslutet.""",
            """1. The company adds up aid from the last three years, for the whole group.
1. The authorised signatory hands in the declaration.
1. The project sends it in and waits for a decision.
1. Only after the decision is the place confirmed.
1. The decision is registered within twenty working days.

## Common mistakes

- Counting from the date of the course instead of the decision.
- Forgetting the parent company.
- Starting the course before the decision.""",
        ),
    },
]
