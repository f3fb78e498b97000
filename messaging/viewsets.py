"""Outgoing mails in the admin: read, and send a parked one again."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn

from accounts.admin import ReadOnlyViewSet, VisibleInspectView, visible_or_404
from accounts.policy import guard

from .delivery import retry
from .models import OutgoingMail
from .words import fill


class MailInspectView(VisibleInspectView):
    template_name = "messaging/mail_inspect.html"

    def get_object(self, *args, **kwargs):
        return fill(super().get_object(*args, **kwargs))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.object.parked_at:
            context["retry_url"] = reverse("outgoing_mails:retry", args=[self.object.pk])
        return context


@guard("messaging.mails")
@require_POST
def retry_view(request, pk):
    mail = visible_or_404(request.user, OutgoingMail, pk=pk)
    retry(mail=mail, actor=request.user, now=timezone.now())
    messages.success(request, _("The mail is sent again within a minute."))
    return redirect("outgoing_mails:inspect", pk)


class OutgoingMailViewSet(ReadOnlyViewSet):
    model = OutgoingMail
    name = "outgoing_mails"
    url_prefix = "outgoing-mails"
    menu_label = _("Outgoing mails")
    icon = "mail"
    see = "messaging.mails"
    list_display = [
        "kind",
        Column("recipient", label=_("To")),
        "subject",
        DateColumn("created_at", label=_("Written")),
        DateColumn("sent_at", label=_("Sent")),
        DateColumn("parked_at", label=_("Parked")),
    ]
    list_filter = ["kind", "sent_at", "parked_at"]
    inspect_view_class = MailInspectView
    inspect_view_fields = [
        "kind",
        "to_address",
        "language",
        "subject",
        "text",
        "created_at",
        "attempts",
        "sent_at",
        "parked_at",
        "last_error",
    ]

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/retry/", retry_view, name="retry")]


training_viewsets = [OutgoingMailViewSet]
