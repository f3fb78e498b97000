"""People as whoever books names them: by address and a name as typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import current
from courses.models import Run

from .booking import BookingError
from .models import Enrollment


@dataclass(frozen=True)
class Named:
    """A person by e-mail address and name, as typed."""

    email: str
    first_name: str = ""
    last_name: str = ""

    @property
    def name(self) -> str:
        """The name as typed, on one line."""
        return " ".join(f"{self.first_name} {self.last_name}".split())


class TwiceTheSame(BookingError):
    """Two of the people have the same e-mail address: `position` is the second one's, from 0."""

    message = _("Two people have the same e-mail address.")

    def __init__(self, position: int):
        super().__init__(position)
        self.position = position


def call(seat: Enrollment, named: Named) -> None:
    """Note the name under which somebody was named."""
    seat.named_as = named.name
    seat.save(update_fields=["named_as"])


def once_each(people: Sequence[Named | None]) -> None:
    """Raises TwiceTheSame. Two addresses of one person, too: staff may have found out that the two are the same."""
    seen = set()
    given = [User.objects.normalise(named.email) if named else "" for named in people]
    for position, address in enumerate(current(given)):
        if address and address in seen:
            raise TwiceTheSame(position)
        seen.add(address)


def addresses_of(people: Sequence[Named | None]) -> tuple[str, ...]:
    """The stored form of the addresses of those who are named."""
    return tuple(User.objects.normalise(named.email) for named in people if named)


def others_on(run: Run, people: Sequence[Named | None]) -> list[Enrollment]:
    """The live enrolments that the named have on the run already."""
    addresses = current(addresses_of(people))
    live = Enrollment.objects.live().filter(run=run, person__email__in=addresses)
    return list(live.select_related("person").order_by("pk"))


def enrolled(run: Run, people: Sequence[Named | None]) -> set[str]:
    """The addresses of those among the named who have a live enrolment on the run already."""
    return {other.person.email for other in others_on(run, people) if other.person}
