"""Issue, print, revoke and replace certificates: the one door to a certificate's status.

Issuing writes the snapshot, number and code and leaves the printing to the worker, so that no page view
ever renders a PDF. The holder's mail goes out with the stored file, in one transaction.
"""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from enrollment.completion.models import Completion
from messaging import outbox

from . import facts
from .codes import new_code
from .models import Certificate, CertificateFile, CertificateSeries
from .page import certificate_html, verification_address
from .pdf import render_pdf


class NotDecided(Exception):
    """There is no decision yet that earns a certificate (R-CERT-03)."""


class NotValid(Exception):
    """The certificate is no longer valid, so it cannot be revoked or replaced."""


@transaction.atomic
def issue(*, completion: Completion, actor, now: datetime) -> Certificate:
    """Issue the certificate that a decided completion earns, and have it printed and mailed.

    Idempotent per enrolment and kind: the same again returns the one that stands, revoked or not.
    Raises NotDecided, or `facts.TooLong` when the content does not fit the page.
    """
    completion = (
        Completion.objects.select_for_update(of=("self",))
        .select_related("enrollment__run__course", "enrollment__person", "enrollment__booking")
        .get(pk=completion.pk)
    )
    kind = facts.kind_for(completion)
    if kind is None or completion.decided_at is None:
        raise NotDecided(completion.pk)
    standing = (
        Certificate.objects.current().filter(enrollment=completion.enrollment, kind=kind).first()
    )
    if standing is not None:
        return standing
    return _write(completion=completion, kind=kind, replaces=None, actor=actor, now=now)


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, actor, now: datetime) -> Certificate:
    """Withdraw a certificate; its page tells everybody so, with the reason. Revoking twice changes nothing.

    `reason` is a Certificate.Reason. Raises NotValid for a replaced one, ValueError for an unknown reason.
    """
    certificate = _locked(certificate)
    if certificate.status == Certificate.Status.REVOKED:
        return certificate
    _end(certificate, Certificate.Status.REVOKED, reason=reason, actor=actor, now=now)
    outbox.put(
        kind="certificate_revoked",
        dedupe_key=f"certificate-revoked:{certificate.pk}",
        to=_holder(certificate),
        context={"certificate": certificate, "address": verification_address(certificate)},
        now=now,
    )
    return certificate


@transaction.atomic
def replace(*, certificate: Certificate, reason: str, actor, now: datetime) -> Certificate:
    """Issue a corrected certificate from today's facts; the old one says that it was replaced.

    A revoked certificate may be replaced as well: its holder then has a valid one again. Raises NotValid
    for one already replaced, ValueError for an unknown reason, `facts.TooLong`.
    """
    certificate = _locked(certificate)
    if certificate.status == Certificate.Status.REVOKED:
        reason = certificate.reason
    _end(certificate, Certificate.Status.REPLACED, reason=reason, actor=actor, now=now)
    return _write(
        completion=certificate.completion,
        kind=certificate.kind,
        replaces=certificate,
        actor=actor,
        now=now,
    )


def store_file(*, certificate_id: int, now: datetime) -> CertificateFile:
    """Print a certificate and store its bytes with their SHA-256, once; the holder gets the link.

    Called again it returns the stored file and renders nothing. Raises `pdf.PdfError`.
    """
    certificate = Certificate.objects.select_related("enrollment__person", "replaces").get(
        pk=certificate_id
    )
    stored = CertificateFile.objects.filter(pk=certificate_id).first()
    if stored is not None:
        return stored
    pdf = render_pdf(certificate_html(certificate))
    with transaction.atomic():
        stored, made = CertificateFile.objects.get_or_create(
            certificate=certificate,
            defaults={"pdf": pdf, "sha256": hashlib.sha256(pdf).hexdigest(), "stored_at": now},
        )
        if made:
            record("certificates.store", certificate, data={"sha256": stored.sha256})
            outbox.put(
                kind="certificate_issued",
                dedupe_key=f"certificate-issued:{certificate.pk}",
                to=_holder(certificate),
                context={"certificate": certificate, "address": verification_address(certificate)},
                now=now,
            )
    return stored


@transaction.atomic
def choose_name_shown(*, certificate: Certificate, show: bool, actor) -> None:
    """The holder decides whether the verification page shows the full name or initials only."""
    certificate = _locked(certificate)
    if certificate.show_name != show:
        certificate.show_name = show
        certificate.save(update_fields=["show_name"])
        record("certificates.show_name", certificate, actor=actor, data={"show": show})


def _write(*, completion, kind: str, replaces, actor, now: datetime) -> Certificate:
    from .tasks import store_certificate_file

    certificate = Certificate.objects.create(
        enrollment=completion.enrollment,
        completion=completion,
        kind=kind,
        number=_next_number(timezone.localtime(now).year),
        code=new_code(),
        language=completion.enrollment.person.language,
        facts=facts.take(completion),
        issued_at=now,
        replaces=replaces,
        show_name=replaces.show_name if replaces else False,
    )
    record(
        "certificates.issue",
        certificate,
        actor=actor,
        data={"number": certificate.number, "replaces": replaces.number if replaces else None},
    )
    store_certificate_file.enqueue(certificate_id=certificate.pk)
    return certificate


def _next_number(year: int) -> str:
    CertificateSeries.objects.get_or_create(year=year)
    series = CertificateSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"FI-{year}-{series.last:06d}"


def _locked(certificate: Certificate) -> Certificate:
    return (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("completion", "enrollment__person")
        .get(pk=certificate.pk)
    )


def _holder(certificate: Certificate) -> User:
    person = certificate.enrollment.person
    assert person is not None  # a result is decided for a named participant only
    return person


def _end(certificate: Certificate, status: str, *, reason: str, actor, now: datetime) -> None:
    if certificate.status == Certificate.Status.REPLACED:
        raise NotValid(certificate.number)
    if reason not in Certificate.Reason.values:
        raise ValueError(f"unknown reason {reason!r}")
    before = certificate.status
    certificate.status, certificate.reason, certificate.ended_at = status, reason, now
    certificate.save(update_fields=["status", "reason", "ended_at"])
    record(
        f"certificates.{'revoke' if status == Certificate.Status.REVOKED else 'replace'}",
        certificate,
        actor=actor,
        data={"from": before, "to": str(status), "reason": reason},
    )
