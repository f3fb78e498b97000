"""The printed page of a certificate, as HTML for the renderer."""

from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.dateparse import parse_date

from .models import Certificate


def verification_address(certificate: Certificate) -> str:
    """The address that the QR code and the page carry."""
    return f"{settings.SITE_URL}/v/{certificate.code}"


def certificate_html(certificate: Certificate) -> str:
    """The bilingual A4 page: the holder's language first, the other beside it."""
    facts = certificate.facts
    address = verification_address(certificate)
    first = certificate.language
    lines = len(facts["modules"]) + len(facts["outcomes"])
    context: dict[str, Any] = {
        "certificate": certificate,
        "facts": facts,
        "column": f"print/{certificate.kind}_column.html",
        "languages": [first, "en" if first == "sv" else "sv"],
        "first_date": parse_date(facts["first_date"] or ""),
        "last_date": parse_date(facts["last_date"] or ""),
        "meetings_attended": sum(1 for meeting in facts["meetings"] if meeting["attended"]),
        "ticks": _ticks(facts["meetings"]),
        "address": address,
        "short_address": address.partition("://")[2].rpartition("/")[0],
        "qr": segno.make(address, error="m"),
        "holder_class": _size_class(facts["holder"]),
        "tight": len(facts["holder"]) > 30
        or max(len(facts["course_sv"]), len(facts["course_en"])) > 45,
        "dense": lines > 10,
        "demo": settings.DEMO,
    }
    with translation.override(first):
        return render_to_string(f"print/{certificate.kind}_certificate.html", context)


def _size_class(holder: str) -> str:
    if len(holder) <= 20:
        return ""
    return "n2" if len(holder) <= 30 else "n3"


def _ticks(meetings: list[dict[str, Any]]) -> list[str]:
    """Where the meetings stand on the 76 mm dimension line, to scale, without the two ends."""
    dates = [parse_date(meeting["date"]) for meeting in meetings]
    if len(dates) < 3 or dates[0] == dates[-1]:
        return []
    days = (dates[-1] - dates[0]).days
    return [f"{0.1 + 75.8 * (day - dates[0]).days / days:.1f}" for day in dates[1:-1]]
