"""Importing participants from a file: a preview that writes nothing, then each row through the one function that
the public form uses, in a transaction of its own (R-ENR-05)."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.people import current
from courses.models import Run
from home.models import Municipality, Region

from . import booking, companies, eligibility, places
from .eligibility import Candidate
from .models import Booking, Company, Enrollment, Place
from .participant_file import Line
from .status import Status


class Outcome(StrEnum):
    ADDED = "added"
    KNOWN = "known"
    ERROR = "error"


@dataclass(frozen=True)
class Verdict:
    """What becomes, or has become, of one row, and why."""

    line: Line
    outcome: Outcome
    words: str


def token_of(run: Run, email: str) -> uuid.UUID:
    """The form's token of a row: the same address on the same run is the same booking, however often the file is
    imported. Nobody else can make it."""
    digest = salted_hmac("enrollment.importing", f"{run.pk}:{email}", algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def preview(*, run: Run, lines: Iterable[Line], now: datetime) -> list[Verdict]:
    """What would happen to each row now, places counted down on the way. Writes nothing and promises nothing:
    somebody else may be quicker."""
    lines = list(lines)
    enrolled, gone = _met_before(run, [line.email for line in lines])
    towns, left = _municipalities(), _Left(run, now)
    verdicts = []
    for line in lines:
        words = [*line.problems, *_unknown(line, towns)]
        if not words and line.email in enrolled:
            verdicts.append(Verdict(line, Outcome.KNOWN, _("Is enrolled already")))
            continue
        if not words:
            words = [_has_left()] if line.email in gone else _against(run, line, towns, left, now)
        if words:
            verdicts.append(Verdict(line, Outcome.ERROR, ". ".join(map(str, words))))
        else:
            verdicts.append(Verdict(line, Outcome.ADDED, _("Will be added")))
    return verdicts


def _met_before(run: Run, emails: list[str]) -> tuple[set[str], set[str]]:
    """Of these addresses those that are enrolled, and those that an earlier import enrolled and that have left."""
    persons = dict(zip(emails, current(emails), strict=True))
    live = Enrollment.objects.live().filter(run=run, person__email__in=persons.values())
    there = set(live.values_list("person__email", flat=True))
    tokens = {token_of(run, email): email for email in emails}
    made = Booking.objects.filter(token__in=tokens)
    staying = made.filter(enrollments__status__in=Status.LIVE).values_list("token", flat=True)
    enrolled = {email for email, person in persons.items() if person in there}
    enrolled |= {tokens[token] for token in staying}
    return enrolled, {tokens[token] for token in made.values_list("token", flat=True)} - enrolled


def _has_left() -> str:
    return _("Was enrolled before and has left. Add the person by hand.")


def _against(run: Run, line: Line, towns: dict, left: "_Left", now: datetime) -> list[str]:
    if not places.takes_bookings(run, now=now):
        return [str(booking.NotOpen.message)]
    region = _region(line, towns)
    company = companies.find(number=line.number) if line.number else None
    candidate = Candidate(
        run=run,
        region=region,
        company=company,
        addresses=(line.email,),
        for_company=bool(line.number),
    )
    if reasons := eligibility.reasons_against(candidate, now=now):
        return list(reasons.values())
    return [] if left.take(region) else [str(places.RunFull.message)]


class _Left:
    """The free places of a run, taken one by one in thought: the own share before the pool, as the door does."""

    def __init__(self, run: Run, now: datetime) -> None:
        self._run, self._now = run, now
        self._unlimited = run.selection == Run.Selection.APPLICATION
        free = Place.objects.free().filter(run=run)
        shares = free.values_list("share__region_id", "share__release_at")
        self._free = Counter(
            region if until is not None and until > now else None for region, until in shares
        )
        self._allowed: dict[int | None, int] = {}

    def take(self, region: Region | None) -> bool:
        if self._unlimited:
            return True
        region_id = region.pk if region else None
        if region_id not in self._allowed:
            self._allowed[region_id] = places.free_for_newcomer(
                self._run, region_id=region_id, now=self._now
            )
        for share in dict.fromkeys((region_id, None)):
            if self._free[share] and self._allowed[region_id]:
                self._free[share] -= 1
                self._allowed[region_id] -= 1
                return True
        return False


def import_lines(
    *,
    run: Run,
    lines: Iterable[Line],
    actor: User,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> list[Verdict]:
    """Enrol the people of a file, each row by itself: what is refused leaves nothing behind and stops nobody else.

    Importing the same file again enrols nobody twice. The person who imports vouches for the terms. Audited
    as a whole, besides each enrolment. `progress` is told how many rows are done.
    """
    towns = _municipalities()
    verdicts: list[Verdict] = []
    for line in lines:
        words = [*line.problems, *_unknown(line, towns)]
        if words:
            verdicts.append(Verdict(line, Outcome.ERROR, ". ".join(map(str, words))))
        else:
            verdicts.append(_import(run, line, towns, actor=actor, now=now))
        if progress:
            progress(len(verdicts))
    counted = Counter(str(verdict.outcome) for verdict in verdicts)
    with transaction.atomic():
        record("enrollment.import", run, actor=actor, data=dict(counted))
    return verdicts


def _import(run: Run, line: Line, towns: dict, *, actor: User, now: datetime) -> Verdict:
    try:
        with transaction.atomic():
            made = booking.sign_up(
                run=run,
                email=line.email,
                first_name=line.first_name,
                last_name=line.last_name,
                company_name=line.company,
                company=_company(line, actor=actor, now=now),
                region=_region(line, towns),
                language=line.language or run.language,
                token=token_of(run, line.email),
                terms_accepted=True,
                actor=actor,
                now=now,
            )
    except booking.AlreadyEnrolled:
        return Verdict(line, Outcome.KNOWN, _("Is enrolled already"))
    except eligibility.NotEligible as error:
        return Verdict(line, Outcome.ERROR, " ".join(error.reasons))
    except (booking.BookingError, places.PlacesError) as error:
        return Verdict(line, Outcome.ERROR, str(error.message))
    if made.created_at == now:
        return Verdict(line, Outcome.ADDED, _("Added"))
    if made.enrollments.live().exists():
        return Verdict(line, Outcome.KNOWN, _("Is enrolled already"))
    return Verdict(line, Outcome.ERROR, _has_left())


def _company(line: Line, *, actor: User, now: datetime) -> Company | None:
    if not line.number:
        return None
    return companies.known_or_new(
        number=line.number, name=line.company or line.number, actor=actor, now=now
    )


def _municipalities() -> dict[str, Municipality]:
    """By name, with and without "kommun", and by code, in lower case."""
    found: dict[str, Municipality] = {}
    for town in Municipality.objects.select_related("region"):
        name = town.name.casefold()
        for word in (name, f"{name} kommun", f"{name}s kommun", town.code):
            found[word] = town
    return found


def _region(line: Line, towns: dict[str, Municipality]) -> Region | None:
    town = towns.get(line.municipality.casefold())
    return town.region if town else None


def _unknown(line: Line, towns: dict[str, Municipality]) -> list[str]:
    """What the row names that is not known here, or no registration number."""
    found = []
    if line.municipality and line.municipality.casefold() not in towns:
        found.append(
            _("“%(words)s” is no municipality of ours") % {"words": line.municipality[:60]}
        )
    if line.number:
        try:
            companies.normalise(line.number)
        except companies.NumberError as error:
            found.append(f"{line.number[:20]}: {error.message}")
    return found
