"""Companies: a number written in any way becomes one company (R-CO-01). Knowing a number proves nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.se import orgnr, personnummer

from accounts.audit import record
from accounts.models import User
from accounts.policy import can
from accounts.staying import staying
from home.models import Municipality

from .booking import settle_company
from .models import Company, Workplace


class NumberError(Exception):
    """Not a company's registration number. `message` is for the reader."""

    message = _("Write the company registration number with ten digits, for example 492900-4119")


class DomainError(Exception):
    """Not a domain of one company's own. `message` is for the reader."""

    message = _("Write the part after the @ of the company's own addresses, for example company.se")


# Everybody can have an address here: it says nothing about an employer.
PUBLIC_MAIL = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.se", "live.com",
    "live.se", "msn.com", "yahoo.com", "yahoo.se", "icloud.com", "me.com", "mac.com", "proton.me",
    "protonmail.com", "aol.com", "gmx.com", "gmx.net", "mail.com", "telia.com", "bredband.net",
    "comhem.se", "spray.se", "passagen.se", "home.se", "swipnet.se", "tele2.se",
}  # fmt: skip


def own_domain(address: str) -> str:
    """The domain of an e-mail address, or a bare domain, in lower case; "" when it is none or a mail
    provider's that everybody may use."""
    domain = address.rpartition("@")[2].strip().lower().rstrip(".")
    labels = domain.split(".")
    fits = len(labels) > 1 and all(label.replace("-", "a").isalnum() for label in labels)
    return domain if fits and len(domain) <= 120 and domain not in PUBLIC_MAIL else ""


@dataclass(frozen=True)
class Number:
    """A registration number: ten digits in Sweden. A sole trader's is the person's own (R-CO-02)."""

    digits: str
    is_personal_identity: bool


def normalise(number: str, *, country: str = "SE") -> Number:
    """The number as it is stored: without spaces, hyphen and, in the form with twelve digits, the century
    (or the 16 that stands for "no person"). Raises NumberError. A foreign number is only tidied (R-CO-03)."""
    tidy = "".join(c for c in number if not c.isspace() and c not in "-–+.").upper()
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


def shown_number(company: Company, *, to: User | None = None) -> str:
    """The number as a reader may see it: `492900-4119`, a foreign one with its country in front. A sole
    trader's is the person's own and is masked, but for somebody `to` whom the policy shows it (R-CO-02)."""
    if company.is_personal_identity and not (to and can(to, "enrollment.personal_number")):
        return "••••••-••••"
    if company.country != "SE":
        return f"{company.country} {company.registration_number}"
    return f"{company.registration_number[:6]}-{company.registration_number[6:]}"


def find(*, number: str, country: str = "SE") -> Company | None:
    """The company with this number, or that it was merged into, if it is known here. Raises NumberError."""
    known = normalise(number, country=country)
    rows = Company.objects.select_related("merged_into")
    company = rows.filter(country=country, registration_number=known.digits).first()
    return company.merged_into or company if company else None


def like_words(words: str) -> Q:
    """Companies whose name, number or e-mail domain contains these words; never by a sole trader's number
    (R-CO-02)."""
    words = " ".join(words.split())
    digits = "".join(c for c in words if c.isalnum())
    fits = Q(name__icontains=words) | Q(email_domain__icontains=words)
    if digits:
        fits |= Q(registration_number__icontains=digits, is_personal_identity=False)
    return fits


@transaction.atomic
def known_or_new(
    *,
    number: str,
    name: str,
    country: str = "SE",
    actor: User | None,
    now: datetime,
    found_name: str = "",
) -> Company:
    """The company with this number, or that it was merged into, made when it is not known: by the name that a
    register gave, else by the typed one. A known one keeps its name, whoever types another one. Safe under
    concurrency: nobody can merge it into another one before the end of the transaction. Raises NumberError."""
    valid = normalise(number, country=country)
    company, made = Company.objects.get_or_create(
        country=country,
        registration_number=valid.digits,
        defaults={
            "name": " ".join((found_name or name).split())[:160],
            "is_personal_identity": valid.is_personal_identity,
            "made_at": now,
        },
    )
    if made:
        record("enrollment.company", company, actor=actor)
        return company
    (company,) = staying(Company.objects.filter(pk=company.pk).order_by())
    while company.merged_into_id:
        (company,) = staying(Company.objects.filter(pk=company.merged_into_id).order_by())
    return company


@transaction.atomic
def workplace_in(*, company: Company, municipality: Municipality) -> Workplace:
    """The company's workplace in a municipality, made when there is none (R-CO-06)."""
    known = company.workplaces.filter(municipality=municipality).order_by("pk").first()
    return known or Workplace.objects.create(company=company, municipality=municipality)


@transaction.atomic
def describe(
    *, company: Company, email_domain: str, size: str, actor: User | None, now: datetime
) -> bool:
    """Note the company's e-mail domain ("" when unknown) and its declared size; whether anything changed.
    Places that waited for the size alone are confirmed.

    Raises ValueError for a size that is none and DomainError for a domain that is nobody's own."""
    domain = own_domain(email_domain)
    if email_domain.strip() and not domain:
        raise DomainError
    if size and size not in Company.Size.values:
        raise ValueError(size)
    kept = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    changed = []
    if kept.email_domain != domain:
        changed.append("email_domain")
    if kept.size != size:
        changed += ["size", "size_declared_at"]
    if changed:
        company.email_domain, company.size = domain, size
        company.size_declared_at = now if size != kept.size else kept.size_declared_at
        company.save(update_fields=changed)
        record("enrollment.company", company, actor=actor, data={"fields": changed})
    if "size" in changed:
        settle_company(company=company, now=now, actor=actor)
    return bool(changed)


@transaction.atomic
def add_workplace(
    *, company: Company, name: str, municipality: Municipality, actor: User
) -> Workplace:
    """Add a site of the company; the same name in the same municipality is the one there is. Audited."""
    workplace, made = Workplace.objects.get_or_create(
        company=company, municipality=municipality, name=" ".join(name.split())
    )
    if made:
        record("enrollment.company", company, actor=actor, data={"workplace": workplace.pk})
    return workplace
