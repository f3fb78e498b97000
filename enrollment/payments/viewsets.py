"""Orders, payments and the provider's events in the admin: to read, and to ask the provider anew."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.admin import ReadOnlyViewSet, VisibleInspectView, visible_or_404
from accounts.policy import guard
from home.formats import money

from . import fulfil, handling, provider
from .models import Order, Payment, WebhookEvent


@require_POST
@guard("payments.handle")
def refresh_view(request, pk):
    payment = visible_or_404(request.user, Payment, pk=pk)
    try:
        fulfil.refresh(payment=payment, now=timezone.now())
    except provider.ProviderError:
        messages.error(request, _("The payment service does not answer. Try again in a moment."))
    else:
        status = payment.get_status_display()
        messages.success(request, _("The payment service says: %(status)s") % {"status": status})
    return redirect("payments:inspect", payment.pk)


@require_POST
@guard("payments.handle")
def handled_view(request, pk):
    payment = visible_or_404(request.user, Payment, pk=pk)
    handling.mark_handled(payment=payment, actor=request.user, now=timezone.now())
    messages.success(request, _("Marked as handled."))
    return redirect("payments:inspect", payment.pk)


class PaymentInspectView(VisibleInspectView):
    template_name = "payments/admin/inspect.html"

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "payment": self.object,
            "refunds": self.object.refunds.all(),
        }


def title_column(viewset: str, label, *, accessor=str) -> TitleColumn:
    """The first column of a list: what the row is called, and the way to its page."""
    return TitleColumn(
        "pk",
        label=label,
        accessor=accessor,
        get_url=lambda row: reverse(f"{viewset}:inspect", args=[row.pk]),
    )


def amount_column(field: str, label) -> Column:
    """A sum in öre, told in kronor."""
    return Column(field, label=label, accessor=lambda row: money(getattr(row, field)))


class OrderViewSet(ReadOnlyViewSet):
    model = Order
    name = "orders"
    see = "payments.see"
    icon = "doc-full"
    menu_label = gettext_lazy("Orders")
    related = ["booking__run", "seller"]
    inspect_view_fields = [
        "booking",
        "seller",
        "quantity",
        "list_price_ore",
        "unit_price_ore",
        "vat_percent",
        "net_ore",
        "vat_ore",
        "total_ore",
        "created_at",
        "paid_at",
    ]
    list_display = [
        title_column("orders", gettext_lazy("Order")),
        Column("booking.run.code", label=gettext_lazy("Run")),
        Column("seller", label=gettext_lazy("Seller")),
        amount_column("total_ore", gettext_lazy("To pay")),
        Column("created_at", label=gettext_lazy("Ordered")),
        Column("paid_at", label=gettext_lazy("Paid")),
    ]
    list_filter = ["seller"]


class PaymentViewSet(ReadOnlyViewSet):
    model = Payment
    name = "payments"
    see = "payments.see"
    icon = "tick-inverse"
    menu_label = gettext_lazy("Payments")
    related = ["order__booking__run"]
    inspect_view_class = PaymentInspectView
    inspect_view_fields = [
        "order",
        "attempt",
        "status",
        "problem",
        "amount_ore",
        "received_ore",
        "provider_ref",
        "intent_ref",
        "created_at",
        "expires_at",
        "settled_at",
        "handled_at",
    ]
    list_display = [
        title_column("payments", gettext_lazy("Payment")),
        Column("order.booking.run.code", label=gettext_lazy("Run")),
        amount_column("amount_ore", gettext_lazy("Amount")),
        Column("get_status_display", label=gettext_lazy("Status")),
        Column("get_problem_display", label=gettext_lazy("Problem")),
        Column("created_at", label=gettext_lazy("Begun")),
    ]
    list_filter = ["status", "problem"]
    search_fields = ["provider_ref", "order__booking__run__code"]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/refresh/", refresh_view, name="refresh"),
            path("<int:pk>/handled/", handled_view, name="handled"),
        ]


class EventViewSet(ReadOnlyViewSet):
    model = WebhookEvent
    name = "payment_events"
    see = "payments.events"
    icon = "mail"
    menu_label = gettext_lazy("Payment messages")
    inspect_view_fields = [
        "stripe_id",
        "type",
        "object_id",
        "received_at",
        "processed_at",
        "attempts",
        "error",
    ]
    list_display = [
        title_column("payment_events", gettext_lazy("Message"), accessor="stripe_id"),
        Column("type", label=gettext_lazy("Type")),
        Column("received_at", label=gettext_lazy("Received")),
        Column("processed_at", label=gettext_lazy("Processed")),
        Column("error", label=gettext_lazy("Error")),
    ]
    list_filter = ["type"]


training_viewsets = [OrderViewSet, PaymentViewSet, EventViewSet]
