"""The mails about changes: who is told what, and what their diaries are told."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from courses.models import Run, Session
from messaging import outbox
from messaging.models import OutgoingMail
from messaging.words import Said, composer

from . import calendar
from .mails import about, booking_address, invitation_for, language_of, link
from .models import Enrollment, WaitingEntry


def substituted_out(enrollment: Enrollment, *, successor: Enrollment, now: datetime) -> None:
    """Tell the one who gave the place to a colleague, and take the meetings out of the diary."""
    person, language = enrollment.person, language_of(enrollment)
    meetings = calendar.meetings(enrollment, language=language) if enrollment.confirmed_at else []
    outbox.put(
        kind="substituted_out",
        dedupe_key=f"substituted_out:{enrollment.pk}",
        to=person,
        context={
            **about(enrollment.run, language),
            "successor": successor.name_to_booker,
            "in_diary": bool(meetings),
        },
        now=now,
        language=language,
        **invitation_for(meetings, "CANCEL", person, now),
    )


def place_moved(enrollment: Enrollment, *, before: Enrollment, now: datetime) -> None:
    """Tell the person of the other run: one mail, after which the diary has the new meetings only."""
    outbox.promise(
        kind="place_moved",
        dedupe_key=f"place_moved:{enrollment.pk}",
        to=enrollment.person,
        facts={
            "enrollment": enrollment.pk,
            "sequence": enrollment.calendar_sequence,
            "before": before.pk,
            "sequence_before": before.calendar_sequence,
        },
        now=now,
        language=language_of(enrollment),
    )


@composer("place_moved")
def _place_moved(mail: OutgoingMail) -> Said:
    """New meetings take over the entries of the old ones by number; old ones without a counterpart are
    cancelled by an object of their own (docs/decisions/0023-changes.md)."""
    rows = Enrollment.objects.select_related("booking", "run__course", "run__host")
    enrollment = rows.get(pk=mail.facts["enrollment"])
    before = rows.get(pk=mail.facts["before"])
    enrollment.calendar_sequence = mail.facts["sequence"]
    before.calendar_sequence = mail.facts["sequence_before"]
    confirmed = enrollment.confirmed_at is not None
    meetings = calendar.meetings(enrollment, language=mail.language) if confirmed else []
    kept = {meeting.uid for meeting in meetings}
    old = calendar.meetings(before, language=mail.language)
    in_diary = old if before.confirmed_at else []
    gone = [meeting for meeting in in_diary if meeting.uid not in kept]
    objects = [
        invitation_for(found, method, mail.recipient, mail.created_at)
        for found, method in ((meetings, "REQUEST"), (gone, "CANCEL"))
        if found
    ]
    return Said(
        context={
            **about(enrollment.run, mail.language),
            "meetings": meetings,
            "first": meetings[0] if meetings else None,
            "enrollment": enrollment,
            "before": old,
        },
        calendar="".join(part["calendar"] for part in objects),
        calendar_method=objects[0]["calendar_method"] if objects else "",
    )


def booking_changed(
    enrollment: Enrollment,
    *,
    what: str,
    actor,
    now: datetime,
    before: Enrollment | None = None,
    fee_ore: int = 0,
    refund_ore: int = 0,
    until: datetime | None = None,
) -> None:
    """Tell the booker of a change to a place that is not their own, unless they made it and it costs nothing.

    `what` is "cancelled", "declined" (by the one who was named: somebody else can be, `until`), "substituted", "moved"
    or "added"; `before` is the enrolment that was replaced.
    """
    booker, booking = enrollment.booking.booked_by, enrollment.booking
    own = {enrollment.person_id, before.person_id if before else None}
    money = fee_ore or refund_ore
    if booker is None or booker.pk in own or (actor == booker and not money):
        return
    outbox.put(
        kind="booking_changed",
        dedupe_key=f"booking_changed:{what}:{enrollment.pk}",
        to=booker,
        context={
            **about(enrollment.run, booker.language),
            "what": what,
            "name": enrollment.name_to_booker,
            "name_before": before.name_to_booker if before else "",
            "booking": booking,
            "fee_ore": fee_ore,
            "refund_ore": refund_ore,
            "until": until,
            "names_url": link("name_people", booking.public_id, language=booker.language),
            "booking_url": booking_address(booking, language=booker.language),
        },
        now=now,
    )


def run_cancelled(
    run: Run, *, to: User, enrollment: Enrollment, reason: str, now: datetime
) -> None:
    """Tell the participant of an enrolment, or its booker, that the organiser has cancelled the run. The
    participant's diary loses the meetings; only the booker is told of money."""
    told = enrollment if enrollment.confirmed_at and enrollment.person_id == to.pk else None
    outbox.promise(
        kind="run_cancelled",
        dedupe_key=f"run_cancelled:{run.pk}:{to.pk}",
        to=to,
        facts={
            "run": run.pk,
            "enrollment": told.pk if told else None,
            "sequence": told.calendar_sequence if told else 0,
            "reason": reason,
            "paid": bool(
                enrollment.booking.price_ore
                and enrollment.confirmed_at
                and enrollment.booking.booked_by_id == to.pk
            ),
        },
        now=now,
    )


@composer("run_cancelled")
def _run_cancelled(mail: OutgoingMail) -> Said:
    facts = mail.facts
    run = Run.objects.select_related("course", "host").get(pk=facts["run"])
    meetings = []
    if facts["enrollment"]:
        enrollment = Enrollment.objects.select_related("run__course", "booking").get(
            pk=facts["enrollment"]
        )
        enrollment.calendar_sequence = facts["sequence"]
        meetings = calendar.meetings(
            enrollment,
            language=mail.language,
            sessions=run.sessions.exclude(status=Session.Status.HELD),
        )
    return Said(
        context={
            **about(run, mail.language),
            "reason": facts["reason"],
            "paid": facts["paid"],
            "in_diary": bool(meetings),
        },
        **invitation_for(meetings, "CANCEL", mail.recipient, mail.created_at),
    )


def waiting_closed(entry: WaitingEntry, *, reason: str, now: datetime) -> None:
    """Tell one who waits that there is nothing left to wait for."""
    outbox.put(
        kind="waiting_closed",
        dedupe_key=f"waiting_closed:{entry.pk}",
        to=entry.person,
        context={**about(entry.run, entry.language), "reason": reason},
        now=now,
        language=entry.language,
    )


def told_of(session: Session) -> set[int]:
    """The enrolments whose participants have been told of the meeting as it stands now."""
    end = f":{session.pk}:{session.sequence}"
    keys = OutgoingMail.objects.filter(kind="meeting_changed", dedupe_key__endswith=end)
    return {int(key.split(":")[1]) for key in keys.values_list("dedupe_key", flat=True)}


def meeting_changed(enrollment: Enrollment, session: Session, *, now: datetime) -> None:
    """Tell a participant the new time or place of one meeting, or that it does not take place."""
    person, language = enrollment.person, language_of(enrollment)
    meetings = calendar.meetings(
        enrollment, language=language, sessions=enrollment.run.sessions.filter(pk=session.pk)
    )
    cancelled = session.status == Session.Status.CANCELLED
    outbox.put(
        kind="meeting_changed",
        dedupe_key=f"meeting_changed:{enrollment.pk}:{session.pk}:{session.sequence}",
        to=person,
        context={
            **about(enrollment.run, language),
            "session": session,
            "meeting": meetings[0],
            "cancelled": cancelled,
        },
        now=now,
        language=language,
        **invitation_for(meetings, "CANCEL" if cancelled else "REQUEST", person, now),
    )


def people_merged(
    keep: User, *, gone: User, lost: Sequence[Enrollment] = (), now: datetime
) -> None:
    """Tell the kept person that everything stands with this address now, and take the meetings of places that were
    `lost`, since the person had two on one run, out of the diary."""
    meetings = [
        meeting
        for enrollment in lost
        if enrollment.confirmed_at
        for meeting in calendar.meetings(enrollment, language=keep.language)
    ]
    outbox.put(
        kind="people_merged",
        dedupe_key=f"people_merged:{gone.pk}:{keep.pk}",
        to=keep,
        context={
            "gone": gone.email,
            "lost": bool(lost),
            "my_url": link("my", language=keep.language),
        },
        now=now,
        **invitation_for(meetings, "CANCEL", keep, now),
    )
