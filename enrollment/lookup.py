"""Asking a register for a company by its number. Never needed: without a register people type the name.

`COMPANY_LOOKUP` names the class. Calls leave the house, so they come before a transaction, never inside.
"""

import json
import logging
from dataclasses import dataclass
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from .companies import normalise

logger = logging.getLogger("enrollment.lookup")


@dataclass(frozen=True)
class Found:
    """What a register knows: the legal name, and where given the municipality's four-digit code, the
    register's word for the status and the industry code."""

    name: str
    municipality_code: str = ""
    status: str = ""
    sni: str = ""


class CompanyLookup(Protocol):
    def find(self, *, country: str, number: str) -> Found | None:
        """The company with a normalised number, None when the register does not know it. May raise."""
        ...


class NullLookup:
    """Knows nobody."""

    def find(self, *, country: str, number: str) -> Found | None:
        return None


class HttpLookup:
    """A service that answers `GET <COMPANY_LOOKUP_URL>/<country>/<number>` with 404 or a JSON object: `name`,
    and optionally `municipality_code`, `status`, `sni`."""

    timeout = 2.0
    most_bytes = 20_000

    def find(self, *, country: str, number: str) -> Found | None:
        address = "/".join((settings.COMPANY_LOOKUP_URL.rstrip("/"), quote(country), quote(number)))
        request = Request(address, headers={"Accept": "application/json"})  # noqa: S310 - checked by enrollment.E002
        try:
            with urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                said = json.loads(answer.read(self.most_bytes))
        except HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            raise
        words = {
            field: " ".join(str(said.get(field) or "").split())[:160]
            for field in ("name", "municipality_code", "status", "sni")
        }
        return Found(**words) if words["name"] else None


def look_up(*, country: str, number: str) -> Found | None:
    """What the register says about a company, None when it says nothing, fails or takes too long. A sole
    trader's number is never sent out. Raises NumberError, and RuntimeError inside a transaction."""
    if (around := connection.atomic_blocks) and not around[-1]._from_testcase:
        raise RuntimeError("a register is asked before the transaction of the act begins")
    known = normalise(number, country=country)
    if known.is_personal_identity:
        return None
    try:
        register: CompanyLookup = import_string(settings.COMPANY_LOOKUP)()
        return register.find(country=country, number=known.digits)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, people type the name
        # Without the number and without the address that contains it.
        logger.warning("the company register did not answer: %s", type(error).__name__)
        return None
