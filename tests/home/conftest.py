import copy

import pytest
from django.db import transaction

from tests.home.factories import make_pages


@pytest.fixture(scope="module")
def _pages(django_db_setup, django_db_blocker):
    """The pages once per module: every test runs in a savepoint inside this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_pages()
        transaction.set_rollback(True)


@pytest.fixture
def pages(_pages, db):
    return copy.deepcopy(_pages)
