"""The suite's own safety nets."""

import pytest
from wagtail.models import Locale, Page

from accounts.registries import invariants


@pytest.mark.django_db(transaction=True)
def test_baseline_is_there_in_a_transactional_test():
    assert Page.objects.filter(depth=1).exists()
    assert Locale.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_baseline_is_back_after_a_flush():
    assert Locale.objects.exists()
    assert Page.objects.filter(depth=1).exists()


@pytest.mark.breaks_invariants
def test_invariants_are_checked_after_a_test_that_wrote(db, monkeypatch):
    from tests.accounts.factories import make_user
    from tests.conftest import _check_invariants

    monkeypatch.setitem(invariants, "always broken", lambda now: ["a row"])
    make_user()
    with pytest.raises(AssertionError, match="always broken: a row"):
        _check_invariants()
