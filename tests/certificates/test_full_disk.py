"""The disk is full (D30): booking goes on, no half file is kept, and the certificate is printed later."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from certificates.issue import store_file
from certificates.models import CertificateFile
from certificates.pdf import PdfError
from enrollment.status import Status
from tests.certificates.factories import make_certificate
from tests.enrollment.factories import make_booking, make_open_run

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@contextmanager
def no_byte_left() -> Iterator[None]:
    """Files of this process and its children cannot grow; what is sent to a database server can."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_blocks_no_booking_and_leaves_no_half_certificate(now):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's own file stands on the disk")
    certificate, run = make_certificate(now=now, stored=False), make_open_run(now=now)
    with no_byte_left():
        booked = make_booking(now=now, run=run).enrollments.get()
        try:
            store_file(certificate_id=certificate.pk, now=now)
        except (PdfError, OSError):
            assert not CertificateFile.objects.exists()
    assert booked.status == Status.CONFIRMED
    stored = store_file(certificate_id=certificate.pk, now=now)
    assert bytes(stored.pdf).startswith(b"%PDF")
    assert CertificateFile.objects.count() == 1
