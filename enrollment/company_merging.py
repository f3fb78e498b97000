"""Two companies that are one become one: the same firm under a typed name, or under a number that was replaced
(domain, companies: a merge keeps what is evidence)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import ForeignObjectRel, Model, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User

from .booking import settle_company
from .companies import like_words
from .memberships import stronger_first
from .models import Booking, Company, CompanyMembership, WaitingEntry, Workplace

MOST = 20


class CompanyMergeError(Exception):
    """Nothing was moved. `message` is for the reader."""

    message = _("The two cannot be merged.")


class SameCompany(CompanyMergeError):
    message = _("Choose two different companies.")


class TwoLegalPersons(CompanyMergeError):
    """A Swedish number belongs to one legal person for good (R-CO-01)."""

    message = _(
        "Both have a Swedish registration number of their own, so they are two legal persons."
    )


class WrongWay(CompanyMergeError):
    message = _("The company with the Swedish number is the one to keep.")


class GoneAlready(CompanyMergeError):
    message = _("One of them has been merged already.")


@dataclass(frozen=True)
class Moving:
    """What merging would move; `acting` are those who would act for the kept company."""

    bookings: int
    waiting: int
    workplaces: int
    acting: list[CompanyMembership]


@dataclass(frozen=True)
class Typed:
    """A company's name as people have typed it, without a number, and what was booked under it."""

    name: str
    bookings: int
    waiting: int


def why_not(*, keep: Company, gone: Company) -> CompanyMergeError | None:
    """What speaks against merging `gone` into `keep`, whatever is booked; None when nothing does."""
    if keep.pk == gone.pk:
        return SameCompany()
    if keep.merged_into_id or gone.merged_into_id:
        return GoneAlready()
    if gone.country == "SE":
        return TwoLegalPersons() if keep.country == "SE" else WrongWay()
    return None


def preview(*, keep: Company, gone: Company) -> Moving:
    """What would move from `gone` to `keep`. Raises CompanyMergeError as `merge` would."""
    _may_merge(keep, gone)
    return Moving(
        bookings=gone.bookings.exclude(booked_by=None).count(),
        waiting=gone.waiting.open().count(),
        workplaces=gone.workplaces.count(),
        acting=list(gone.memberships.exclude(verified_at=None).select_related("user")),
    )


@transaction.atomic
def merge(*, keep: Company, gone: Company, actor: User, now: datetime) -> Company:
    """Make two companies one: bookings, places in line, workplaces and memberships of `gone` become those of
    `keep`, which also gets the size and the e-mail domain that it lacks. The number of `gone` leads to `keep`
    from now on. The same again changes nothing. Audited.

    Raises SameCompany, GoneAlready, TwoLegalPersons, WrongWay.
    """
    rows = Company.objects.select_for_update().filter(pk__in=(keep.pk, gone.pk)).order_by("pk")
    locked = {company.pk: company for company in rows}
    keep, gone = locked[keep.pk], locked[gone.pk]
    if keep.pk != gone.pk and gone.merged_into_id == keep.pk:
        return keep
    _may_merge(keep, gone)
    size = keep.size
    if not keep.size:
        keep.size, keep.size_declared_at = gone.size, gone.size_declared_at
    keep.email_domain = keep.email_domain or gone.email_domain
    keep.save(update_fields=["size", "size_declared_at", "email_domain"])
    moved = {
        "workplaces": _move_workplaces(keep, gone),
        "memberships": _move_memberships(keep, gone, today=localdate(now)),
        "bookings": gone.bookings.update(company=keep),
        "waiting": gone.waiting.update(company=keep),
    }
    gone.merged_into = keep
    gone.save(update_fields=["merged_into"])
    Company.objects.filter(merged_into=gone).update(merged_into=keep)
    record("enrollment.merge_company", keep, actor=actor, data={"gone": gone.pk, "moved": moved})
    if keep.size != size or moved["bookings"]:
        settle_company(company=keep, now=now, actor=actor)
    return keep


@transaction.atomic
def adopt(*, company: Company, names: Iterable[str], actor: User, now: datetime) -> int:
    """Give the company what was booked, and who waits, under typed names without a number; how many bookings and
    places in line that were. From now on who acts for the company sees them. The same again changes nothing.
    Audited. Raises GoneAlready."""
    company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    if company.merged_into_id:
        raise GoneAlready
    typed = {
        "company": None,
        "company_name__in": [name for name in names if name.isprintable() and name],
    }
    bookings = Booking.objects.filter(**typed)
    ids = list(bookings.values_list("pk", flat=True))
    waiting = list(WaitingEntry.objects.filter(**typed).values_list("pk", flat=True))
    if not ids and not waiting:
        return 0
    Booking.objects.filter(pk__in=ids).update(company=company)
    WaitingEntry.objects.filter(pk__in=waiting).update(company=company)
    record(
        "enrollment.merge_company",
        company,
        actor=actor,
        data={"bookings": ids, "waiting": waiting},
    )
    settle_company(company=company, now=now, actor=actor)
    return len(ids) + len(waiting)


def typed_names(*, like: str) -> list[Typed]:
    """The names typed without a number that contain these words, by name, at most 20. Two queries."""
    like = " ".join(like.split())
    typed = Q(company=None, company_name__icontains=like) & ~Q(company_name="")
    found: dict[str, Counter] = {}
    for key, rows in (
        ("bookings", Booking.objects.exclude(booked_by=None).filter(typed)),
        ("waiting", WaitingEntry.objects.open().filter(typed)),
    ):
        for name in rows.order_by("company_name").values_list("company_name", flat=True):
            found.setdefault(name, Counter())[key] += 1
    listed = sorted(found.items(), key=lambda one: one[0].casefold())
    return [Typed(name, n["bookings"], n["waiting"]) for name, n in listed[:MOST]]


def others(*, company: Company, like: str) -> QuerySet[Company]:
    """Other companies here whose name or number contains these words, at most 20."""
    rows = Company.objects.filter(like_words(like), merged_into=None).exclude(pk=company.pk)
    return rows.order_by("name", "pk")[:MOST]


def _may_merge(keep: Company, gone: Company) -> None:
    if reason := why_not(keep=keep, gone=gone):
        raise reason


def _move_workplaces(keep: Company, gone: Company) -> int:
    """One and the same site stays once; what was booked for it points at the one that stays."""
    known = {(place.municipality_id, place.name): place for place in keep.workplaces.all()}
    moved = 0
    for place in gone.workplaces.all():
        same = known.get((place.municipality_id, place.name))
        if same is None:
            place.company = keep
            place.save(update_fields=["company"])
            moved += 1
            continue
        for relation in Workplace._meta.get_fields(include_hidden=True):
            if isinstance(relation, ForeignObjectRel):
                model: type[Model] = relation.related_model
                name = relation.field.name
                model._base_manager.filter(**{name: place}).update(**{name: same})
        place.delete()
    return moved


def _move_memberships(keep: Company, gone: Company, *, today: date) -> int:
    """Of two memberships of one kind of the same person, the one that counts today stays, else a verified one."""
    moved = 0
    for theirs in gone.memberships.all():
        ours = keep.memberships.filter(user=theirs.user_id, role=theirs.role).first()
        if ours is not None:
            stays, goes = stronger_first(ours, theirs, today=today)
            goes.delete()
            if stays is ours:
                continue
        theirs.company = keep
        theirs.save(update_fields=["company"])
        moved += 1
    return moved
