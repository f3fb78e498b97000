"""Privacy, cookies, booking terms and the accessibility statement."""

from datetime import datetime, timedelta

from wagtail.models import Page

from config.bilingual import Both, put_page, stream, table
from courses.models.run import STOCKHOLM
from home.models import AccessibilityStatementPage, StandardPage

from ..promoters import DOMAIN
from ..words import both_rich, text

PRIVACY_ROWS = [
    (
        Both("Namn, e-post, telefon, språk", "Name, e-mail, phone, language"),
        Both("Hålla kursen", "Run the course"),
        Both("Avtal eller allmänt intresse", "Contract or public interest"),
        Both("24 månader efter senaste inloggning", "24 months after the last sign-in"),
    ),
    (
        Both("Arbetsgivare och roll", "Employer and role"),
        Both("Bokning och behörighet", "Booking and eligibility"),
        Both("Allmänt eller berättigat intresse", "Public or legitimate interest"),
        Both("Så länge underlaget sparas", "As long as the evidence is kept"),
    ),
    (
        Both("Närvaro, resultat, intyg", "Attendance, results, certificates"),
        Both("Underlag till finansiären, intyg", "Evidence for the funder, certificates"),
        Both("Rättslig förpliktelse", "Legal obligation"),
        Both("4–10 år enligt projektets beslut", "4–10 years under the project's decision"),
    ),
    (
        Both("Betalningar och kvitton", "Payments and receipts"),
        Both("Bokföring", "Bookkeeping"),
        Both("Rättslig förpliktelse", "Legal obligation"),
        Both("7 år", "7 years"),
    ),
    (
        Both("Svar i moduler och uppgifter", "Answers in modules and assignments"),
        Both("Lärande", "Learning"),
        Both("Avtal", "Contract"),
        Both("12 månader efter kursen", "12 months after the course"),
    ),
    (
        Both("Inloggningar och loggar", "Sign-ins and logs"),
        Both("Säkerhet", "Security"),
        Both("Berättigat intresse", "Legitimate interest"),
        Both("12 månader", "12 months"),
    ),
]


def put_legal(start: Page, *, now: datetime) -> None:
    put_privacy(start)
    put_cookies(start)
    put_terms(start)
    put_statement(start, now=now)


def put_privacy(start: Page) -> None:
    put_page(
        start,
        StandardPage,
        role=StandardPage.Role.PRIVACY,
        slug=Both("personuppgifter", "privacy"),
        title=Both("Så behandlar vi personuppgifter", "How we handle personal data"),
        intro=Both(
            "Vilka uppgifter vi har om dig, varför, hur länge, och vad du kan kräva av oss.",
            "Which data we hold about you, why, for how long, and what you may demand of us.",
        ),
        body=stream(
            text(
                f"""## Vem ansvarar

Värden för kurstillfället och projektägaren är gemensamt personuppgiftsansvariga. Du kan vända dig till vem som helst av
dem, eller till dataskydd@{DOMAIN}.""",
                f"""## Who is responsible

The host of the course run and the project owner are joint controllers. You may turn to either of them, or to
dataskydd@{DOMAIN}.""",
            ),
            table(
                Both("Uppgifter vi behandlar", "Data we handle"),
                [
                    Both("Uppgift", "Data"),
                    Both("Varför", "Why"),
                    Both("Rättslig grund", "Legal basis"),
                    Both("Hur länge", "For how long"),
                ],
                *([*row] for row in PRIVACY_ROWS),
            ),
            text(
                """## Det vi inte frågar om

Vi frågar inte efter personnummer, och inte efter din hälsa.

## Vem som får se

Kursledaren ser namn, företag och närvaro på sina egna kurser. Samordnare ser det som behövs för beslut och rapporter.
Den som kontrollerar ditt intyg ser bara dina initialer, om du inte väljer att visa hela namnet.

## Allmän handling

Uppgifter om närvaro och resultat kan lämnas till finansiären och till EU:s organ, och kan bli allmän handling där.

## Dina rättigheter

Du kan få ett registerutdrag, få fel rättade, invända och be oss radera. Det som måste sparas som underlag blir kvar så
länge lagen eller beslutet kräver, men visas inte längre. Är du inte nöjd kan du klaga hos
[Integritetsskyddsmyndigheten](https://www.imy.se/).""",
                """## What we do not ask

We do not ask for your personal identity number, nor about your health.

## Who may see

The course leader sees names, companies and attendance on their own courses. Coordinators see what they need for decisions
and reports. Whoever checks your certificate sees your initials only, unless you choose to show your full name.

## Public records

Data on attendance and results may be handed to the funder and to bodies of the EU, and may become public records there.

## Your rights

You may have a copy of your data, have mistakes corrected, object, and ask us to erase. What must be kept as evidence stays
as long as the law or the decision demands, but is no longer shown. If you are not satisfied, you can complain to the
[Swedish Authority for Privacy Protection](https://www.imy.se/).""",
            ),
        ),
    )


def put_cookies(start: Page) -> None:
    put_page(
        start,
        StandardPage,
        slug=Both("kakor", "cookies"),
        title=Both("Kakor", "Cookies"),
        intro=Both(
            "Vi använder tre kakor som webbplatsen inte fungerar utan. Därför frågar vi inte om lov.",
            "We use three cookies that the site cannot work without. That is why we do not ask for consent.",
        ),
        body=stream(
            table(
                Both("Kakor på webbplatsen", "Cookies on this site"),
                [
                    Both("Namn", "Name"),
                    Both("Vad den gör", "What it does"),
                    Both("Hur länge", "For how long"),
                ],
                [
                    "session",
                    Both("Håller dig inloggad", "Keeps you signed in"),
                    Both("Två veckor", "Two weeks"),
                ],
                [
                    "csrf",
                    Both("Skyddar formulär mot missbruk", "Protects forms from abuse"),
                    Both("Ett år", "One year"),
                ],
                [
                    "language",
                    Both("Minns ditt språk", "Remembers your language"),
                    Both("Tills du stänger webbläsaren", "Until you close the browser"),
                ],
            ),
            text(
                """Vi har inga kakor för statistik eller reklam, och hämtar varken typsnitt, film eller kartor från andra.
Betalar du med kort sker det på betaltjänstens egen sida, med dess egna kakor.""",
                """We have no cookies for statistics or advertising, and fetch neither fonts, films nor maps from others. If
you pay by card, you do so on the payment service's own page, with its own cookies.""",
            ),
        ),
    )


def put_terms(start: Page) -> None:
    put_page(
        start,
        StandardPage,
        role=StandardPage.Role.TERMS,
        slug=Both("villkor", "booking-terms"),
        title=Both("Villkor för anmälan", "Booking terms"),
        intro=Both(
            "Det här gäller när du bokar en plats. Kort och utan finstilt.",
            "What applies when you book a place. Short, and without small print.",
        ),
        body=stream(
            text(
                """## Bindande anmälan

Anmälan är bindande när du har fått bekräftelsen. På kurstillfällen med ansökan är den bindande när du har tackat ja.""",
                """## Binding registration

The registration is binding once you have received the confirmation. On runs by application it is binding once you have
accepted.""",
            ),
            table(
                Both("Om du avbokar", "If you cancel"),
                [
                    Both("När", "When"),
                    Both("Betald kurs", "Paid course"),
                    Both("Kostnadsfri kurs", "Free course"),
                ],
                [
                    Both("Minst 14 dagar före start", "At least 14 days before the start"),
                    Both("Ingen kostnad", "No charge"),
                    Both("Ingen kostnad", "No charge"),
                ],
                [
                    Both("13–10 dagar före", "13–10 days before"),
                    Both("Halva priset", "Half the price"),
                    Both("Ingen kostnad", "No charge"),
                ],
                [
                    Both("9–7 dagar före", "9–7 days before"),
                    Both("Halva priset", "Half the price"),
                    Both("1 500 kr per person", "SEK 1,500 per person"),
                ],
                [
                    Both("Senare, eller du uteblir", "Later, or you do not come"),
                    Both("Hela priset", "The full price"),
                    Both("1 500 kr per person", "SEK 1,500 per person"),
                ],
            ),
            text(
                """## Ersättare

En kollega får ta din plats när som helst. Säg till oss, så blir intyget rätt. Närvaron följer den som har varit där.

## Om vi ställer in

Blir anmälningarna för få ställer vi in senast en vecka före start. Då får du pengarna tillbaka, och vi föreslår ett annat
tillfälle.

## Försumbart stöd

Är platsen betald av ett projekt kan den räknas som stöd till företaget. Då behövs ett intyg och ett beslut innan första
träffen.

## Bild och ljud

Ingen spelar in en träff utan att alla i rummet har sagt ja.""",
                """## Substitutes

A colleague may take your place at any time. Tell us, and the certificate will be right. Attendance follows the person who
was there.

## If we cancel

If too few register, we cancel at the latest one week before the start. You then get your money back, and we suggest another
run.

## De minimis aid

If a project pays for the place, it may count as aid to the company. Then a declaration and a decision are needed before
the first meeting.

## Pictures and sound

Nobody records a meeting unless everybody in the room has agreed.""",
            ),
        ),
    )


def put_statement(start: Page, *, now: datetime) -> None:
    today = now.astimezone(STOCKHOLM).date()
    put_page(
        start,
        AccessibilityStatementPage,
        slug=Both("tillganglighet", "accessibility"),
        title=Both("Tillgänglighetsredogörelse", "Accessibility statement"),
        intro=Both(
            "Alla ska kunna läsa, boka och lära här. Så långt har vi kommit, och så säger du till när något"
            " inte fungerar.",
            "Everybody should be able to read, book and learn here. This is how far we have come, and how to"
            " tell us when something does not work.",
        ),
        actor=Both("Focus Industri-exemplet", "Focus Industri example"),
        service=Both("Webbplatsen och kursplattformen", "The website and the course platform"),
        compliance=AccessibilityStatementPage.Compliance.PARTIAL,
        shortcomings=both_rich(
            """- Kalkylblad i verktygslådan har inte provats med alla skärmläsare. Vi gör det före nästa version.
- Filer som deltagare själva lämnar in kan sakna rubriker och bildbeskrivningar.
- Den utskrivna närvarolistan finns bara på papper. Be kursledaren om den i annat format.""",
            """- Spreadsheets in the toolbox have not been tried with every screen reader. We will do so before the next
version.
- Files handed in by participants may lack headings and descriptions of pictures.
- The printed attendance list exists on paper only. Ask the course leader for it in another format.""",
        ),
        assessed_on=today - timedelta(days=30),
        updated_on=today - timedelta(days=6),
        method=Both(
            "Egen granskning mot WCAG 2.2 nivå AA, med automatiska verktyg, tangentbord och skärmläsare.",
            "Our own review against WCAG 2.2 level AA, with automatic tools, keyboard and screen reader.",
        ),
        contact=both_rich(
            f"""Skriv till [tillganglighet@{DOMAIN}](mailto:tillganglighet@{DOMAIN}) eller ring 010-000 00 00. Säg
vilken sida det gäller. Vi svarar inom fem arbetsdagar, och kan lämna innehållet i ett annat format. Du behöver inte säga
vem du är.""",
            f"""Write to [tillganglighet@{DOMAIN}](mailto:tillganglighet@{DOMAIN}) or call 010-000 00 00. Say which page
it concerns. We answer within five working days, and can give you the content in another format. You need not say who you
are.""",
        ),
        burden=both_rich(
            """Vi åberopar inte att något är oskäligt betungande.""",
            """We do not claim that anything is a disproportionate burden.""",
        ),
        outside=both_rich(
            """Betaltjänstens sida tillhör en annan leverantör. Kvittot får du också från oss, som text.""",
            """The payment service's page belongs to another supplier. We also send you the receipt ourselves, as text.""",
        ),
    )
