"""News, dated back from today."""

from datetime import datetime, timedelta

from wagtail.models import Page

from config.bilingual import Both, put_page, stream
from courses.models.run import STOCKHOLM
from home.models import NewsIndexPage, NewsPage

from ..words import text

# (days ago, slug, title, introduction, Swedish, English)
NEWS = [
    (
        6,
        Both("oppet-for-ansokan-i-sandviken", "applications-open-in-sandviken"),
        Both("Öppet för ansökan i Sandviken", "Applications open in Sandviken"),
        Both(
            "Nästa omgång av Tjänstedriven affärsutveckling hålls hos Sandbacka Science Park. Platserna är"
            " öppna för Gävleborg och Dalarna.",
            "The next round of Service-driven business development will be held at Sandbacka Science Park. It"
            " is open to Gävleborg and Dalarna.",
        ),
        """Kom som lag: två till fyra personer från samma företag. Sex platser är vikta för Dalarna. Det som inte har gått
åt när tiden är ute blir fritt för alla.

Skicka en ansökan även om ni är osäkra. Vi ringer upp.""",
        """Come as a team: two to four people from one company. Six places are kept for Dalarna. Whatever has not been
taken when the time is up becomes free for all.

Send an application even if you are unsure. We will ring you.""",
    ),
    (
        27,
        Both("intyg-som-gar-att-kontrollera", "certificates-anyone-can-check"),
        Both("Intyg som går att kontrollera", "Certificates anyone can check"),
        Both(
            "Alla kursintyg har nu en kod. Den som får se ett intyg kan kontrollera det på några sekunder, utan"
            " att logga in.",
            "Every course certificate now carries a code. Anyone shown a certificate can check it in seconds,"
            " without signing in.",
        ),
        """Skanna rutan på intyget eller skriv in koden. Sidan säger om intyget är giltigt, ersatt eller återkallat, och
varför. Namnet visas bara om innehavaren vill det.""",
        """Scan the box on the certificate or type the code. The page says whether the certificate is valid, replaced or
revoked, and why. The name is shown only if its holder wishes.""",
    ),
    (
        55,
        Both("nio-lag-fran-tre-lan", "nine-teams-from-three-counties"),
        Both("Nio lag från tre län i samma rum", "Nine teams from three counties in one room"),
        Both(
            "I Karlstad började den första kursen där lagen kommer från alla tre länen. Varannan träff hålls i"
            " Sandviken.",
            "In Karlstad the first course with teams from all three counties has begun. Every other meeting is"
            " held in Sandviken.",
        ),
        """Första uppgiften var att räkna sina gratistjänster. Det snabbaste laget hittade elva före lunch, det
långsammaste fyrtiotvå efter.""",
        """The first task was to count one's free services. The quickest team found eleven before lunch, the slowest
forty-two after it.""",
    ),
]


def put_news(start: Page, *, now: datetime) -> None:
    index = put_page(
        start,
        NewsIndexPage,
        slug=Both("nyheter", "news"),
        title=Both("Nyheter", "News"),
        intro=Both(
            "Det senaste från kurserna och de tre länen.",
            "The latest from the courses and the three counties.",
        ),
    )
    today = now.astimezone(STOCKHOLM).date()
    for days, slug, title, intro, sv, en in NEWS:
        put_page(
            index,
            NewsPage,
            slug=slug,
            title=title,
            date=today - timedelta(days=days),
            intro=intro,
            body=stream(text(sv, en)),
        )
