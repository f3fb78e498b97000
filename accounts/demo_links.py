"""Sign-in links of the demo: single-use, short-lived, refused everywhere else."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from .models import User

LIFETIME = timedelta(hours=24)
_KEY = "demo_sign_in"


def make_link(user: User, now: datetime) -> str:
    """The path of a one-time sign-in address for this person, good for a day.

    Raises PermissionDenied outside the demo.
    """
    _refuse_outside_demo()
    # A session row is a store with an end date that cleans itself up; deleting it is the single use.
    token = secrets.token_urlsafe(24)
    Session.objects.create(
        session_key=token,
        session_data=SessionStore().encode({_KEY: user.pk}),
        expire_date=now + LIFETIME,
    )
    return reverse("demo_sign_in", args=[token])


def use_link(token: str, now: datetime) -> User | None:
    """The person of an unused link, or None; whoever deletes the row first has used it."""
    _refuse_outside_demo()
    row = Session.objects.filter(session_key=token, expire_date__gt=now).first()
    person_id = row.get_decoded().get(_KEY) if row else None
    if person_id is None or not Session.objects.filter(session_key=token).delete()[0]:
        return None
    return User.objects.filter(pk=person_id, is_active=True).first()


def _refuse_outside_demo() -> None:
    if not settings.DEMO:
        raise PermissionDenied("sign-in links exist in the demo only")
