"""Companies: a number written in any way becomes one company (R-CO-01). Knowing a number proves nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.se import orgnr, personnummer

from accounts.audit import record
from accounts.models import User
from home.models import Municipality

from .models import Company, CompanyMembership, Workplace


class NumberError(Exception):
    """Not a company's registration number. `message` is for the reader."""

    message = _("Write the company registration number with ten digits, for example 492900-4119")


@dataclass(frozen=True)
class Number:
    """A registration number: ten digits in Sweden. A sole trader's is the person's own (R-CO-02)."""

    digits: str
    is_personal_identity: bool


def normalise(number: str, *, country: str = "SE") -> Number:
    """The number as it is stored: without spaces, hyphen and, in the form with twelve digits, the century
    (or the 16 that stands for "no person"). Raises NumberError. A foreign number is only tidied (R-CO-03)."""
    tidy = "".join(c for c in number if c not in "  -–+.").upper()
    if country != "SE":
        if not tidy or len(tidy) > 20 or not tidy.isalnum():
            raise NumberError
        return Number(tidy, is_personal_identity=False)
    if len(tidy) == 14 and tidy.startswith("SE") and tidy.endswith("01"):
        tidy = tidy[2:12]
    if len(tidy) == 12 and tidy[:2] in ("16", "18", "19", "20"):
        tidy = tidy[2:]
    try:
        digits = orgnr.validate(tidy)
    except ValidationError:
        raise NumberError from None
    if int(digits[2]) >= 2:
        return Number(digits, is_personal_identity=False)
    return Number(digits, is_personal_identity=_is_person(digits))


def _is_person(digits: str) -> bool:
    """Whether the third digit that no legal person has is a month, and the rest a birthday. Raises NumberError
    for what is neither."""
    coordination = str(int(digits[4:6]) - 60).zfill(2) if int(digits[4:6]) > 60 else digits[4:6]
    for century in ("19", "20"):
        try:
            personnummer.get_birth_date(f"{century}{digits[:4]}{coordination}-{digits[6:]}")
        except ValidationError:
            continue
        return True
    raise NumberError


def find(*, number: str, country: str = "SE") -> Company | None:
    """The company with this number, if it is known here. Raises NumberError."""
    known = normalise(number, country=country)
    return Company.objects.filter(country=country, registration_number=known.digits).first()


@transaction.atomic
def known_or_new(*, number: str, name: str, country: str = "SE", actor, now: datetime) -> Company:
    """The company with this number, made when it is not known. A known one keeps its name, whoever types
    another one. Safe under concurrency. Raises NumberError."""
    valid = normalise(number, country=country)
    company, made = Company.objects.get_or_create(
        country=country,
        registration_number=valid.digits,
        defaults={
            "name": " ".join(name.split())[:160],
            "is_personal_identity": valid.is_personal_identity,
            "made_at": now,
        },
    )
    if made:
        record("enrollment.company", company, actor=actor)
    return company


@transaction.atomic
def ask_to_book(*, company: Company, person: User, now: datetime) -> CompanyMembership:
    """Note that somebody has booked for a company. It gives no right until it is verified (R-ID-04)."""
    membership, _made = CompanyMembership.objects.get_or_create(
        company=company,
        user=person,
        role=CompanyMembership.Role.BOOKER,
        defaults={"asked_at": now},
    )
    return membership


@transaction.atomic
def workplace_in(*, company: Company, municipality: Municipality) -> Workplace:
    """The company's workplace in a municipality, made when there is none (R-CO-06)."""
    known = company.workplaces.filter(municipality=municipality).order_by("pk").first()
    return known or Workplace.objects.create(company=company, municipality=municipality)
