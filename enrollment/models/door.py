"""The latch of the one door: managers and `save()` refuse to write statuses and places while it is closed.

Only `enrollment.places` opens it. Raw SQL is stopped by the constraints of the tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

_open: ContextVar[bool] = ContextVar("enrollment_door_open", default=False)


class OutsideTheDoor(Exception):
    """A status or a place was about to be written past `enrollment.places`; nothing was stored."""


@contextmanager
def opened() -> Iterator[None]:
    """Writing statuses and places is allowed inside. For `enrollment.places` alone."""
    before = _open.set(True)
    try:
        yield
    finally:
        _open.reset(before)


def require(model: type[models.Model]) -> None:
    if not _open.get():
        raise OutsideTheDoor(f"{model._meta.label} is written by enrollment.places alone")


class GuardedQuerySet(models.QuerySet):
    def bulk_create(self, *args, **kwargs):
        require(self.model)
        return super().bulk_create(*args, **kwargs)

    def update(self, **fields):
        if self.model.guarded & fields.keys():
            require(self.model)
        return super().update(**fields)

    def delete(self):
        require(self.model)
        return super().delete()

    update.alters_data = bulk_create.alters_data = delete.alters_data = True
    delete.queryset_only = True


class GuardedModel(models.Model):
    """`guarded` names the fields that only the door writes; making and deleting rows is guarded too."""

    guarded: frozenset[str] = frozenset()
    # No page or picture points at people's rows; Wagtail need not look for it at every save.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        if self._state.adding or update_fields is None or self.guarded & set(update_fields):
            require(type(self))
        return super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args, **kwargs):
        require(type(self))
        return super().delete(*args, **kwargs)
