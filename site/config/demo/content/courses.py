"""The catalogue page and the three course pages."""

from wagtail.models import Page

from config.bilingual import Both, put_page, stream
from courses.models import Course, CoursePage, CoursesPage

from ..words import question, quote, text

COURSES = {
    "TDA": {
        "slug": Both("tjanstedriven-affarsutveckling", "service-driven-business-development"),
        "intro": Both(
            "Ni är bra på att göra saker. Här lär ni er att sälja det kunden egentligen vill ha: drifttid,"
            " svar samma dag, ett resultat. Fem träffar, en coach och ett eget erbjudande som är prissatt när"
            " kursen är slut.",
            "You are good at making things. Here you learn to sell what the customer really wants: uptime, an"
            " answer the same day, a result. Five meetings, a coach, and an offer of your own with a price on"
            " it when the course ends.",
        ),
        "for_whom": Both(
            "Lag på två till fyra personer från samma företag. Minst en av er behöver mandat att besluta om"
            " pris och erbjudande, och ni behöver en kund som går med på att bli intervjuad. Passar er som"
            " tillverkar, reparerar eller levererar till industrin. Ni behöver inte ha sålt tjänster förut.",
            "Teams of two to four people from one company. At least one of you needs the mandate to decide on"
            " price and offer, and you need a customer who agrees to be interviewed. Suits you who make,"
            " repair or deliver for industry. You need not have sold services before.",
        ),
        "takeaway": Both(
            "Ett prissatt erbjudande och en plan för tolv månader",
            "An offer with a price, and a plan for twelve months",
        ),
        "body": [
            text(
                """## Så går det till

Varje träff börjar med det ni gjorde sedan sist. Sedan kommer ett nytt verktyg, som ni provar på er egen affär medan
de andra lagen provar på sin. Mellan träffarna arbetar ni hemma, och coachen hör av sig.

Sista dagen visar ni planen för de andra och för er egen ledning. Slutuppgiften bedöms mot målen här ovanför, inte
mot vad de andra har gjort.

## Tystnad i gruppen

Det som sägs i rummet stannar där. Ert arbete ser bara ni, coachen och kursledaren, om ni inte själva delar det.""",
                """## How it works

Every meeting begins with what you have done since the last one. Then comes a new tool, which you try on your own
business while the other teams try it on theirs. Between the meetings you work at home, and the coach gets in touch.

On the last day you show the plan to the others and to your own management. The final assignment is judged against
the outcomes, not against what the others have done.

## Confidentiality

What is said in the room stays there. Your work is seen only by you, the coach and the course leader, unless you
choose to share it.""",
            ),
            quote(
                "Tre intervjuer räckte. Kunderna betalade redan, fast med sin väntetid.",
                "Three interviews were enough. Customers were already paying, only with their waiting time.",
                "Vd, mekanisk verkstad i Borlänge (påhittat exempel)",
                "Managing director, workshop in Borlänge (invented example)",
            ),
            question(
                Both(
                    "Vi sitter i ett annat län. Får vi gå?",
                    "We are in another county. May we come?",
                ),
                """Ja, om ert län står bland dem som kurstillfället är öppet för. Priset är detsamma.""",
                """Yes, if your county is among those the run is open to. The price is the same.""",
            ),
            question(
                Both(
                    "Måste alla i laget vara med på alla träffar?",
                    "Must everybody in the team attend every meeting?",
                ),
                """Nej. Var och en behöver 80 procent närvaro för kursintyget. Den som har varit med, men inte
når dit, får ett närvarointyg.""",
                """No. Each of you needs 80 per cent attendance for the course certificate. Anyone who has been
there but falls short receives a certificate of attendance.""",
            ),
            question(
                Both("Vad händer om vi får förhinder?", "What if something comes up?"),
                """Ni kan avboka utan kostnad till och med tio dagar före start.""",
                """You may cancel free of charge until ten days before the start.""",
            ),
            question(
                Both(
                    "Hur vet jag om vi är ett litet eller medelstort företag?",
                    "How do I know whether we are an SME?",
                ),
                """Färre än 250 anställda och högst 50 miljoner euro i omsättning. Ägs ni av ett större bolag
räknas det också.""",
                """Fewer than 250 employees and a turnover of at most 50 million euros. If a larger company owns
you, that counts too.""",
            ),
        ],
    },
    "UPD": {
        "slug": Both("uppkopplade-produkter", "connected-products"),
        "intro": Both(
            "Er produkt vet redan hur den mår. Lär er att fråga den, och att göra svaret till något kunden"
            " betalar för. Tre halvdagar på nätet och en dag i labbet.",
            "Your product already knows how it feels. Learn to ask it, and to turn the answer into something"
            " the customer pays for. Three half-days online and one day in the lab.",
        ),
        "for_whom": Both(
            "Utvecklare, servicetekniker och produktägare i tillverkande företag. Kom ensam eller två"
            " tillsammans. Ni behöver inte kunna programmera, men ni ska ha en produkt att tänka på.",
            "Developers, service technicians and product owners in manufacturing firms. Come alone or in"
            " pairs. You need not be able to program, but you should have a product in mind.",
        ),
        "takeaway": Both(
            "En mätning från er produkt på en kunds skärm, och ett utkast till dataavtal",
            "One reading from your product on a customer's screen, and a draft data contract",
        ),
        "body": [
            text(
                """## Så går det till

De tre halvdagarna på nätet går i små grupper med kameran på. Labbdagen är på plats: där finns givare, fiber och folk
som har kopplat upp pumpar, pressar och portar förut. Ta med något som rör sig, låter eller blir varmt.

Sista gången handlar om det som gör jurister oroliga: säkerhet, och vem som äger mätvärdena enligt EU:s dataförordning.""",
                """## How it works

The three half-days online are held in small groups with cameras on. The lab day is on site: there are sensors, fibre
and people who have connected pumps, presses and gates before. Bring something that moves, sounds or gets warm.

The last time is about what worries lawyers: security, and who owns the readings under the EU Data Act.""",
            ),
            question(
                Both("Måste vi ha egen utrustning?", "Do we need equipment of our own?"),
                """Nej. Labbet lånar ut givare. Men har ni en egen produkt som får plats i en bil blir dagen
bättre.""",
                """No. The lab lends you sensors. But if you have a product that fits in a car, the day will be
better.""",
            ),
            question(
                Both("Kan jag gå ensam?", "Can I come on my own?"),
                """Ja. Kursen bokas per person.""",
                """Yes. The course is booked per person.""",
            ),
        ],
    },
    "CIR": {
        "slug": Both("cirkulara-affarer", "circular-business"),
        "intro": Both(
            "Det ni har sålt en gång kan ni tjäna på igen: genom att laga det, bättra på det eller ta det"
            " tillbaka. Fyra halvdagar med er egen produkt på bordet.",
            "What you have sold once can earn you money again: by mending it, improving it or taking it back."
            " Four half-days with your own product on the table.",
        ),
        "for_whom": Both(
            "Produktions- och serviceansvariga, säljare och ägare i företag som gör saker av metall, trä eller"
            " plast. Ta gärna med någon från ekonomi till träff tre.",
            "Production and service managers, sales people and owners in firms that make things of metal,"
            " wood or plastic. Do bring somebody from finance to the third meeting.",
        ),
        "takeaway": Both(
            "En kalkyl med både kronor och koldioxid, och en kund som vill prova",
            "A calculation in both kronor and carbon, and a customer who wants to try",
        ),
        "body": [
            text(
                """## Så går det till

Vi börjar med att rita vart era produkter tar vägen när garantin går ut. Ofta vet ingen. Sedan väljer ni den affär som
ligger närmast: reparation, uppgradering eller återtag.

Två timmars coachning per företag ligger mellan träff tre och fyra, när kalkylen möter verkligheten. På sista träffen
berättar ni om piloten, även om den gick snett. Det är då de andra lär sig mest.""",
                """## How it works

We begin by drawing where your products go when the warranty ends. Often nobody knows. Then you choose the business
closest at hand: repair, upgrade or take-back.

Two hours of coaching per company lie between the third and fourth meetings, when the calculation meets reality. At
the last meeting you tell the others about your pilot, even if it went wrong. That is when they learn the most.""",
            ),
            question(
                Both("Hålls kursen på engelska också?", "Is the course held in English as well?"),
                """Ja, vi planerar ett tillfälle på nätet på engelska. Materialet finns redan på båda språken.""",
                """Yes, we are planning an online run in English. The material is already there in both
languages.""",
            ),
        ],
    },
}


def put_course_pages(start: Page, courses: dict[str, Course]) -> dict[str, CoursePage]:
    """The catalogue and {course code: Swedish course page}."""
    index = put_page(
        start,
        CoursesPage,
        slug=Both("kurser", "courses"),
        title=Both("Kurser", "Courses"),
        intro=Both(
            "Ni får gå i ett annat län än ert eget: på kartan är värdlänet svart och de län som också får boka"
            " grå.",
            "You may take a course in another county than your own: on the map the host county is black, and"
            " counties that may also book are grey.",
        ),
        show_in_menus=True,
    )
    return {
        code: put_page(
            index,
            CoursePage,
            slug=words["slug"],
            title=Both(courses[code].name_sv, courses[code].name_en),
            course=courses[code],
            intro=words["intro"],
            for_whom=words["for_whom"],
            takeaway=words["takeaway"],
            body=stream(*words["body"]),
        )
        for code, words in COURSES.items()
    }
