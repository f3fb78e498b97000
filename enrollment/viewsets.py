"""Enrolments, bookings and the waiting list in the admin: to look at, and to act on through functions."""

from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from accounts.admin import ReadOnlyViewSet, VisibleIndexView
from accounts.policy import can
from home import formats

from .board import company_name, place_number, seat_name
from .company_viewsets import training_viewsets as companies
from .models import (
    Application,
    Booking,
    CancellationPolicy,
    CancellationStep,
    Enrollment,
    WaitingEntry,
)
from .views import (
    staff,
    staff_applications,
    staff_change,
    staff_facts,
    staff_import,
    staff_merge,
    staff_rules,
)


class LinkColumn(TitleColumn):
    """A column that leads to what it names, in the weight of the others."""

    cell_template_name = "enrollment/admin/link_cell.html"


def _or_dash(name: str):
    return lambda row: "–" if getattr(row, name) is None else getattr(row, name)


def run_column(get_run) -> LinkColumn:
    return LinkColumn(
        "run",
        label=gettext_lazy("Course run"),
        accessor=lambda row: get_run(row).code,
        get_url=lambda row: reverse("enrolments:run", args=[get_run(row).code]),
    )


class EnrollmentIndexView(VisibleIndexView):
    @cached_property
    def header_buttons(self):
        more = [
            HeaderButton(_("Places per run"), url=reverse("enrolments:runs"), icon_name="group")
        ]
        if can(self.request.user, "enrollment.merge"):
            merge = reverse("enrolments:merge")
            more.append(HeaderButton(_("Merge two people"), url=merge, icon_name="user"))
        return [*super().header_buttons, *more]


class EnrollmentViewSet(ReadOnlyViewSet):
    model = Enrollment
    name = "enrolments"
    see = "enrollment.see"
    icon = "user"
    menu_label = gettext_lazy("Enrolments")
    related = [
        "person",
        "run__course",
        "place",
        "team__place",
        "booking__company",
        "booking__booked_by",
    ]
    index_view_class = EnrollmentIndexView
    inspect_view_class = staff_facts.EnrollmentFacts
    inspect_view_fields = [
        "run",
        "person",
        "booking",
        "status",
        "reason",
        "hold_until",
        "created_at",
        "confirmed_at",
        "cancelled_at",
    ]
    list_display = [
        TitleColumn(
            "person",
            label=gettext_lazy("Participant"),
            accessor=seat_name,
            get_url=lambda row: reverse("enrolments:inspect", args=[row.pk]),
        ),
        Column(
            "company",
            label=gettext_lazy("Company"),
            accessor=lambda row: company_name(row.booking) or "–",
        ),
        run_column(lambda row: row.run),
        Column(
            "place",
            label=gettext_lazy("Place"),
            accessor=lambda row: place_number(row) or "–",
        ),
        Column("get_status_display", label=gettext_lazy("Status")),
        DateColumn("created_at", label=gettext_lazy("Enrolled")),
    ]
    list_filter = ["status", "run"]
    search_fields = [
        "person__last_name",
        "person__first_name",
        "person__email",
        "booking__company_name",
        "run__code",
    ]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/cancel/", staff_change.cancel, name="cancel"),
            path("<int:pk>/confirm/", staff_change.confirm, name="confirm"),
            path("<int:pk>/change/", staff_change.change, name="change"),
            path("<int:pk>/fee/", staff_change.fee, name="fee"),
            path("<int:pk>/name/", staff_change.name, name="name"),
            path("runs/", staff.runs, name="runs"),
            path("runs/<slug:code>/", staff.run, name="run"),
            path("runs/<slug:code>/add/", staff.add, name="add_participant"),
            path("runs/<slug:code>/add-group/", staff.add_group, name="add_group"),
            path("runs/<slug:code>/resize/", staff.resize, name="resize"),
            path("merge/", staff_merge.merge, name="merge"),
            path("runs/<slug:code>/people.csv", staff.export, name="export"),
            path("runs/<slug:code>/rules/", staff_rules.rules, name="rules"),
            path("runs/<slug:code>/share/", staff_rules.share, name="share"),
            path("runs/<slug:code>/cancel/", staff_rules.close, name="cancel_run"),
            path("runs/<slug:code>/import/", staff_import.import_file, name="import"),
            path("runs/<slug:code>/import.csv", staff_import.sample, name="import_sample"),
            path(
                "runs/<slug:code>/applications/",
                staff_applications.applications,
                name="applications",
            ),
        ]


class BookingViewSet(ReadOnlyViewSet):
    model = Booking
    name = "bookings"
    see = "enrollment.see"
    icon = "form"
    menu_label = gettext_lazy("Bookings")
    related = ["booked_by", "run", "company"]
    inspect_view_class = staff_facts.BookingFacts
    inspect_view_fields = [
        "run",
        "booked_by",
        "company",
        "workplace",
        "region",
        "reference",
        "cancellation",
        "language",
        "terms_accepted_at",
        "created_at",
    ]
    list_display = [
        TitleColumn("__str__", get_url=lambda row: reverse("bookings:inspect", args=[row.pk])),
        Column(
            "booked_by",
            label=pgettext_lazy("enrolment", "Booked by"),
            accessor=lambda row: row.booked_by or _("Form is open"),
        ),
        Column("company", label=gettext_lazy("Company"), accessor=lambda b: company_name(b) or "–"),
        run_column(lambda row: row.run),
        DateColumn("created_at", label=gettext_lazy("Booked")),
    ]
    list_filter = ["run", "language"]
    search_fields = ["booked_by__last_name", "booked_by__email", "company_name", "run__code"]


class WaitingEntryViewSet(ReadOnlyViewSet):
    model = WaitingEntry
    name = "waiting_list"
    see = "enrollment.see"
    icon = "time"
    menu_label = gettext_lazy("Waiting list")
    related = ["person", "run", "company"]
    inspect_view_class = staff_facts.WaitingFacts
    inspect_view_fields = [
        "run",
        "person",
        "company",
        "region",
        "status",
        "wanted",
        "at_least",
        "created_at",
    ]
    list_display = [
        TitleColumn(
            "person",
            label=gettext_lazy("Person"),
            get_url=lambda row: reverse("waiting_list:inspect", args=[row.pk]),
        ),
        Column("company", label=gettext_lazy("Company"), accessor=lambda w: company_name(w) or "–"),
        run_column(lambda row: row.run),
        Column("get_status_display", label=gettext_lazy("Status")),
        Column("wanted", label=gettext_lazy("Places")),
        DateColumn("created_at", label=gettext_lazy("Joined")),
    ]
    list_filter = ["status", "run"]
    search_fields = ["person__last_name", "person__email", "run__code"]


class ApplicationViewSet(ReadOnlyViewSet):
    """All applications; a run's own page judges and decides them."""

    model = Application
    name = "applications"
    see = "enrollment.see"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Applications")
    related = ["booking__run", "booking__company", "booking__booked_by"]
    inspect_view_class = staff_facts.ApplicationFacts
    inspect_view_fields = ["booking", "motivation", "score", "note", "shortlisted_at"]
    list_display = [
        TitleColumn("__str__", get_url=lambda row: reverse("applications:inspect", args=[row.pk])),
        Column(
            "company",
            label=gettext_lazy("Company"),
            accessor=lambda row: company_name(row.booking) or "–",
        ),
        Column("booking.booked_by", label=pgettext_lazy("enrolment", "Booked by")),
        run_column(lambda row: row.booking.run),
        Column("score", label=gettext_lazy("Score"), accessor=_or_dash("score")),
        DateColumn("shortlisted_at", label=gettext_lazy("Shortlisted")),
    ]
    list_filter = ["booking__run"]
    search_fields = ["booking__company_name", "booking__run__code"]


def _steps(policy: CancellationPolicy) -> str:
    steps = sorted(policy.steps.all(), key=lambda step: step.days, reverse=True)
    return "; ".join(_step(step) for step in steps) or _("cancelling is always free")


def _step(step: CancellationStep) -> str:
    words = {"days": step.days, "percent": step.percent, "fee": formats.money(step.fee_ore)}
    if step.percent and step.fee_ore:
        return _("fewer than %(days)s days before: %(percent)s %% and %(fee)s") % words
    if step.fee_ore:
        return _("fewer than %(days)s days before: %(fee)s") % words
    return _("fewer than %(days)s days before: %(percent)s %%") % words


class TermsIndexView(VisibleIndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("steps")

    @cached_property
    def header_buttons(self):
        if not can(self.request.user, "enrollment.terms"):
            return super().header_buttons
        new = HeaderButton(_("New terms"), url=reverse("cancellation_terms:new"), icon_name="plus")
        return [*super().header_buttons, new]


class CancellationPolicyViewSet(ReadOnlyViewSet):
    """Made and changed by pages of our own: terms that somebody has booked under are copied instead."""

    model = CancellationPolicy
    name = "cancellation_terms"
    see = "enrollment.see"
    icon = "doc-full"
    menu_label = gettext_lazy("Cancellation terms")
    index_view_class = TermsIndexView
    inspect_view_fields = ["name_sv", "name_en", "substitutes"]
    list_display = [
        TitleColumn(
            "__str__",
            label=gettext_lazy("Name"),
            get_url=lambda row: reverse("cancellation_terms:write", args=[row.pk]),
        ),
        Column(
            "substitutes",
            label=gettext_lazy("A colleague may take the place"),
            accessor=lambda row: _("Yes") if row.substitutes else _("No"),
        ),
        Column("steps", label=gettext_lazy("Steps"), accessor=_steps),
    ]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("write/", staff_rules.terms, name="new"),
            path("<int:pk>/write/", staff_rules.terms, name="write"),
        ]


training_viewsets = [
    EnrollmentViewSet,
    BookingViewSet,
    WaitingEntryViewSet,
    ApplicationViewSet,
    CancellationPolicyViewSet,
    *companies,
]
