from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet):
    def unsent(self):
        return self.filter(sent_at=None, parked_at=None)

    def due(self, now):
        return self.unsent().filter(due_at__lte=now)


class OutgoingMail(models.Model):
    """One mail to one person, written in the transaction of the act it tells about.

    Sent by the worker, tried again with growing pauses, parked for staff when it cannot be delivered.
    `dedupe_key` makes an act's mail unique however often the act is repeated. While `facts` is set, the
    words are still to be rendered (`messaging.words`).
    """

    wagtail_reference_index_ignore = True

    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    to_address = models.EmailField(_("to"))
    language = models.CharField(max_length=2)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    facts = models.JSONField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    parked_at = models.DateTimeField(null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at=None, parked_at=None),
                name="messaging_mail_unsent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
