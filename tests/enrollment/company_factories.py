"""Companies with people who act for them, through the real functions."""

from accounts.roles import Role
from enrollment import companies, group_booking, memberships
from enrollment.group_booking import Named
from enrollment.models import Booking, Company
from tests.accounts.factories import make_user
from tests.enrollment.factories import group_form, make_open_run

VENTIL = ("Exempel Ventil & Hydraulik AB", "492900-4119")
OTHER = ("Norrälvens Exempelmekanik AB", "492300-1376")
ANNA = Named("anna@ventil.example.org", "Anna", "Exempelsson")
MATS = Named("mats@ventil.example.org", "Mats", "Exempelman")


def make_company(now, name: str = VENTIL[0], number: str = VENTIL[1]) -> Company:
    return companies.known_or_new(number=number, name=name, actor=None, now=now)


def make_booker(company: Company, now, **fields):
    """Somebody who acts for the company: asked, and approved by a coordinator."""
    person = make_user(**fields)
    membership = memberships.ask_to_book(company=company, person=person, now=now)
    memberships.verify(membership=membership, by=make_user(role=Role.COORDINATOR), now=now)
    return person


def make_group(now, people=(ANNA,), *, company: tuple[str, str] = VENTIL, **fields) -> Booking:
    """A booking by somebody of the company who is not verified."""
    run = fields.pop("run", None) or make_open_run(now=now)
    name, number = company
    slug = "".join(c for c in name.lower() if c.isascii() and c.isalpha())[:12]
    booker = Named(f"booker@{slug}.example.org", "Örjan", "Exempelkvist")
    form = group_form(run=run, now=now, people=list(people), company_name=name, number=number)
    return group_booking.send(**{**form, "booker": booker, **fields})
