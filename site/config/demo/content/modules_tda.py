"""Modules of service-driven business development."""

from config.bilingual import Both

from .parts import Ask, lesson

TDA = [
    lesson(
        Both(
            "Vad gör ni redan gratis, och vad skulle kunden sakna om ni slutade? Före träffen fyller ni i"
            " självskattningen var och en för sig.",
            "What do you already do for free, and what would the customer miss if you stopped? Before the"
            " meeting each of you fills in the self-assessment.",
        ),
        """## Tjänsterna som inte syns

De flesta industriföretag säljer redan tjänster. De står bara inte på fakturan: telefonsamtalet på fredagskvällen,
reservdelen som skickas utan fråga, montören som ändå är på plats och tar en titt.

Skriv ner en vanlig vecka. Markera allt som hjälper kunden men som ingen betalar för. Räkna timmarna. Det är er
startpunkt, och ofta er första produkt.

## Marginalen talar

Jämför täckningsbidraget på maskinen, reservdelen och servicetimmen. Hos många är ordningen den omvända mot vad
säljarna tror.

## Till nästa gång

Rita upp dagens gratistjänster: vem gör dem, hur ofta, för vem, och vad skulle det kosta kunden att klara sig utan?""",
        """## The services nobody sees

Most industrial companies already sell services. They are just not on the invoice: the call on Friday night, the spare
part sent without a question, the fitter who is there anyway and takes a look.

Write down an ordinary week. Mark everything that helps the customer but that nobody pays for. Count the hours. That is
your starting point, and often your first product.

## The margin speaks

Compare the contribution of the machine, the spare part and the service hour. In many firms the order is the reverse of
what the sales people believe.

## For next time

Draw today's free services: who does them, how often, for whom, and what would it cost the customer to do without?""",
        Ask(
            Both("Vad är en gratistjänst?", "What is a free service?"),
            [
                Both("En rabatt på listpriset", "A discount on the list price"),
                [
                    Both(
                        "Något ni gör som hjälper kunden men inte står på fakturan",
                        "Something you do that helps the customer but is not on the invoice",
                    )
                ],
                Both("En garanti enligt lag", "A warranty required by law"),
            ],
            Both(
                "Rabatten och garantin syns redan i affären. Gratistjänsten gör det inte, och därför är det"
                " ingen som räknar på den.",
                "The discount and the warranty already show in the deal. The free service does not, so nobody"
                " does the sums.",
            ),
        ),
        Ask(
            Both("Varför räknar vi timmarna?", "Why do we count the hours?"),
            [
                [
                    Both(
                        "För att se vad tjänsten kostar innan vi sätter ett pris",
                        "To see what the service costs before we set a price",
                    )
                ],
                Both("För att sluta med dem", "To stop doing them"),
                Both("För att kontrollera montörerna", "To check on the fitters"),
            ],
            Both(
                "Kostnaden är golvet. Priset kommer av vad det är värt för kunden.",
                "The cost is the floor. The price comes from what it is worth to the customer.",
            ),
        ),
    ),
    lesson(
        Both(
            "Värdet uppstår hos kunden, när er sak används. I dag lär ni er att fråga om den stunden i stället"
            " för om er produkt.",
            "Value arises at the customer's, when your thing is used. Today you learn to ask about that moment"
            " instead of about your product.",
        ),
        """## Fråga om dagen, inte om delen

En bra intervju handlar om kundens arbete. Vad händer innan ni kommer in? Vad händer efteråt? När gick det senast fel,
och vad kostade det? Först i slutet, om alls, talar ni om vad ni säljer.

## Kundresan på en vägg

Rita kundens väg från behov till skrotning. Sätt en röd lapp där det gör ont och en grön där ni redan hjälper till. Det
är mellan lapparna som nya tjänster växer.

## Till nästa gång

Gör tre kundintervjuer, två av er åt gången: en frågar, en skriver. Ta med citaten ordagrant.""",
        """## Ask about the day, not about the part

A good interview is about the customer's work. What happens before you come in? What happens afterwards? When did it
last go wrong, and what did it cost? Only at the end, if at all, do you speak of what you sell.

## The customer journey on a wall

Draw the customer's way from need to scrapping. Put a red note where it hurts and a green one where you already help.
New services grow between the notes.

## For next time

Make three customer interviews, two of you at a time: one asks, one writes. Bring the quotations word for word.""",
        Ask(
            Both("Vilken är den bästa intervjufrågan?", "Which is the best interview question?"),
            [
                Both("Skulle ni köpa ett serviceavtal?", "Would you buy a service contract?"),
                [
                    Both(
                        "När stod det still senast, och vad gjorde ni då?",
                        "When did it last stand still, and what did you do?",
                    )
                ],
                Both("Är ni nöjda med oss?", "Are you satisfied with us?"),
            ],
            Both(
                "Fråga om något som har hänt. Svar om framtiden är artiga, inte sanna.",
                "Ask about something that has happened. Answers about the future are polite, not true.",
            ),
        ),
    ),
    lesson(
        Both(
            "Från råd till resultat i tre steg. Ni väljer en tjänst och ritar den så att en kollega kan utföra"
            " den utan er.",
            "From advice to result in three steps. You choose one service and draw it so that a colleague can"
            " carry it out without you.",
        ),
        """## Tjänstestegen

1. **Grund:** delar, reparation, råd. Kunden betalar för det ni gör.
1. **Mellan:** avtal om underhåll, svarstid, utbildning. Kunden betalar för att ni finns där.
1. **Avancerad:** drifttid eller resultat. Kunden betalar för att det fungerar.

Högre upp ligger större värde och större risk. De flesta börjar på mellansteget, med en kund.

## Tjänsteblåkopian

Överst det kunden ser, i mitten det ni gör framför kunden, underst det som sker bakom. Dra en linje mellan. Allt som
korsar linjen är ett löfte, och ett ställe där det kan gå fel.

## Till nästa gång

Första versionen av er blåkopia, visad för den som ska göra jobbet.""",
        """## The service ladder

1. **Basic:** parts, repair, advice. The customer pays for what you do.
1. **Intermediate:** contracts on maintenance, response time, training. The customer pays for you being there.
1. **Advanced:** uptime or result. The customer pays for things that work.

Higher up lie greater value and greater risk. Most firms begin on the middle step, with one customer.

## The service blueprint

On top what the customer sees, in the middle what you do before the customer, at the bottom what goes on behind. Draw a
line between them. Whatever crosses the line is a promise, and a place where things can go wrong.

## For next time

The first version of your blueprint, shown to the person who will do the work.""",
        Ask(
            Both(
                "Kunden betalar för att anläggningen går. Vilket steg är det?",
                "The customer pays for a plant that runs. Which step is that?",
            ),
            [
                Both("Grund", "Basic"),
                Both("Mellan", "Intermediate"),
                [Both("Avancerad", "Advanced")],
            ],
            Both(
                "Ni lovar ett resultat och bär därmed risken för att det uteblir.",
                "You promise a result, and so carry the risk that it fails to appear.",
            ),
        ),
    ),
    lesson(
        Both(
            "Per månad, per drifttimme eller per resultat? I dag får tjänsten ett pris, och avtalet ett språk"
            " som går att läsa.",
            "Per month, per running hour or per result? Today the service gets a price, and the contract a"
            " language that can be read.",
        ),
        """## Tre sätt att ta betalt

- **Abonnemang:** samma summa varje månad. Enkelt att sälja, lätt att glömma att leverera.
- **Tillgänglighet:** kunden betalar för timmar i drift. Ni tjänar på att det inte går sönder.
- **Resultat:** kunden betalar per ton, meter eller sparad kilowattimme. Störst uppsida, störst krav på mätning.

## Vem bär risken?

Skriv upp vad som kan hända och vem som har lättast att påverka det. Den bör också bära risken, mot betalning.

## Till nästa gång

Prova priset på en riktig kund. Säg summan högt, och var sedan tyst.""",
        """## Three ways to charge

- **Subscription:** the same sum every month. Easy to sell, easy to forget to deliver.
- **Availability:** the customer pays for hours of running. You earn on things that do not break.
- **Result:** the customer pays per tonne, metre or kilowatt-hour saved. Greatest upside, greatest demands on measuring.

## Who carries the risk?

Write down what may happen and who can most easily influence it. That party should carry the risk too, against payment.

## For next time

Try the price on a real customer. Say the sum aloud, and then be silent.""",
        Ask(
            Both("Vem bör bära en risk?", "Who should carry a risk?"),
            [
                Both("Alltid kunden", "Always the customer"),
                [
                    Both(
                        "Den som har lättast att påverka den, mot betalning",
                        "The one who can most easily influence it, against payment",
                    )
                ],
                Both("Den som har bäst jurist", "The one with the better lawyer"),
            ],
            Both(
                "Då lönar det sig för den parten att minska risken.",
                "Then it pays for that party to reduce the risk.",
            ),
        ),
    ),
    lesson(
        Both(
            "Vem svarar när det ringer? Ni fördelar roller, bestämmer vad som mäts och visar planen för de"
            " andra lagen och för er ledning.",
            "Who answers when it rings? You assign roles, decide what to measure and show the plan to the other"
            " teams and to your management.",
        ),
        """## Tjänsten behöver en ägare

En produkt har en ritning, en artikelnummerserie och någon som är ansvarig. Ge tjänsten detsamma: ett namn, en
beskrivning, ett pris och en person.

## Mät det ni lovar

Lovar ni svar inom fyra timmar ska ni veta hur lång tid det tog i förra veckan. Tre mått räcker: ett för kunden, ett för
ekonomin och ett för dem som gör jobbet.

## Redovisningen

Tio minuter: kunden, löftet, priset, första kvartalet, vad som kan gå fel. Fem minuter frågor. Sedan är den er.""",
        """## A service needs an owner

A product has a drawing, an article number and somebody in charge. Give the service the same: a name, a description, a
price and a person.

## Measure what you promise

If you promise an answer within four hours, you must know how long it took last week. Three measures are enough: one for
the customer, one for the finances and one for those who do the work.

## The presentation

Ten minutes: the customer, the promise, the price, the first quarter, what may go wrong. Five minutes of questions. Then
it is yours.""",
        Ask(
            Both("Hur många mått räcker i början?", "How many measures are enough at the start?"),
            [Both("Ett", "One"), [Both("Tre", "Three")], Both("Tio", "Ten")],
            Both(
                "Ett för kunden, ett för ekonomin, ett för dem som gör jobbet.",
                "One for the customer, one for the finances, one for those who do the work.",
            ),
        ),
    ),
]
