"""Knowledge that lower floors ask for and upper floors bring: personal data, invariants, work-list.

Each is a function and a dictionary. Rooms fill them in their `rules.py`; nothing here knows a room.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.functional import Promise


@dataclass(frozen=True)
class PersonalData:
    """Why a model holds personal data, until when, and what becomes of it at erasure (GDPR art. 5, 17).

    `path` leads from the model to the person ("" for the person itself); `erase` is "delete",
    "anonymise" or "keep"; `until` says in words when the purpose ends; `fields` are exported. The words are
    lazy: they are told in the language of whoever asks.
    """

    purpose: str | Promise
    until: str | Promise
    erase: str
    path: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class WorkItem:
    """One thing that needs a person of the staff: what, since when, and where to do it."""

    title: str
    since: datetime
    url: str
    promoter_id: int | None = None


personal_data: dict[type[Model], PersonalData] = {}
impersonal: dict[type[Model], str | Promise] = {}
invariants: dict[str, Callable[[datetime], Iterable[str]]] = {}
worklist: dict[str, Callable[[object, datetime], Iterable[WorkItem]]] = {}


def register_personal_data(model: type[Model], **kwargs) -> None:
    personal_data[model] = PersonalData(**kwargs)


def register_impersonal(model: type[Model], *, why: str | Promise) -> None:
    """Declare that a model holds nothing about a person although it refers to one that does."""
    impersonal[model] = why


def invariant(name: str):
    """Register `check(now) -> messages`: one message per broken row, none when all is well."""

    def register(check):
        invariants[name] = check
        return check

    return register


def work(name: str):
    """Register `items(actor, now) -> WorkItems` that the actor may see and act on."""

    def register(items):
        worklist[name] = items
        return items

    return register
