"""About, how we work, funders, contact."""

from wagtail.models import Page

from config.bilingual import Both, put_page, stream, table
from home.models import StandardPage

from ..promoters import DOMAIN, PHONE
from ..words import fact, facts, text


def put_about(start: Page) -> None:
    about = put_page(
        start,
        StandardPage,
        slug=Both("om", "about"),
        title=Both("Om oss", "About us"),
        intro=Both(
            "Tre regioner och deras företagsfrämjare håller kurser tillsammans. Den här webbplatsen är ett"
            " exempel: företag, personer och siffror är påhittade.",
            "Three regions and their business promoters run courses together. This website is an example: its"
            " companies, people and figures are invented.",
        ),
        body=stream(
            text(
                """## Varför vi finns

I Dalarna, Gävleborg och Värmland arbetar omkring 53 000 personer i industrin, på ungefär 5 600 arbetsställen. De flesta
är små. Ett litet företag har sällan någon som bara arbetar med affärsutveckling, och ingen av våra län är tillräckligt
stort för att hålla alla kurser själv.

Därför planerar vi tillsammans. En kurs i Ludvika är öppen för Sandviken, och intyget är detsamma i Karlstad.

## Demoinnehåll

Ingenting här är ett löfte om stöd eller en riktig kurs. Organisationernas namn står som text för att visa hur sidan
fungerar, och beskrivningarna är våra egna.""",
                """## Why we exist

Around 53,000 people work in industry in Dalarna, Gävleborg and Värmland, at some 5,600 workplaces. Most of them are
small. A small company seldom has anybody who works with business development alone, and none of our counties is large
enough to run every course itself.

So we plan together. A course in Ludvika is open to Sandviken, and the certificate is the same in Karlstad.

## Demo content

Nothing here is a promise of support or a real course. The organisations' names stand as text to show how the site works,
and the descriptions are our own.""",
            )
        ),
        show_in_menus=True,
    )
    put_page(
        about,
        StandardPage,
        slug=Both("sa-arbetar-vi", "how-we-work"),
        title=Both("Så arbetar vi", "How we work"),
        intro=Both(
            "En värd, en arrangör i varje län och en gemensam kalender.",
            "One host, one organiser in every county and one shared calendar.",
        ),
        body=stream(
            text(
                """## Värd och medarrangörer

Varje kurstillfälle har en värd. Värden skickar bekräftelse och faktura, och svarar på frågor. Medarrangörer i de andra
länen kan ha platser som är vikta för deras företag fram till ett visst datum. Sedan är de fria för alla.

## Från anmälan till intyg

1. Ni bokar platser, eller ansöker där det är urval.
1. Kursledaren för närvaro vid varje träff.
1. Kursledaren föreslår resultat, och en samordnare beslutar.
1. Intyget kommer som pdf, och vem som helst kan kontrollera det.""",
                """## Host and co-organisers

Every course run has a host. The host sends confirmation and invoice, and answers questions. Co-organisers in the other
counties may have places kept for their companies until a certain date. Then they are free for all.

## From registration to certificate

1. You book places, or apply where there is a selection.
1. The course leader takes attendance at every meeting.
1. The course leader proposes results, and a coordinator decides.
1. The certificate arrives as a PDF, and anyone can check it.""",
            )
        ),
    )
    put_page(
        about,
        StandardPage,
        slug=Both("finansiarer", "funders"),
        title=Both("Finansiärer", "Funders"),
        intro=Both(
            "Exempelprojekt: här står vem som betalar, för vad och hur länge.",
            "Example project: who pays, for what and for how long.",
        ),
        body=stream(
            facts(
                fact(Both("Projekt", "Project"), Both("Exempelprojekt", "Example project")),
                fact(
                    Both("Syfte", "Purpose"),
                    Both(
                        "Fler industriföretag som tjänar pengar på tjänster",
                        "More industrial firms that earn money on services",
                    ),
                ),
                fact(
                    Both("Resultat", "Result"),
                    Both(
                        "60 företag med ett prissatt erbjudande",
                        "60 companies with an offer that has a price",
                    ),
                ),
                fact(
                    Both("Period och belopp", "Period and amount"),
                    Both(
                        "Tre år, 12 miljoner kronor (påhittat)",
                        "Three years, SEK 12 million (invented)",
                    ),
                ),
            ),
            text(
                """Finansiärens emblem och text visas överst på varje sida när ett beslut finns. Tills dess står där en
ruta, märkt Exempelprojekt.""",
                """The funder's emblem and text appear at the top of every page once there is a decision. Until then a
box stands there, marked Example project.""",
            ),
        ),
    )
    put_contact(about)


def put_contact(about: Page) -> None:
    put_page(
        about,
        StandardPage,
        slug=Both("kontakt", "contact"),
        title=Both("Kontakt", "Contact"),
        intro=Both(
            "Skriv till den som är närmast. Alla svarar för alla tre länen.",
            "Write to whoever is closest. Everybody answers for all three counties.",
        ),
        body=stream(
            table(
                Both("Adresser", "Addresses"),
                [Both("Gäller", "Concerning"), Both("E-post", "E-mail"), Both("Telefon", "Phone")],
                *(
                    [subject, f"{mailbox}@{DOMAIN}", PHONE]
                    for subject, mailbox in (
                        (Both("Kurser i Dalarna", "Courses in Dalarna"), "kurs.dalarna"),
                        (Both("Kurser i Gävleborg", "Courses in Gävleborg"), "kurs.gavleborg"),
                        (Both("Kurser i Värmland", "Courses in Värmland"), "kurs.varmland"),
                        (Both("Fakturor", "Invoices"), "ekonomi"),
                        (Both("Personuppgifter", "Personal data"), "dataskydd"),
                        (Both("Tillgänglighet", "Accessibility"), "tillganglighet"),
                        (Both("Allt annat", "Everything else"), "kontakt"),
                    )
                ),
            ),
        ),
    )
