"""Companies in the admin: to look at; who acts for them is approved here, domain and size are noted."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.admin import ReadOnlyViewSet, VisibleInspectView
from accounts.policy import can

from .companies import shown_number
from .company_rules import domain_words
from .forms.staff_company import DescribeForm
from .memberships import waiting
from .models import Company
from .views import staff_company


class CompanyInspectView(VisibleInspectView):
    """The number is shown as the reader may see it."""

    template_name = "enrollment/admin/company.html"

    def get_field_display_value(self, field_name, field):
        if field_name == "registration_number":
            return shown_number(self.object, to=self.request.user)
        return super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs):
        members = list(
            self.object.memberships.select_related("user", "verified_by", "invited_by").order_by(
                "role", "user__last_name", "pk"
            )
        )
        asking = set(waiting().filter(company=self.object).values_list("pk", flat=True))
        for member in members:
            member.company = self.object
            member.asks = member.pk in asking
            member.may_decide = can(self.request.user, "enrollment.verify", member)
            member.domain_words = domain_words(member)
        return {
            **super().get_context_data(**kwargs),
            "company": self.object,
            "members": members,
            "workplaces": self.object.workplaces.select_related("municipality__region"),
            "form": DescribeForm(
                initial={"email_domain": self.object.email_domain, "size": self.object.size}
            ),
        }


class CompanyViewSet(ReadOnlyViewSet):
    model = Company
    name = "companies"
    see = "enrollment.companies"
    icon = "home"
    menu_label = gettext_lazy("Companies")
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
        TitleColumn("name", get_url=lambda row: reverse("companies:inspect", args=[row.pk])),
        Column(
            "registration_number",
            label=gettext_lazy("Company registration number"),
            accessor=shown_number,
        ),
        Column("get_size_display", label=gettext_lazy("Size")),
        Column("email_domain", label=gettext_lazy("E-mail domain")),
    ]
    list_filter = ["country", "size"]
    search_fields = ["name", "email_domain"]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/describe/", staff_company.describe, name="describe"),
            path("memberships/<int:pk>/", staff_company.decide, name="decide"),
        ]


training_viewsets = [CompanyViewSet]
