import pytest
from django.urls import reverse

from accounts.policy import visible
from accounts.registries import worklist
from accounts.roles import Role, grant_role
from certificates.issue import issue, replace, revoke
from certificates.models import Certificate
from config.baseline import ensure_roles
from tests.accounts.factories import make_user
from tests.certificates.factories import make_certificate, make_decided

pytestmark = pytest.mark.django_db


def test_check_page_says_valid_with_initials_only(client, now):
    certificate = make_certificate(now=now)
    response = client.get(f"/v/{certificate.code}", headers={"accept-language": "sv"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Intyget är giltigt" in page
    assert certificate.initials in page
    assert certificate.facts["holder"] not in page
    assert certificate.enrollment.person.email not in page
    assert certificate.file.sha256 in page
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "no-store"


def test_check_page_speaks_the_readers_language(client, now):
    certificate = make_certificate(now=now)
    address = f"/v/{certificate.code}"
    assert (
        "The certificate is valid"
        in client.get(address, headers={"accept-language": "en-GB"}).content.decode()
    )
    page = client.get(f"{address}?lang=en", headers={"accept-language": "sv"}).content.decode()
    assert "The certificate is valid" in page
    assert '<html lang="en">' in page


def test_check_page_takes_the_code_as_people_write_it(client, now):
    certificate = make_certificate(now=now)
    assert client.get(f"/v/{certificate.spaced_code.lower()}").status_code == 200


def test_check_page_tells_revoked_and_why(client, now):
    certificate = make_certificate(now=now)
    revoke(certificate=certificate, reason="evidence", actor=None, now=now)
    page = client.get(f"/v/{certificate.code}?lang=sv").content.decode()
    assert "Intyget är återkallat" in page
    assert "Underlaget som det bygger på har rättats." in page
    page = client.get(f"/v/{certificate.code}?lang=en").content.decode()
    assert "The evidence it rests on has been corrected." in page
    assert "giltigt" not in page


def test_check_page_leads_to_the_newer_one(client, now):
    old = make_certificate(now=now)
    new = replace(certificate=old, reason="wrong_details", actor=None, now=now)
    page = client.get(f"/v/{old.code}?lang=sv").content.decode()
    assert "ersatts av ett nyare" in page
    assert f"/v/{new.code}" in page


@pytest.mark.parametrize("code", ["0" * 20, "nonsense", "%00", "a" * 3000, "../../etc/passwd"])
def test_unknown_code_is_an_own_404_with_the_form(client, code):
    response = client.get(f"/v/{code}")
    assert response.status_code == 404
    if "/" not in code:
        assert 'name="code"' in response.content.decode()


def test_json_answers_machines(client, now):
    certificate = make_certificate(now=now)
    answer = client.get(f"/v/{certificate.code}.json").json()
    assert answer["status"] == "valid"
    assert answer["number"] == certificate.number
    assert answer["holder"] == certificate.initials
    assert answer["sha256"] == certificate.file.sha256
    assert answer["reason"] is None
    revoke(certificate=certificate, reason="holder", actor=None, now=now)
    answer = client.get(f"/v/{certificate.code}.json").json()
    assert answer["status"] == "revoked"
    assert answer["reason"]["sv"] == "Innehavaren bad om det."
    assert answer["reason"]["en"] == "The holder asked for it."
    unknown = client.get(f"/v/{'0' * 20}.json")
    assert (unknown.status_code, unknown.json()) == (404, {"error": "unknown certificate"})


def test_form_leads_to_the_page_and_keeps_what_was_typed(client):
    response = client.get("/v/", {"code": "k7qm-4t9x-2hvd-8rwc-p3n0"})
    assert response["Location"] == "/v/K7QM4T9X2HVD8RWCP3N0"
    response = client.get("/v/", {"code": "K7QM <b>", "lang": "sv"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "<title>Fel:" in page
    assert 'value="K7QM &lt;b&gt;"' in page
    assert page.count("Koden har 20 bokstäver och siffror.") == 2


def test_checks_are_rate_limited(client, now):
    certificate = make_certificate(now=now, stored=False)
    statuses = [client.get(f"/v/{certificate.code}").status_code for _ in range(62)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_download_is_the_holders_alone(client, now):
    certificate = make_certificate(now=now)
    address = reverse("certificate_download", args=[certificate.public_id])
    assert client.get(address).status_code == 302
    for stranger in (make_user(), make_user(role=Role.COORDINATOR), make_user(role=Role.ADMIN)):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    client.force_login(certificate.enrollment.person)
    response = client.get(address)
    assert response.content == bytes(certificate.file.pdf)
    assert response["Content-Disposition"] == f'attachment; filename="{certificate.number}.pdf"'
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_holder_may_show_the_full_name(client, now):
    certificate = make_certificate(now=now)
    address = reverse("certificate_show_name", args=[certificate.public_id])
    client.force_login(make_user())
    assert client.post(address, {"show": "1"}).status_code == 404
    client.force_login(certificate.enrollment.person)
    assert client.get(address).status_code == 405
    client.post(address, {"show": "1"})
    page = client.get(f"/v/{certificate.code}").content.decode()
    assert certificate.facts["holder"] in page


def test_coordinator_issues_for_a_run_in_two_actions(client, now):
    ensure_roles()
    rows = make_decided(now=now, choices=("present", "present", "absent"))
    client.force_login(make_user(role=Role.COORDINATOR))
    code = rows[0].enrollment.run.code
    page = client.get(reverse("certificate:issue"), {"run": code}).content.decode()
    assert page.count("Utfärdas") == 2
    client.post(reverse("certificate:issue"), {"run": code})
    assert Certificate.objects.count() == 2
    client.post(reverse("certificate:issue"), {"run": code})
    assert Certificate.objects.count() == 2


def test_coordinator_revokes_with_a_reason(client, now):
    ensure_roles()
    certificate = make_certificate(now=now)
    client.force_login(make_user(role=Role.COORDINATOR))
    assert client.get(reverse("certificate:index")).status_code == 200
    assert client.get(reverse("certificate:inspect", args=[certificate.pk])).status_code == 200
    address = reverse("certificate:revoke", args=[certificate.pk])
    client.post(address, {"reason": ""})
    certificate.refresh_from_db()
    assert certificate.status == "valid"
    client.post(address, {"reason": "holder"})
    certificate.refresh_from_db()
    assert certificate.status == "revoked"


@pytest.mark.parametrize("role", [None, Role.LEADER, Role.COMMUNICATOR, Role.PROMOTER])
def test_nobody_else_revokes_or_issues(client, now, role):
    ensure_roles()
    certificate = make_certificate(now=now)
    client.force_login(make_user(role=role))
    for name, args in (("issue", []), ("revoke", [certificate.pk]), ("replace", [certificate.pk])):
        response = client.post(
            reverse(f"certificate:{name}", args=args), {"reason": "holder", "run": "x"}
        )
        assert response.status_code in (302, 403, 404)
    certificate.refresh_from_db()
    assert certificate.status == "valid"
    assert Certificate.objects.count() == 1


def test_earned_certificates_stand_on_the_work_list_until_issued(now):
    rows = make_decided(now=now, choices=("present", "absent"))
    coordinator = make_user(role=Role.COORDINATOR)
    (item,) = worklist["certificates to issue"](coordinator, now)
    assert rows[0].enrollment.run.code in item.title
    assert item.url.endswith(f"?run={rows[0].enrollment.run.code}")
    assert not list(worklist["certificates to issue"](make_user(role=Role.PROMOTER), now))
    issue(completion=rows[0], actor=coordinator, now=now)
    assert not list(worklist["certificates to issue"](coordinator, now))


def test_holder_who_works_for_the_host_finds_the_certificate_once(client, now):
    certificate = make_certificate(now=now)
    holder, host = certificate.enrollment.person, certificate.enrollment.run.host
    grant_role(user=holder, role=Role.PROMOTER)
    for person in (holder, make_user(role=Role.PROMOTER), make_user(role=Role.PROMOTER)):
        host.staff.add(person)
    assert list(visible(holder, Certificate)) == [certificate]
    client.force_login(holder)
    address = reverse("certificate_download", args=[certificate.public_id])
    assert client.get(address).status_code == 200
