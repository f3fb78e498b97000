import hashlib
from datetime import timedelta

import pytest
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from certificates.batch import preview
from certificates.facts import TooLong
from certificates.issue import NotDecided, NotValid, issue, replace, revoke, store_file
from certificates.models import Certificate, CertificateFile
from courses.models import LearningOutcome
from messaging.models import OutgoingMail
from tests.certificates.factories import make_certificate, make_decided

pytestmark = pytest.mark.django_db
Reason = Certificate.Reason
Status = Certificate.Status


def test_issue_gives_number_code_and_snapshot(now):
    certificate = make_certificate(now=now, stored=False)
    assert certificate.number.startswith(f"FI-{certificate.issued_at.year}")
    assert certificate.number.endswith("-000001")
    assert len(certificate.code) == 20
    assert certificate.kind == Certificate.Kind.COURSE
    assert certificate.facts["attended_minutes"] == certificate.facts["scheduled_minutes"] == 240
    assert certificate.facts["holder"] == certificate.enrollment.person.get_full_name()


def test_issue_twice_is_one_certificate(now):
    (completion,) = make_decided(now=now)
    first = issue(completion=completion, actor=None, now=now)
    assert issue(completion=completion, actor=None, now=now) == first
    assert Certificate.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="certificates.issue").count() == 1


def test_numbers_follow_each_other_without_gaps(now):
    numbers = [
        issue(completion=completion, actor=None, now=now).number
        for completion in make_decided(now=now, choices=("present", "present", "present"))
    ]
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]


@pytest.mark.parametrize("choice", ["left", "absent"])
def test_issue_needs_a_result_that_earns_it(now, choice):
    (completion,) = make_decided(now=now, choices=(choice,))
    with pytest.raises(NotDecided):
        issue(completion=completion, actor=None, now=now)
    assert not Certificate.objects.exists()


def test_issue_refuses_content_that_does_not_fit(now):
    (completion,) = make_decided(now=now)
    LearningOutcome.objects.create(
        course=completion.enrollment.run.course, order=1, text_sv="x" * 53, text_en="x"
    )
    with pytest.raises(TooLong) as refused:
        issue(completion=completion, actor=None, now=now)
    assert (refused.value.field, refused.value.limit) == ("outcomes", 52)
    assert not Certificate.objects.exists()
    (line,) = preview(run=completion.enrollment.run)
    assert not line.ready
    assert line.problem == "För långt för sidan: läranderesultat, högst 52."
    with translation.override("en"):
        assert refused.value.message == "Too long for the page: learning outcome, at most 52."


def test_issue_leaves_the_printing_to_the_worker(now):
    certificate = make_certificate(now=now, stored=False)
    assert not CertificateFile.objects.exists()
    task = DBTaskResult.objects.get(task_path="certificates.tasks.store_certificate_file")
    assert task.args_kwargs["kwargs"] == {"certificate_id": certificate.pk}


def test_stored_bytes_have_their_hash_and_stay(now):
    certificate = make_certificate(now=now)
    stored = CertificateFile.objects.get(certificate=certificate)
    assert stored.sha256 == hashlib.sha256(bytes(stored.pdf)).hexdigest()
    again = store_file(certificate_id=certificate.pk, now=now + timedelta(days=1))
    assert bytes(again.pdf) == bytes(stored.pdf)
    assert again.stored_at == stored.stored_at


def test_holder_gets_one_mail_with_the_links_in_their_language(now):
    certificate = make_certificate(now=now)
    store_file(certificate_id=certificate.pk, now=now)
    mail = OutgoingMail.objects.get(kind="certificate_issued")
    assert mail.recipient == certificate.enrollment.person
    assert mail.subject == "Ditt intyg: Uppkopplade produkter"
    assert f"/v/{certificate.code}" in mail.text
    assert "/sv/my/#certificates" in mail.text
    assert f"/v/{certificate.code}" in mail.html


def test_revoke_says_why_and_happens_once(now):
    certificate = make_certificate(now=now)
    revoke(certificate=certificate, reason=Reason.EVIDENCE, actor=None, now=now)
    revoke(certificate=certificate, reason=Reason.HOLDER, actor=None, now=now)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.reason) == (Status.REVOKED, Reason.EVIDENCE)
    assert ModelLogEntry.objects.filter(action="certificates.revoke").count() == 1
    assert OutgoingMail.objects.filter(kind="certificate_revoked").count() == 1


@pytest.mark.parametrize("reason", ["", "because"])
def test_revoke_needs_a_known_reason(now, reason):
    certificate = make_certificate(now=now, stored=False)
    with pytest.raises(ValueError, match="unknown reason"):
        revoke(certificate=certificate, reason=reason, actor=None, now=now)
    certificate.refresh_from_db()
    assert certificate.status == Status.VALID


def test_replace_makes_a_chain_and_keeps_the_old_file(now):
    old = make_certificate(now=now)
    before = bytes(old.file.pdf)
    person = old.enrollment.person
    person.last_name = "Rättad"
    person.save()
    new = replace(certificate=old, reason=Reason.WRONG_DETAILS, actor=None, now=now)
    old.refresh_from_db()
    assert old.status == Status.REPLACED
    assert new.replaces == old
    assert old.replaced_by == new
    assert "Rättad" in new.facts["holder"]
    assert "Rättad" not in old.facts["holder"]
    assert bytes(CertificateFile.objects.get(certificate=old).pdf) == before
    with pytest.raises(NotValid):
        revoke(certificate=old, reason=Reason.HOLDER, actor=None, now=now)
    with pytest.raises(NotValid):
        replace(certificate=old, reason=Reason.HOLDER, actor=None, now=now)


def test_revoked_is_not_issued_again_but_may_be_replaced(now):
    old = make_certificate(now=now, stored=False)
    revoke(certificate=old, reason=Reason.ISSUED_IN_ERROR, actor=None, now=now)
    assert issue(completion=old.completion, actor=None, now=now).status == Status.REVOKED
    new = replace(certificate=old, reason=Reason.HOLDER, actor=None, now=now)
    assert new.status == Status.VALID


def test_preview_names_who_gets_what(now):
    rows = make_decided(now=now, choices=("present", "left", "absent"))
    issue(completion=rows[0], actor=None, now=now)
    lines = {line.completion.pk: line for line in preview(run=rows[0].enrollment.run)}
    assert lines[rows[0].pk].standing is not None
    assert not any(line.ready for line in lines.values())


def test_preview_takes_the_same_queries_for_one_and_three_with_certificates(
    now, django_assert_num_queries
):
    for count in (1, 3):
        rows = make_decided(now=now, choices=("absent",) * count)
        run = rows[0].enrollment.run
        with django_assert_num_queries(2):
            preview(run=run)
