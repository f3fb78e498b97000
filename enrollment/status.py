"""The states of an enrolment and the only ways between them."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    APPLIED = "applied", _("Applied")
    HELD = "held", _("Place held")
    OFFERED = "offered", _("Place offered")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", pgettext_lazy("enrolment", "Cancelled")

    LIVE = nonmember(("applied", "held", "offered", "confirmed"))
    PLACED = nonmember(("held", "offered", "confirmed"))


class Reason(models.TextChoices):
    """Why an enrolment was cancelled."""

    BY_PERSON = "by_person", _("Cancelled by the participant")
    BY_STAFF = "by_staff", _("Cancelled by the organiser")
    RUN_CANCELLED = "run_cancelled", _("The course run was cancelled")
    EXPIRED = "expired", _("The time to pay or answer ran out")
    DECLINED = "declined", _("The offer was declined")
    PAYMENT_FAILED = "payment_failed", _("The payment did not go through")
    SUBSTITUTED = "substituted", _("A colleague took the place")
    MOVED = "moved", _("Moved to another course run")
    NOT_SELECTED = "not_selected", _("The application was not selected")
    MERGED = "merged", _("The same person was enrolled twice")
    SAID_NO = "said_no", _("The person who was named said no")
    GIVEN_BACK = "given_back", _("The booking was changed before it was sent")


TRANSITIONS: dict[str, frozenset[str]] = {
    Status.APPLIED: frozenset({Status.OFFERED, Status.HELD, Status.CANCELLED}),
    Status.HELD: frozenset({Status.CONFIRMED, Status.CANCELLED}),
    Status.OFFERED: frozenset({Status.HELD, Status.CONFIRMED, Status.CANCELLED}),
    Status.CONFIRMED: frozenset({Status.CANCELLED}),
    Status.CANCELLED: frozenset(),
}
