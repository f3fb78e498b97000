"""Companies in the admin: to look at; who acts for them is approved here, domain and size are noted."""

from django.urls import path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.admin import ReadOnlyViewSet, VisibleIndexView
from accounts.policy import can, visible

from .companies import like_words, shown_number
from .company_rules import domain_words
from .memberships import ACTING, waiting
from .models import Booking, Company
from .views import staff_company
from .views.staff_facts import FactsView


class CompanyInspectView(FactsView):
    """The number is shown as the reader may see it. Who asks to act for the company stands first."""

    template_name = "enrollment/admin/company.html"

    def get_field_display_value(self, field_name, field):
        if field_name == "registration_number":
            return shown_number(self.object, to=self.request.user)
        return super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs):
        members = list(
            self.object.memberships.select_related("user", "verified_by", "invited_by").order_by(
                "user__last_name", "pk"
            )
        )
        asking = set(waiting().filter(company=self.object).values_list("pk", flat=True))
        valid = self.object.memberships.valid(localdate()).values_list("pk", flat=True)
        counting = set(valid)
        for member in members:
            member.company = self.object
            member.asks = member.pk in asking
            member.counts = member.pk in counting
            member.may_decide = can(self.request.user, "enrollment.verify", member)
            member.domain_words = domain_words(member)
        members.sort(key=lambda member: (not member.asks, not member.counts))
        bookings = visible(self.request.user, Booking).filter(company=self.object)
        return {
            **super().get_context_data(**kwargs),
            "company": self.object,
            "acting": [m for m in members if m.role in ACTING],
            "employees": [m for m in members if m.role not in ACTING],
            "bookings": bookings.exclude(booked_by=None).select_related("booked_by", "run")[:50],
            "workplaces": self.object.workplaces.select_related("municipality__region"),
            "may_merge": can(self.request.user, "enrollment.merge"),
        }


class CompanyIndexView(VisibleIndexView):
    def search_queryset(self, queryset):
        """By name, and by number with or without its hyphen."""
        return queryset.filter(like_words(self.search_query)) if self.is_searching else queryset


class CompanyViewSet(ReadOnlyViewSet):
    model = Company
    name = "companies"
    see = "enrollment.companies"
    icon = "home"
    menu_label = gettext_lazy("Companies")
    index_view_class = CompanyIndexView
    inspect_view_class = CompanyInspectView
    inspect_view_fields = [
        "name",
        "country",
        "registration_number",
        "email_domain",
        "size",
        "size_declared_at",
        "made_at",
    ]
    list_display = [
        TitleColumn(
            "name",
            label=gettext_lazy("Name"),
            get_url=lambda row: reverse("companies:inspect", args=[row.pk]),
        ),
        Column(
            "registration_number",
            label=gettext_lazy("Company registration number"),
            accessor=shown_number,
        ),
        Column(
            "size", label=gettext_lazy("Size"), accessor=lambda row: row.get_size_display() or "–"
        ),
        Column(
            "email_domain",
            label=gettext_lazy("E-mail domain"),
            accessor=lambda row: row.email_domain or "–",
        ),
    ]
    list_filter = ["country", "size"]
    search_fields = ["name", "email_domain"]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/describe/", staff_company.describe, name="describe"),
            path("<int:pk>/signatory/", staff_company.signatory, name="signatory"),
            path("<int:pk>/merge/", staff_company.merge, name="merge"),
            path("memberships/<int:pk>/", staff_company.decide, name="decide"),
        ]


training_viewsets = [CompanyViewSet]
