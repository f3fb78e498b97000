"""A company's form."""

import uuid

from django.utils import timezone

from accounts.models import User
from courses.models import Run
from enrollment import booking, company_merging, drafts, group_booking, places
from enrollment.eligibility import NotEligible
from enrollment.group_booking import Named
from enrollment.models import Company
from home.models import Municipality, Region

from .patience import patient


@patient
def send(*, run: int, form: dict) -> str:
    """Sent without a draft: booked, full (with what was free), enrolled, ended or refused.

    `form`: `people` are addresses or None where the name follows; `county` is a municipality's id.
    """
    people = [a and Named(a, "Exempel", "Exempelsson") for a in form["people"]]
    try:
        made = group_booking.send(
            run=Run.objects.select_related("course", "rules").get(pk=run),
            token=uuid.UUID(form["token"]) if "token" in form else uuid.uuid4(),
            booker=Named(form["booker"], "Exempel", "Exempelsson"),
            number=form["number"],
            country=form.get("country", "SE"),
            company_name="Exempel Ventil AB",
            municipality=Municipality.objects.select_related("region").get(pk=form["county"]),
            people=people,
            language="sv",
            terms_accepted=True,
            now=timezone.now(),
        )
    except places.RunFull as full:
        return f"full {full.free}"
    except booking.AlreadyEnrolled:
        return "enrolled"
    except drafts.HoldEnded:
        return "ended"
    except NotEligible:
        return "refused"
    return f"booked {made.pk}"


@patient
def hold(*, run: int, token: str, people: int, county: int) -> str:
    """The check screen: held (with the draft's id), full or used."""
    try:
        draft = drafts.hold(
            run=Run.objects.select_related("course", "rules").get(pk=run),
            token=uuid.UUID(token),
            people=people,
            region=Region.objects.get(pk=county),
            language="sv",
            now=timezone.now(),
        )
    except places.RunFull:
        return "full"
    except booking.TokenUsed:
        return "used"
    return f"held {draft.pk}"


def merge_companies(*, keep: int, gone: int, actor: int) -> str:
    company_merging.merge(
        keep=Company.objects.get(pk=keep),
        gone=Company.objects.get(pk=gone),
        actor=User.objects.get(pk=actor),
        now=timezone.now(),
    )
    return "merged"
