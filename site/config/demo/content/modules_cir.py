"""Modules of circular business and life-extending services."""

from config.bilingual import Both

from .parts import Ask, lesson

CIR = [
    lesson(
        Both(
            "Vart tar produkten vägen när garantin går ut? Ni ritar flödet och letar efter ställena där värdet"
            " rinner ut.",
            "Where does the product go when the warranty ends? You draw the flow and look for the places where"
            " value runs out.",
        ),
        """## Rita hela vägen

Börja vid råvaran och sluta inte vid leveransen. Följ produkten genom drift, reparation, andra ägare och skrot. Skriv
vikten vid varje pil, och vad den är värd just där.

Där värdet faller snabbast finns er första möjlighet.""",
        """## Draw the whole way

Begin at the raw material and do not stop at delivery. Follow the product through use, repair, second owners and scrap.
Write the weight at every arrow, and what it is worth just there.

Where the value falls fastest lies your first opportunity.""",
        Ask(
            Both("Var letar ni först?", "Where do you look first?"),
            [
                [Both("Där värdet faller snabbast", "Where the value falls fastest")],
                Both("Där vikten är störst", "Where the weight is greatest"),
                Both("Hos återvinnaren", "At the recycler's"),
            ],
            Both(
                "Vikt är inte värde. En kilo verktyg är värd mer än ett ton flis.",
                "Weight is not value. A kilo of tools is worth more than a tonne of chips.",
            ),
        ),
    ),
    lesson(
        Both(
            "Tre affärer med samma produkt. I dag väljer ni en, och säger nej till två.",
            "Three kinds of business with the same product. Today you choose one, and say no to two.",
        ),
        """## Tre vägar

- **Reparera:** kunden behåller sin produkt. Kräver delar och folk nära.
- **Uppgradera:** produkten blir bättre än ny. Kräver att den är byggd för att öppnas.
- **Återta:** ni får tillbaka produkten och säljer den igen. Kräver att ni vet var den är.

Välj efter vad ni redan kan, inte efter vad som låter mest cirkulärt.""",
        """## Three ways

- **Repair:** the customer keeps the product. Needs parts and people close by.
- **Upgrade:** the product becomes better than new. Needs to be built for opening.
- **Take back:** you get the product back and sell it again. Needs you to know where it is.

Choose by what you are already able to do, not by what sounds most circular.""",
        Ask(
            Both("Vad kräver återtag framför allt?", "What does take-back need above all?"),
            [
                Both("Ett större lager", "A bigger warehouse"),
                [Both("Att ni vet var produkten är", "That you know where the product is")],
                Both("En ny fabrik", "A new factory"),
            ],
            Both("Utan adress kommer inget tillbaka.", "Without an address nothing comes back."),
        ),
    ),
    lesson(
        Both(
            "Kronor och koldioxid i samma kalkyl. Ta med någon från ekonomi.",
            "Kronor and carbon in the same calculation. Bring somebody from finance.",
        ),
        """## Räkna på ett varv

Vad kostar det att hämta, kontrollera, laga och sälja igen? Dra av det ni slipper köpa. Gör samma sak med utsläppen: det
som tillkommer och det som uteblir.

## Var försiktig med orden

Säg vad ni har räknat på och vad ni har lämnat utanför. Ett påstående om klimat ska hålla för en granskning.""",
        """## Calculate one round

What does it cost to collect, check, mend and sell again? Subtract what you need not buy. Do the same with emissions:
what is added and what fails to appear.

## Be careful with words

Say what you have counted and what you have left out. A claim about the climate must stand up to scrutiny.""",
        Ask(
            Both("Vad hör till ett påstående om klimat?", "What belongs to a claim about climate?"),
            [
                Both("Ett grönt märke", "A green label"),
                [
                    Both(
                        "Vad som är räknat och vad som är utelämnat",
                        "What is counted and what is left out",
                    )
                ],
                Both("En jämförelse med en konkurrent", "A comparison with a competitor"),
            ],
            Both(
                "Utan gränserna går siffran inte att pröva.",
                "Without the boundaries the figure cannot be tested.",
            ),
        ),
    ),
    lesson(
        Both(
            "En kund, tre månader, ett papper. Så begränsar ni piloten tills den blir av.",
            "One customer, three months, one sheet of paper. How to limit the pilot until it happens.",
        ),
        """## Piloten på ett papper

Skriv vem, vad, hur länge, hur ni mäter och vad som händer efteråt om det går bra. Båda skriver under. Är papperet längre
än en sida är piloten för stor.

## Redovisa även det som gick snett

De andra lär sig mest av det, och ni har redan betalat för kunskapen.""",
        """## The pilot on one sheet

Write who, what, how long, how you measure and what happens afterwards if it goes well. Both sign. If the paper is longer
than one page, the pilot is too big.

## Report what went wrong, too

The others learn most from that, and you have already paid for the knowledge.""",
        Ask(
            Both("När är piloten för stor?", "When is the pilot too big?"),
            [
                Both("När den kostar pengar", "When it costs money"),
                [Both("När papperet blir längre än en sida", "When the paper exceeds one page")],
                Both("När kunden ställer krav", "When the customer makes demands"),
            ],
            Both(
                "Det ni inte kan säga på en sida kan ni inte mäta på tre månader.",
                "What you cannot say on one page you cannot measure in three months.",
            ),
        ),
    ),
]
