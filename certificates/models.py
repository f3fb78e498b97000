import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CertificateSeries(models.Model):
    """The last number given out in a year; its row is locked while a number is taken."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.year)


class CertificateQuerySet(models.QuerySet):
    def current(self):
        """Everything but what a newer certificate replaced."""
        return self.exclude(status=Certificate.Status.REPLACED)

    def unprinted(self):
        return self.filter(file=None)


class Certificate(models.Model):
    """Proof of a decided completion. `facts` is what is printed, a snapshot that never changes; a
    correction is a new certificate that replaces this one (R-CERT-01…03). Changed by
    `certificates.issue` alone."""

    class Kind(models.TextChoices):
        COURSE = "course", _("Course certificate")
        ATTENDANCE = "attendance", _("Certificate of attendance")

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        REPLACED = "replaced", _("Replaced")
        REVOKED = "revoked", _("Revoked")

    class Reason(models.TextChoices):
        """Why a certificate was revoked or replaced, as the verification page says it."""

        WRONG_DETAILS = "wrong_details", _("It contained wrong details.")
        ISSUED_IN_ERROR = "issued_in_error", _("It was issued in error.")
        EVIDENCE = "evidence", _("The evidence it rests on has been corrected.")
        HOLDER = "holder", _("The holder asked for it.")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(
        "enrollment.Enrollment", on_delete=models.PROTECT, related_name="certificates"
    )
    completion = models.ForeignKey(
        "completion.Completion", on_delete=models.PROTECT, related_name="certificates"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.CharField(_("number"), max_length=20, unique=True)
    code = models.CharField(_("verification code"), max_length=20, unique=True, editable=False)
    language = models.CharField(max_length=2)
    facts = models.JSONField(editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.VALID)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    show_name = models.BooleanField(
        _("show my full name to whoever checks the certificate"), default=False
    )
    issued_at = models.DateTimeField(_("issued"))
    ended_at = models.DateTimeField(_("revoked or replaced"), null=True)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "kind"],
                condition=~Q(status="replaced"),
                name="certificates_one_current",
            ),
            models.CheckConstraint(
                condition=Q(status="valid", ended_at=None)
                | (~Q(status="valid") & ~Q(reason="") & Q(ended_at__isnull=False)),
                name="certificates_end_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def spaced_code(self) -> str:
        """The code in groups of four, as it is printed and read out."""
        return "-".join(self.code[i : i + 4] for i in range(0, len(self.code), 4))

    @property
    def initials(self) -> str:
        return " ".join(f"{part[0]}." for part in self.facts["holder"].split() if part)


class CertificateFile(models.Model):
    """The stored bytes: the proof itself. Written once, never rendered again (R-CERT-02). They live in the
    database so that they share the certificate's transaction and its backup."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="file", primary_key=True
    )
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256
