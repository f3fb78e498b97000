from django.utils.translation import gettext_lazy as _


class PlacesError(Exception):
    """Places could not be given. `message` is for the reader."""

    message = _("The places could not be booked.")


class NotOpen(PlacesError):
    """The run does not take bookings at this moment, or has been cancelled while places were taken."""

    message = _("This course run does not take bookings now.")


class RunFull(PlacesError):
    """Fewer places are free than asked for; `free` says how many."""

    message = _("All places are taken.")

    def __init__(self, free: int):
        super().__init__(free)
        self.free = free


class Busy(PlacesError):
    """The last places are being decided on by others; nothing was booked, try again."""

    message = _("Many people are booking right now. Please try again in a moment.")


class TooFewFree(PlacesError):
    """The capacity cannot shrink that far: `taken` places are in use."""

    message = _("More places are taken than that.")

    def __init__(self, taken: int):
        super().__init__(taken)
        self.taken = taken


class StatusError(Exception):
    """A change of status that the table in `enrollment.status` does not allow."""


class Overtaken(StatusError):
    """The status changed between reading and writing; read again."""
