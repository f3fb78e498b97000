"""The form for names that follow."""

from django.utils.translation import gettext_lazy as _

from ..group_booking import Named
from ..models import Enrollment
from .parts import Plain, both_or_none, email_field, name_field, split_name


class NamesForm(Plain):
    """Names that follow: two fields for each seat without one; those left empty follow later."""

    def __init__(self, *args, seats: list[Enrollment], **kwargs):
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            self.fields[f"name_{seat.pk}"] = name_field()
            self.fields[f"email_{seat.pk}"] = email_field()
        self.shorten()

    def clean(self) -> dict:
        given = super().clean()
        for seat in self.seats:
            both_or_none(self, seat.pk)
        if not self.errors and not self.named:
            self.add_error(f"name_{self.seats[0].pk}", _("Write at least one name"))
        return given

    @property
    def named(self) -> dict[int, Named]:
        """{enrolment id: who}."""
        given = self.cleaned_data
        return {
            seat.pk: Named(email, *split_name(given[f"name_{seat.pk}"]))
            for seat in self.seats
            if (email := given.get(f"email_{seat.pk}")) and given.get(f"name_{seat.pk}")
        }

    def rows(self) -> list[tuple]:
        return [
            (number, self[f"name_{seat.pk}"], self[f"email_{seat.pk}"])
            for number, seat in enumerate(self.seats, 1)
        ]
