"""Companies and people of the demo, all invented, and one person for each role."""

from datetime import datetime

from accounts.models import User
from accounts.people import known_or_new
from accounts.roles import Role, grant_role
from enrollment.models import Company, CompanyMembership, Workplace
from home.models import Promoter, PromoterMembership

from .promoters import DOMAIN, municipalities

# (name, number from the series that belongs to nobody, municipality code or "")
COMPANIES = [
    ("Norrälvens Exempelmekanik AB", "4923001376", "2081"),
    ("Klarälvens Exempelpapperservice AB", "4926002744", "1780"),
    ("Exempel Ventil & Hydraulik AB", "4929004119", "2181"),
    ("Bergslagens Exempelsensor AB", "4932005483", "2085"),
    ("Dellens Exempelfiber AB", "4935006850", "2184"),
    ("Exempelträ i Arvika AB", "4938008226", "1784"),
    ("Siljansbygdens Exempelsåg AB", "4941009591", "2062"),
    ("Exempel Stålbearbetning i Hofors AB", "4944010968", "2104"),
    ("Exempel Stål Holding AB", "4947012334", ""),
    ("Hagfors Exempelverktyg AB", "4950013708", "1783"),
    ("Exempelsvets i Säter AB", "4953015072", "2082"),
    ("Exempelstads kommun", "4956016440", "1780"),
    ("Exempelföretag 13 AB", "4959017817", "2080"),
    ("Exempelföretag 14 AB", "4962019180", "2084"),
    ("Exempelföretag 15 AB", "4965020557", "2083"),
    ("Exempelföretag 16 AB", "4968021925", "2061"),
    ("Exempelföretag 17 AB", "4971023298", "2180"),
    ("Exempelföretag 18 AB", "4974024665", "2182"),
    ("Exempelföretag 19 AB", "4977026030", "2183"),
    ("Exempelföretag 20 AB", "4980027405", "2101"),
    ("Exempelföretag 21 AB", "4983028772", "1781"),
    ("Exempelföretag 22 AB", "4986030148", "1782"),
    ("Exempelföretag 23 AB", "4989031515", "1761"),
    ("Exempelföretag 24 AB", "4922032885", "1766"),
]

# role: (first name, last name, language)
DEMO_PEOPLE = {
    Role.PARTICIPANT: ("Maja", "Exempelberg", "sv"),
    Role.BOOKER: ("Örjan", "Exempelkvist", "sv"),
    Role.LEADER: ("Siv", "Exempellund", "sv"),
    Role.PROMOTER: ("Torbjörn", "Exempeldal", "sv"),
    Role.COORDINATOR: ("Amina", "Exempelhed", "sv"),
    Role.COMMUNICATOR: ("Kerstin", "Exempelmark", "sv"),
    Role.ADMIN: ("Admin", "Exempelsson", "sv"),
}

FIRST_NAMES = [
    "Anna",
    "Birgitta",
    "Cecilia",
    "Dunja",
    "Elin",
    "Fatima",
    "Gun",
    "Hanna",
    "Ingrid",
    "Johanna",
    "Katarina",
    "Lena",
    "Malin",
    "Nadia",
    "Petra",
    "Ronja",
    "Sara",
    "Ulla",
    "Ylva",
    "Anders",
    "Bo",
    "Christer",
    "Dragan",
    "Erik",
    "Fredrik",
    "Göran",
    "Hassan",
    "Ivar",
    "Jonas",
    "Karl",
    "Lars",
    "Mikael",
    "Nils",
    "Olof",
    "Per",
    "Robin",
    "Sven",
    "Tomas",
    "Uno",
    "Viktor",
    "Yusuf",
    "Åke",
    "Östen",
    "Alex",
    "Kim",
]
LAST_NAMES = [
    "Exempelström",
    "Exempelberg",
    "Exempelgren",
    "Exempelman",
    "Exempelholm",
    "Exempelvik",
    "Exempelås",
    "Exempelfors",
    "Exempelbäck",
]

# Whose employees the people are, by number in COMPANIES: seven firms in Dalarna, then three in each county,
# then the rest.
EMPLOYERS = (
    [(0, 3, 6, 12, 13, 14, 15)[number % 7] for number in range(16)]
    + [(1, 5, 9, 0, 3, 12, 2, 4, 7)[number % 9] for number in range(18)]
    + [10, 11, 16, 17, 18, 19, 20, 21, 22, 23, 2]
)


def demo_email(role: str) -> str:
    return f"{role}@{DOMAIN}"


def demo_person(role: str) -> User:
    """The demo's person for a role. Raises User.DoesNotExist before the demo is built."""
    return User.objects.get(email=demo_email(role))


def put_companies() -> list[Company]:
    """All companies in order, each with a workplace where it has a place."""
    places = municipalities()
    companies = []
    for name, number, code in COMPANIES:
        company, made = Company.objects.get_or_create(
            country="SE", registration_number=number, defaults={"name": name}
        )
        if made and code:
            Workplace.objects.create(company=company, municipality=places[code])
        companies.append(company)
    return companies


def put_demo_people(companies: list[Company], promoters: dict[str, Promoter], *, now: datetime):
    """One person per role; staff roles are granted, the booker books for the first company."""
    for role, (first, last, language) in DEMO_PEOPLE.items():
        person = known_or_new(
            email=demo_email(role), first_name=first, last_name=last, language=language, now=now
        )
        if role not in (Role.PARTICIPANT, Role.BOOKER):
            grant_role(user=person, role=role)
    booker = demo_person(Role.BOOKER)
    CompanyMembership.objects.get_or_create(
        company=companies[0],
        user=booker,
        role=CompanyMembership.Role.BOOKER,
        defaults={"verified_at": now, "verified_by": demo_person(Role.COORDINATOR)},
    )
    CompanyMembership.objects.get_or_create(
        company=companies[0],
        user=demo_person(Role.PARTICIPANT),
        role=CompanyMembership.Role.EMPLOYEE,
    )
    for slug, role in (("paper-province", Role.PROMOTER), ("iuc", Role.LEADER)):
        PromoterMembership.objects.get_or_create(promoter=promoters[slug], user=demo_person(role))


def put_people(companies: list[Company], *, now: datetime) -> list[User]:
    """45 invented people, each employed by a company."""
    people = []
    for number, first in enumerate(FIRST_NAMES):
        last = LAST_NAMES[number % len(LAST_NAMES)]
        person = known_or_new(
            email=f"deltagare{number + 1:02d}@{DOMAIN}",
            first_name=first,
            last_name=last,
            language="en" if number % 9 == 8 else "sv",
            now=now,
        )
        CompanyMembership.objects.get_or_create(
            company=companies[EMPLOYERS[number]],
            user=person,
            role=CompanyMembership.Role.EMPLOYEE,
        )
        people.append(person)
    return people
