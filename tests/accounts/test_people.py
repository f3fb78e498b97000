import pytest

from accounts.models import User
from accounts.people import claim, known_or_new

pytestmark = pytest.mark.django_db


def known(email, now, **fields):
    return known_or_new(email=email, language=fields.pop("language", "sv"), now=now, **fields)


def test_known_or_new_finds_the_same_person_whatever_the_letter_case(now):
    first = known("Elin.Exempel@Example.org ", now, first_name="Elin")
    assert known("elin.exempel@example.ORG", now) == first
    assert first.email == "elin.exempel@example.org"
    assert User.objects.count() == 1
    assert first.claimed_at is None
    assert not first.has_usable_password()


def test_known_or_new_never_renames_a_claimed_person(now):
    person = known("elin@example.org", now, first_name="Elin", last_name="Exempel")
    claim(person=person, now=now)
    again = known("elin@example.org", now, first_name="Någon", last_name="Annan", language="en")
    assert (again.first_name, again.last_name, again.language) == ("Elin", "Exempel", "sv")


def test_known_or_new_never_renames_anybody_who_has_a_name(now):
    known("elin@example.org", now, first_name="Elin", last_name="Exempel")
    again = known("elin@example.org", now, first_name="Dum", last_name="Bom", language="en")
    again.refresh_from_db()
    assert (again.get_full_name(), again.language) == ("Elin Exempel", "sv")


def test_known_or_new_names_somebody_who_has_no_name_and_never_signed_in(now):
    known("elin@example.org", now)
    again = known("elin@example.org", now, first_name="Elin", last_name="Exempel")
    again.refresh_from_db()
    assert again.get_full_name() == "Elin Exempel"
    nameless = known("mats@example.org", now)
    claim(person=nameless, now=now)
    assert known("mats@example.org", now, first_name="Dum").get_full_name() == ""


def test_known_or_new_keeps_names_on_one_line(now):
    person = known("elin@example.org", now, first_name="Elin\r\nBcc: alla@example.org")
    assert person.first_name == "Elin Bcc: alla@example.org"


def test_claim_happens_once_and_is_audited(now):
    from wagtail.models import ModelLogEntry

    person = known("elin@example.org", now)
    assert claim(person=person, now=now)
    assert not claim(person=person, now=now)
    assert ModelLogEntry.objects.filter(action="accounts.claim").count() == 1
