"""Fixtures that every test may use."""

import os

import pytest

# Playwright keeps an event loop in the test's thread; the ORM would refuse to work beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()
