import re

import pytest
from allauth.account.models import EmailAddress

from messaging.models import OutgoingMail
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
LOGIN = "/sv/accounts/login/"
CONFIRM = "/sv/accounts/login/code/confirm/"


def ask(client, email, language="sv", **extra):
    return client.post(f"/{language}/accounts/login/", {"email": email, **extra})


def code_of(mail: OutgoingMail) -> str:
    return mail.subject.rpartition(" ")[2]


def sign_in(client, person, **extra):
    ask(client, person.email, **extra)
    return client.post(CONFIRM, {"code": code_of(OutgoingMail.objects.first()), **extra})


def test_a_code_signs_in_and_claims(client):
    person = make_user(language="en")
    client.get(LOGIN)
    response = sign_in(client, person)
    assert (response.status_code, response["Location"]) == (302, "/en/my/")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert response.cookies["language"].value == "en"
    person.refresh_from_db()
    assert person.claimed_at
    assert EmailAddress.objects.get(user=person).verified


def test_the_code_mail_speaks_the_persons_language(client):
    ask(client, make_user(language="en").email)
    mail = OutgoingMail.objects.get()
    assert mail.kind == "account_login_code"
    assert mail.subject.startswith("Your code: ")
    assert "15 minutes" in mail.text


def test_capital_letters_and_spaces_in_the_address_do_not_matter(client):
    person = make_user(email="elin@example.org")
    ask(client, " Elin@Example.ORG ")
    assert OutgoingMail.objects.get().recipient == person


def test_the_session_is_renewed(client):
    person = make_user()
    ask(client, person.email)
    before = client.session.session_key
    client.post(CONFIRM, {"code": code_of(OutgoingMail.objects.get())})
    assert client.session.session_key != before


def test_a_wrong_code_is_refused_and_three_end_the_attempt(client):
    person = make_user()
    ask(client, person.email)
    for _attempt in range(2):
        response = client.post(CONFIRM, {"code": "WRONG-CODE"})
        assert response.status_code == 200
        assert "<title>Fel: " in response.text
    assert client.post(CONFIRM, {"code": "WRONG-CODE"})["Location"].startswith(LOGIN)
    response = client.post(CONFIRM, {"code": code_of(OutgoingMail.objects.get())})
    assert "_auth_user_id" not in client.session


def test_a_code_works_once(client):
    person = make_user()
    sign_in(client, person)
    used = code_of(OutgoingMail.objects.get())
    client.post("/sv/accounts/logout/")
    client.post(CONFIRM, {"code": used})
    assert "_auth_user_id" not in client.session


def test_known_unknown_and_closed_addresses_look_alike(client, django_assert_max_num_queries):
    answers = []
    for email in (
        make_user().email,
        "ingen@example.org",
        make_user(is_active=False).email,
    ):
        client.cookies.clear()
        response = ask(client, email)
        page = client.get(response["Location"]).text.replace(email, "ADDRESS")
        page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)
        wrong = client.post(CONFIRM, {"code": "WRONG-CODE"})
        answers.append((response.status_code, response["Location"], page, wrong.status_code))
    assert answers[0] == answers[1] == answers[2]


def test_an_unknown_address_gets_a_hint_and_no_account(client):
    ask(client, "ingen@example.org", language="en")
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.recipient, mail.language) == ("account_unknown", None, "en")
    assert "/en/courses/" in mail.text


def test_a_deactivated_person_gets_no_mail(client):
    ask(client, make_user(is_active=False).email)
    assert not OutgoingMail.objects.exists()


def test_deactivation_ends_a_session_at_the_next_request(client):
    person = make_user()
    sign_in(client, person)
    person.is_active = False
    person.save()
    assert client.get("/sv/accounts/2fa/").status_code == 302
    assert LOGIN in client.get("/sv/accounts/2fa/")["Location"]


def test_asking_too_often_is_refused_whatever_the_forwarding_header(client):
    person = make_user()
    for turn in range(5):
        response = client.post(
            LOGIN, {"email": person.email}, headers={"X-Forwarded-For": f"192.0.2.{turn}"}
        )
    assert response.status_code == 200
    assert "För många försök" in response.text
    assert OutgoingMail.objects.count() == 3


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example.org",
        "/\\evil.example.org",
        "https:///evil.example.org",
        "http:evil.example.org",
        "javascript:alert(1)",
        "https://localhost.evil.example.org",
    ],
)
def test_next_stays_on_our_host(client, target):
    person = make_user()
    assert sign_in(client, person, next=target)["Location"] == "/sv/my/"
    response = client.post("/sv/accounts/logout/", {"next": target})
    assert response["Location"].startswith("/")
    assert "evil" not in response["Location"]


def test_next_leads_where_somebody_wanted_to_go(client):
    person = make_user()
    assert sign_in(client, person, next="/sv/my/?a=1")["Location"] == "/sv/my/?a=1"


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "password/change/",
        "password/set/",
        "password/reset/",
        "email/",
        "3rdparty/signup/",
    ],
)
def test_pages_about_passwords_and_sign_up_are_not_there(client, path):
    assert client.get(f"/sv/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    ("email", "message"), [("", "Skriv din e-postadress"), ("elin", "Skriv din e-postadress")]
)
def test_a_malformed_address_is_explained(client, email, message):
    response = ask(client, email)
    assert response.status_code == 200
    assert message in response.text
    assert f'value="{email}"' in response.text or not email
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/?next=/admin/", "/admin/users/"])
def test_the_cms_has_the_same_door(client, address):
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)
    assert "next=/admin/" in response.redirect_chain[-1][0]
