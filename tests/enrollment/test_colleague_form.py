"""A name goes into a mail to somebody who has asked for none: it is a name and nothing to click on (D49)."""

import pytest

from enrollment.forms.colleague import ColleagueForm
from enrollment.forms.own import InviteForm

ANNA = {"first_name": "Anna", "last_name": "Exempelsson", "email": "anna@ventil.example.org"}


@pytest.mark.parametrize("form", [ColleagueForm, InviteForm])
def test_a_name_is_taken(form):
    assert form(ANNA).is_valid()


@pytest.mark.parametrize("form", [ColleagueForm, InviteForm])
@pytest.mark.parametrize("name", ["https://evil.example.org", "www.example.org", "a@example.org"])
def test_an_address_is_not_a_name(form, name):
    for field in ("first_name", "last_name"):
        filled = form({**ANNA, field: name})
        assert list(filled.errors) == [field]
