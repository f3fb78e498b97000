"""Telling us of a barrier: the message function that the law asks for beside mail and telephone
(DOS-lagen 2018:1937; usable without saying who one is)."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from messaging.models import OutgoingMail
from messaging.outbox import put

RECIPIENT = "tillganglighet@focusindustri.example.org"


@transaction.atomic
def report(*, what: str, where: str, email: str, now: datetime) -> OutgoingMail:
    """Pass a visitor's words on to those who look after accessibility; `email` may be "". Nothing else is
    stored. The same words on the same day are passed on once."""
    fingerprint = sha256(f"{what}\x00{where}\x00{email}".encode()).hexdigest()[:32]
    return put(
        kind="barrier_reported",
        dedupe_key=f"barrier:{now:%Y-%m-%d}:{fingerprint}",
        to=RECIPIENT,
        context={"what": what, "where": where, "email": email},
        now=now,
        language="sv",
    )
