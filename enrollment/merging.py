"""Two accounts of one person become one: everything is the kept one's, the other one only remembers that."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import OperationalError, transaction
from django.db.models import ForeignObjectRel, Model
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.roles import roles_of
from courses.models import Run

from . import change_mails, memberships, places, waiting
from .models import CompanyMembership, Enrollment, WaitingEntry
from .status import Reason, Status

# What stays with the account that is gone: who acted and what was issued are facts; ways in are not inherited.
STAYS = frozenset(
    {
        "accounts.User.merged_into",
        "accounts.User_groups.user",
        "accounts.User_user_permissions.user",
        "account.EmailAddress.user",
        "attendance.Attendance.recorded_by",
        "attendance.SessionClosure.closed_by",
        "attendance.SessionClosure.reopened_by",
        "completion.Completion.decided_by",
        "completion.Completion.proposed_by",
        "enrollment.CompanyMembership.invited_by",
        "enrollment.CompanyMembership.verified_by",
        "messaging.OutgoingMail.recipient",
        "mfa.Authenticator.user",
        "payments.Receipt.buyer",
        "wagtailadmin.EditingSession.user",
        "wagtailadmin.FormState.user",
        "wagtailcore.APIToken.user",
        "wagtailcore.ModelLogEntry.user",
        "wagtailcore.PageLogEntry.user",
        "wagtailusers.UserProfile.user",
        # Through the table of memberships, of which it is only another view.
        "home.Promoter.staff",
        "courses.Run.leaders",
    }
)
# Through the door, since the table of enrolments has one writer.
GUARDED = "enrollment.Enrollment.person"


class MergeError(Exception):
    """Nothing was merged. `message` is for the reader."""

    message = _("The two cannot be merged.")


class SameAccount(MergeError):
    message = _("Choose two different people.")


class AlreadyMerged(MergeError):
    message = _("One of them has been merged or deactivated already.")


class InUse(MergeError):
    message = _("Somebody books for one of the two at this moment. Try again.")


class IsStaff(MergeError):
    message = _(
        "Somebody with a staff role is not merged into another person. Take the role away first."
    )


@dataclass(frozen=True)
class Preview:
    """What merging would move: words for a kind of row and how many. `twice` are the runs on which both have a
    place or wait; one of the two is given up."""

    rows: list[tuple[str, int]]
    twice: list[Run]


def relations() -> Iterator[ForeignObjectRel]:
    """Every relation to a person whose rows move. A new one moves unless it is named in `STAYS`."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and label_of(relation) not in STAYS:
            yield relation


def label_of(relation: ForeignObjectRel) -> str:
    return f"{relation.related_model._meta.label}.{relation.field.name}"


def preview(*, keep: User, gone: User) -> Preview:
    """What would move from `gone` to `keep`. Raises MergeError as `merge` would."""
    _may_merge(keep, gone)
    counted = [(relation, _rows(relation, gone).count()) for relation in relations()]
    found = [(str(r.related_model._meta.verbose_name_plural), n) for r, n in counted if n]
    runs = {enrollment.run for enrollment in _enrolled_twice(keep, gone)}
    runs |= {entry.run for entry in _waiting_twice(keep, gone)}
    return Preview(found, sorted(runs, key=lambda run: run.code))


def merge(*, keep: User, gone: User, actor: User, now: datetime) -> User:
    """Make two accounts of one person one: `keep` gets everything of `gone`, which is deactivated and leads to
    `keep` wherever its address is used from now on. The kept person is told in one mail.

    Where both are on one run, the confirmed or else the earlier place stays and the other one passes on; of two
    places in line the earlier stays. The audit trail and what was noted as evidence stay as they are. The same
    again changes nothing. Raises SameAccount, AlreadyMerged, IsStaff, InUse.
    """
    try:
        with transaction.atomic():
            return _merge(keep, gone, actor=actor, now=now)
    except OperationalError:
        raise InUse from None


def _merge(keep: User, gone: User, *, actor: User, now: datetime) -> User:
    _lock_runs(keep, gone)
    # Not `no_key`: whoever is booking for one of them has a lock on that row (`accounts.people.known_or_new`).
    both = User.objects.select_for_update(of=("self",)).filter(pk__in=(keep.pk, gone.pk))
    locked = {user.pk: user for user in both.order_by("pk")}
    if keep.pk != gone.pk and locked[gone.pk].merged_into_id == keep.pk:
        return keep
    keep, gone = locked[keep.pk], locked[gone.pk]
    _may_merge(keep, gone)
    for entry in _waiting_twice(keep, gone):
        waiting.leave(entry=entry, actor=actor, now=now)
    lost = _enrolled_twice(keep, gone)
    for loser in lost:
        places.release(enrollment=loser, reason=Reason.MERGED, actor=actor, now=now)
    _drop_double_memberships(keep, gone, today=localdate(now))
    moved = {}
    for relation in relations():
        count = _move(relation, keep=keep, gone=gone, actor=actor, now=now)
        if count:
            moved[label_of(relation)] = count
    EmailAddress.objects.filter(user=gone).delete()
    Authenticator.objects.filter(user=gone).delete()
    gone.is_active, gone.merged_into = False, keep
    gone.save(update_fields=["is_active", "merged_into"])
    User.objects.filter(merged_into=gone).update(merged_into=keep)
    record("enrollment.merge", keep, actor=actor, data={"gone": gone.pk, "moved": moved})
    change_mails.people_merged(keep, gone=gone, lost=lost, now=now)
    return keep


def _lock_runs(keep: User, gone: User) -> None:
    """Runs before people, and in one order: two merges, or one beside a colleague who comes instead, wait for one
    another and never in a circle."""
    live = Enrollment.objects.live().filter(person__in=(keep, gone))
    waits = WaitingEntry.objects.open().filter(person__in=(keep, gone))
    runs = {*live.values_list("run", flat=True), *waits.values_list("run", flat=True)}
    for run_id in sorted(runs):
        places.lock_run(run_id)


def _may_merge(keep: User, gone: User) -> None:
    if keep.pk == gone.pk:
        raise SameAccount
    if not keep.is_active or keep.merged_into_id or gone.merged_into_id:
        raise AlreadyMerged
    if roles_of(gone) or gone.is_staff or gone.is_superuser:
        raise IsStaff


def _rows(relation: ForeignObjectRel, person: User):
    model: type[Model] = relation.related_model
    return model._base_manager.filter(**{relation.field.name: person})


def _move(relation: ForeignObjectRel, *, keep: User, gone: User, actor, now: datetime) -> int:
    if label_of(relation) == GUARDED:
        return places.reassign(gone=gone, keep=keep, actor=actor, now=now)
    rows, name = _rows(relation, gone), relation.field.name
    for constraint in _unique_with(relation):
        theirs = _rows(relation, keep).values_list(*constraint)
        for values in theirs:
            rows = rows.exclude(**dict(zip(constraint, values, strict=True)))
    return rows.update(**{name: keep})


def _unique_with(relation: ForeignObjectRel) -> list[tuple[str, ...]]:
    """The other columns of the table's unique keys that name the person: a row that the kept person has already
    is not moved."""
    meta, name = relation.related_model._meta, relation.field.name
    keys = [tuple(key) for key in meta.unique_together]
    keys += [tuple(c.fields) for c in meta.total_unique_constraints]
    return [tuple(f for f in key if f != name) for key in keys if name in key]


def _enrolled_twice(keep: User, gone: User) -> list[Enrollment]:
    """Of two live enrolments on one run, the one that is given up."""
    rows = sorted(
        _live(keep, gone), key=lambda e: (e.status != Status.CONFIRMED, e.created_at, e.pk)
    )
    return _all_but_first(rows)


def _waiting_twice(keep: User, gone: User) -> list[WaitingEntry]:
    """Places in line beside another one of the same person, or to take part in a run beside a place on it."""
    rows = list(
        WaitingEntry.objects.open()
        .filter(person__in=(keep, gone))
        .select_related("run__course", "person", "booking")
        .order_by("created_at", "pk")
    )
    rows.sort(key=lambda entry: entry.status != WaitingEntry.Status.OFFERED)
    twice = _all_but_first(rows)
    enrolled = _live(keep, gone)
    for entry in rows:
        others = (e.run_id == entry.run_id and e.booking_id != entry.booking_id for e in enrolled)
        if entry.takes_part and entry not in twice and any(others):
            twice.append(entry)
    return twice


def _live(keep: User, gone: User) -> list[Enrollment]:
    rows = Enrollment.objects.live().filter(person__in=(keep, gone))
    return list(rows.select_related("run__course", "booking", "person"))


def _all_but_first(rows: list) -> list:
    seen, rest = set(), []
    for row in rows:
        if row.run_id in seen:
            rest.append(row)
        seen.add(row.run_id)
    return rest


def _drop_double_memberships(keep: User, gone: User, *, today: date) -> None:
    """Of two memberships of one kind in one company, the one that counts today stays, else a verified one."""
    for theirs in CompanyMembership.objects.filter(user=gone):
        ours = CompanyMembership.objects.filter(
            user=keep, company=theirs.company_id, role=theirs.role
        ).first()
        if ours is not None:
            memberships.stronger_first(ours, theirs, today=today)[1].delete()
