"""The programme page, and what the start page says in a minute."""

from wagtail.models import Locale, Page

from config.baseline import START_WORDS
from config.bilingual import Both, fields_in, put_page, stream, translate
from home.models import ProgrammePage, StartPage

from ..files import pdf, put_document
from ..words import both_rich, fact, rich, text
from .tool_files import FOOT

STRATEGY = Both(
    """Strategin samlar det som Dalarna, Gävleborg och Värmland har kommit överens om för industrins omställning. Den är
skriven för den som leder ett företag eller stöder dem som gör det.

## Vart vi vill

År 2030 ska det vara lika naturligt för ett industriföretag här att sälja drifttid som att sälja delar. Företagen ska nå
hjälp på samma villkor i alla tre länen.

## Sex insatser

1. Resurser och kapacitet för innovation
1. Ökad närvaro i globala värdekedjor
1. Stärkt omställningsförmåga i små och medelstora företag
1. Kompetens för en attraktiv industri
1. Grön och cirkulär industri, tvärs igenom de andra
1. Strategisk styrning och samordning

## Hur vi vet att det går rätt

Vi mäter antal företag, antal personer och antal erbjudanden som har fått ett pris. Siffrorna redovisas per län och år.""",
    """The strategy gathers what Dalarna, Gävleborg and Värmland have agreed on for the change of industry. It is written for
those who lead a company, or support those who do.

## Where we want to go

By 2030 it should be as natural for an industrial company here to sell uptime as to sell parts. Companies should find help
on the same terms in all three counties.

## Six action areas

1. Innovation resources and capacity
1. Stronger presence in global value chains
1. SMEs ready to change
1. Skills for an attractive industry
1. Green and circular industry, cutting through the others
1. Strategic steering and coordination

## How we know that it is going well

We measure the number of companies, of people, and of offers that have been given a price. Figures are reported by county
and year.""",
)
STRATEGY_TITLE = Both("Strategin i korthet", "The strategy in brief")
SOURCE = Both("Exempeldata", "Example data")
FIGURES = [
    (
        Both("Anställda i industrin, alla tre länen", "Employees in industry, all three counties"),
        53000,
        Both("anställda", "employees"),
    ),
    (Both("Dalarna", "Dalarna"), 19000, Both("anställda", "employees")),
    (Both("Gävleborg", "Gävleborg"), 17500, Both("anställda", "employees")),
    (Both("Värmland", "Värmland"), 16500, Both("anställda", "employees")),
    (
        Both("Arbetsställen i industrin", "Industrial workplaces"),
        5600,
        Both("arbetsställen", "workplaces"),
    ),
    (
        Both("därav med färre än 50 anställda", "of which with fewer than 50 employees"),
        5100,
        Both("arbetsställen", "workplaces"),
    ),
]


def put_programme(start: Page, *, year: int) -> None:
    documents = {
        language: put_document(
            getattr(STRATEGY_TITLE, language),
            f"strategi-{language}.pdf",
            lambda language=language: pdf(
                getattr(STRATEGY_TITLE, language),
                rich(getattr(STRATEGY, language)),
                language=language,
                foot=getattr(FOOT, language),
            ),
        )
        for language in ("sv", "en")
    }
    put_page(
        start,
        ProgrammePage,
        slug=Both("programmet", "programme"),
        title=Both("Programmet", "The programme"),
        intro=Both(
            "Tre läns gemensamma strategi för industrins omställning. Exempelprojekt: inga uppgifter här är"
            " ett beslut om stöd.",
            "Three counties' joint strategy for the change of industry. Example project: nothing here is a"
            " decision on funding.",
        ),
        purpose=both_rich(
            """Små och medelstora industriföretag ska kunna tjäna pengar på det de kan, inte bara på det de gör.""",
            """Small and medium-sized industrial firms should be able to earn money on what they know, not only on what
they make.""",
        ),
        result=both_rich(
            """- 60 företag från tre län har gått en kurs.
- 150 personer har fått kursintyg.
- 30 erbjudanden är prissatta och visade för en kund.""",
            """- 60 companies from three counties have taken a course.
- 150 people have received a course certificate.
- 30 offers have been priced and shown to a customer.""",
        ),
        period=Both(f"{year - 1}–{year + 1}, exempel", f"{year - 1}–{year + 1}, example"),
        beneficiaries=Both(
            "Exempelprojekt: företagsfrämjare i Dalarna, Gävleborg och Värmland",
            "Example project: business promoters in Dalarna, Gävleborg and Värmland",
        ),
        funders=Both(
            "Exempelfinansiären och de tre regionerna (påhittat)",
            "The example funder and the three regions (invented)",
        ),
        amount=Both("12 000 000 kr (påhittat)", "SEK 12,000,000 (invented)"),
        strategy_document=Both(documents["sv"], documents["en"]),
        figures=stream(
            *(
                (
                    "figure",
                    {
                        "label": label,
                        "value": str(value),
                        "unit": unit,
                        "year": year - 1,
                        "source": SOURCE,
                    },
                )
                for label, value, unit in FIGURES
            )
        ),
        body=stream(
            text(
                """## Sex insatser

Strategin har sex insatser. Fem står bredvid varandra, och den gröna går tvärs igenom dem. Varje kurs hör till en av dem.

## Siffrorna

Talen visar ungefär hur stor industrin är i de tre länen. De är avrundade exempel och ska inte användas som källa.""",
                """## Six action areas

The strategy has six action areas. Five stand side by side, and the green one cuts through them. Every course belongs to
one of them.

## The figures

The numbers show roughly how large industry is in the three counties. They are rounded examples and not to be used as a
source.""",
            )
        ),
    )


def fill_start(start: StartPage, stories: list[Page]) -> None:
    """Facts and a story for a start page that has none; what an editor has put there stays."""
    if start.minute or not stories:
        return
    story = stories[0]
    english = Locale.objects.get(language_code="en")
    words = {
        **START_WORDS,
        "minute": stream(*(("fact", row) for row in MINUTE)),
        "story": Both(story, story.get_translation(english)),
    }
    for name, value in fields_in(StartPage, words, "sv").items():
        setattr(start, name, value)
    start.save_revision().publish()
    translate(StartPage.objects.get(pk=start.pk), words)


MINUTE = [
    fact(
        Both("Vad", "What"),
        Both(
            "Tre kurser i tjänster, data och cirkulära affärer",
            "Three courses in services, data and circular business",
        ),
    ),
    fact(
        Both("För vem", "For whom"),
        Both(
            "Ägare, chefer och nyckelpersoner i företag med 5–249 anställda",
            "Owners, managers and key people in companies with 5–249 employees",
        ),
    ),
    fact(
        Both("Var", "Where"),
        Both(
            "Borlänge, Ludvika, Sandviken, Hudiksvall, Karlstad och på nätet",
            "Borlänge, Ludvika, Sandviken, Hudiksvall, Karlstad and online",
        ),
    ),
    fact(
        Both("Hur lång tid", "How long"),
        Both(
            "Fyra till fem träffar under en till fyra månader",
            "Four to five meetings over one to four months",
        ),
    ),
    fact(
        Both("Vad det kostar", "What it costs"),
        Both(
            "0 kr när ett projekt betalar, annars 6 000–18 000 kr exkl. moms",
            "SEK 0 when a project pays, otherwise SEK 6,000–18,000 excl. VAT",
        ),
    ),
    fact(
        Both("Vad ni går hem med", "What you take home"),
        Both(
            "En färdig plan och ett intyg som vem som helst kan kontrollera",
            "A finished plan and a certificate that anyone can check",
        ),
    ),
]
