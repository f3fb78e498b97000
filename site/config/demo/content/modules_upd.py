"""Modules of connected products and data as a service."""

from config.bilingual import Both

from .parts import Ask, lesson

UPD = [
    lesson(
        Both(
            "Vad kan mätas, hur tätt och hur kommer värdet därifrån? En genomgång för den som aldrig har"
            " kopplat upp något.",
            "What can be measured, how often, and how does the value get out? An overview for those who have"
            " never connected anything.",
        ),
        """## Börja med beslutet

Välj inte givare först. Fråga vilket beslut som någon ska fatta, hur ofta det fattas och hur sent en uppgift får komma.
Ett lager som slits på ett år behöver inte mätas varje sekund.

## Fyra saker att välja

- Vad som mäts: vibration, tryck, temperatur, ström.
- Hur ofta, och om värdena kan sparas en stund på plats.
- Vägen ut: kabel, fiber, mobilnät eller långsam radio.
- Vem som byter batteriet.""",
        """## Begin with the decision

Do not choose the sensor first. Ask which decision somebody is to take, how often it is taken and how late a figure may
arrive. A bearing that wears out in a year need not be measured every second.

## Four things to choose

- What to measure: vibration, pressure, temperature, current.
- How often, and whether the values can be kept on site for a while.
- The way out: cable, fibre, mobile network or slow radio.
- Who changes the battery.""",
        Ask(
            Both("Vad väljer du först?", "What do you choose first?"),
            [
                Both("Givaren", "The sensor"),
                Both("Molntjänsten", "The cloud service"),
                [
                    Both(
                        "Beslutet som någon ska fatta med värdet",
                        "The decision somebody is to take with the value",
                    )
                ],
            ],
            Both(
                "Beslutet avgör vad som mäts, hur ofta och hur fort.",
                "The decision settles what is measured, how often and how fast.",
            ),
        ),
    ),
    lesson(
        Both(
            "En kurva är inte en tjänst. I dag gör ni om mätvärden till något som kunden agerar på.",
            "A curve is not a service. Today you turn readings into something the customer acts on.",
        ),
        """## Från kurva till råd

Det finns fyra steg: vad hände, varför, vad händer härnäst och vad bör ni göra. Kunden betalar sällan för det första och
nästan alltid för det fjärde.

## En mening räcker

Skriv den text som kunden ska få: "Byt filtret på press 2 före fredag." Går den inte att skriva saknas antingen data
eller kunskap. Då vet ni vad ni ska leta efter.""",
        """## From curve to advice

There are four steps: what happened, why, what will happen next, and what you should do. Customers seldom pay for the
first and nearly always for the fourth.

## One sentence is enough

Write the text the customer is to receive: "Change the filter on press 2 before Friday." If it cannot be written, either
data or knowledge is missing. Then you know what to look for.""",
        Ask(
            Both("Vad betalar kunden oftast för?", "What do customers most often pay for?"),
            [
                Both("Att få se vad som hände", "Seeing what happened"),
                [Both("Att få veta vad de bör göra", "Being told what they should do")],
                Both("Att äga en instrumentpanel", "Owning a dashboard"),
            ],
            Both("Rådet sparar en åtgärd eller ett stopp.", "The advice saves a step or a stop."),
        ),
    ),
    lesson(
        Both(
            "En dag i labbet. Målet är litet och tydligt: en mätning från golvet till en skärm, innan ni åker"
            " hem.",
            "A day in the lab. The goal is small and clear: one reading from the shop floor to a screen before"
            " you go home.",
        ),
        """## Före labbdagen

Fotografera platsen där givaren ska sitta. Ta reda på om det finns ström, täckning och någon som får borra.

## Under dagen

1. Koppla givaren och se värdet på plats.
1. Skicka det till nätet.
1. Visa det för någon som inte har varit med.

Går det sönder är det en del av dagen. Skriv upp vad som hände, det blir en rad i er servicemanual.""",
        """## Before the lab day

Photograph the place where the sensor is to sit. Find out whether there is power, coverage and somebody who may drill.

## During the day

1. Connect the sensor and see the value on site.
1. Send it to the network.
1. Show it to somebody who was not there.

If it breaks, that is part of the day. Write down what happened; it becomes a line in your service manual.""",
        Ask(
            Both("När är labbdagen lyckad?", "When is the lab day a success?"),
            [
                [
                    Both(
                        "När någon utomstående har sett ett riktigt värde på en skärm",
                        "When an outsider has seen a real value on a screen",
                    )
                ],
                Both("När alla maskiner är uppkopplade", "When every machine is connected"),
                Both("När givaren är köpt", "When the sensor has been bought"),
            ],
            Both(
                "En hel kedja med ett värde slår tio halva.",
                "One whole chain with one value beats ten halves.",
            ),
        ),
    ),
    lesson(
        Both(
            "Vem får läsa, vem får använda och vem svarar när det läcker? Säkerhet och avtal utan juristspråk.",
            "Who may read, who may use, and who answers when it leaks? Security and contracts in plain words.",
        ),
        """## Dataförordningen på en minut

EU:s dataförordning ger den som använder en uppkopplad produkt rätt till de data som den ger upphov till. Ni får använda
dem för det ni har kommit överens om, och kunden kan be er att dela dem med någon annan. Det betyder att avtalet ska vara
skrivet innan givaren sitter där.

## Tre regler för säkerhet

- Ingen dörr in: enheten ringer ut, aldrig tvärtom.
- Inga gemensamma lösenord, och en plan för uppdatering.
- Spara det ni behöver, så länge ni behöver det.

Det här är en översikt och ersätter inte juridisk rådgivning.""",
        """## The Data Act in a minute

The EU Data Act gives whoever uses a connected product a right to the data it generates. You may use them for what you
have agreed, and the customer can ask you to share them with somebody else. That means that the contract should be
written before the sensor is in place.

## Three rules of security

- No door in: the device calls out, never the other way round.
- No shared passwords, and a plan for updates.
- Keep what you need for as long as you need it.

This is an overview and no substitute for legal advice.""",
        Ask(
            Both("När skriver ni avtalet om data?", "When do you write the contract on data?"),
            [
                Both("När kunden frågar", "When the customer asks"),
                [Both("Innan givaren sitter där", "Before the sensor is in place")],
                Both("Efter första året", "After the first year"),
            ],
            Both(
                "Då vet båda vad som gäller när det första värdet kommer.",
                "Then both sides know what applies when the first value arrives.",
            ),
        ),
    ),
]
