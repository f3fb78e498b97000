"""One row of ours in Wagtail's admin, in words."""

from datetime import date, datetime

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.admin import VisibleInspectView
from accounts.policy import visible
from courses.models import Run
from home import formats

from ..board import company_name, seat_name
from ..forms.staff import NameForm
from ..models import Application, Booking, Company, Enrollment
from ..requirements import missing
from ..scope import runs_of, runs_seen_by
from ..status import Status
from .staff_change import is_unnamed


class FactsView(VisibleInspectView):
    """Dates as people write them, a dash where nothing is, links to what the row points at."""

    template_name = "enrollment/admin/inspect.html"

    def get_page_title(self) -> str:
        return capfirst(self.model._meta.verbose_name)

    def get_field_display_value(self, field_name, field):
        return self.in_words(super().get_field_display_value(field_name, field))

    def in_words(self, value):
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, datetime):
            return formats.day_time(value)
        if isinstance(value, date):
            return formats.date_words(value)
        if address := self.address_of(value):
            return format_html('<a href="{}">{}</a>', address, value)
        return value

    def address_of(self, value) -> str:
        """Where staff look at what a row points at; "" for what has no page, or none for them."""
        if not isinstance(value, Model):
            return ""
        actor = self.request.user
        if isinstance(value, Run):
            seen = runs_seen_by(actor).filter(pk=value.pk).exists()
            return reverse("enrolments:run", args=[value.code]) if seen else ""
        for model, name in ((Booking, "bookings"), (Company, "companies")):
            if isinstance(value, model) and visible(actor, model).filter(pk=value.pk).exists():
                return reverse(f"{name}:inspect", args=[value.pk])
        return ""


class OfRun(FactsView):
    """A row that belongs to a run."""

    @property
    def run(self) -> Run:
        return self.object.run

    def get_context_data(self, **kwargs):
        handles = runs_of(self.request.user).filter(pk=self.run.pk).exists()
        return {**super().get_context_data(**kwargs), "run": self.run, "handles": handles}


class EnrollmentFacts(OfRun):
    template_name = "enrollment/admin/enrolment.html"

    def get_page_subtitle(self) -> str:
        return f"{seat_name(self.object)}, {self.object.run.code}"

    def get_context_data(self, **kwargs):
        waits = self.object.status in (Status.APPLIED, Status.HELD)
        return {
            **super().get_context_data(**kwargs),
            "enrollment": self.object,
            "live": self.object.status in Status.LIVE,
            "name_form": NameForm() if is_unnamed(self.object) else None,
            "waits": waits,
            "missing": missing(self.object).values() if waits else [],
        }


class BookingFacts(OfRun):
    template_name = "enrollment/admin/booking.html"

    def get_company_display_value(self):
        return self.object.company or company_name(self.object)

    def get_booked_by_display_value(self):
        return self.object.booked_by or _("Form is open")

    def get_fields_context(self):
        price = formats.money(self.object.price_ore)
        words = (
            _("%(amount)s excl. VAT") % {"amount": price}
            if self.object.price_ore
            else pgettext("price", "Free")
        )
        price_line = {"label": _("Price per place"), "value": words, "component": None}
        return [*super().get_fields_context(), price_line]

    def get_context_data(self, **kwargs):
        seats = visible(self.request.user, Enrollment).filter(booking=self.object)
        seats = seats.select_related("person", "run", "booking").order_by("pk")
        return {
            **super().get_context_data(**kwargs),
            "seats": [(seat, seat_name(seat)) for seat in seats],
        }


class WaitingFacts(OfRun):
    template_name = "enrollment/admin/waiting.html"

    def get_page_subtitle(self) -> str:
        return f"{self.object.person}, {self.object.run.code}"

    def get_company_display_value(self):
        return self.object.company or company_name(self.object)


class ApplicationFacts(OfRun):
    template_name = "enrollment/admin/application.html"

    @property
    def run(self) -> Run:
        return self.object.booking.run

    def get_page_subtitle(self) -> str:
        one: Application = self.object
        return f"{company_name(one.booking) or one.booking.booked_by}, {self.run.code}"
