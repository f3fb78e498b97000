"""How often something may be done: counted once per use, for all processes, without saying who."""

from collections import Counter

import pytest
from django.db import transaction
from django.db.models import F

from accounts.models import RateCount
from accounts.ratelimit import allow, forget_uses
from tests.enrollment.racers import race

HOUR = 3600
pytestmark = pytest.mark.django_db


def test_each_key_has_its_own_limit_and_window():
    assert [allow("a", limit=2, seconds=HOUR) for _ in range(4)] == [True, True, False, False]
    assert allow("b", limit=2, seconds=HOUR)
    RateCount.objects.update(ends=F("ends") - HOUR)
    assert [allow("a", limit=2, seconds=HOUR) for _ in range(3)] == [True, True, False]


def test_a_use_costs_one_statement(django_assert_num_queries):
    for _first_and_later in range(2):
        with django_assert_num_queries(1):
            allow("a", limit=5, seconds=HOUR)


def test_what_is_stored_says_nothing_of_the_caller(settings):
    allow("sign-up:192.0.2.7", limit=5, seconds=HOUR)
    here = RateCount.objects.get()
    assert "192.0.2.7" not in str(vars(here)) and len(here.key) == 64
    settings.SECRET_KEY = "another"
    allow("sign-up:192.0.2.7", limit=5, seconds=HOUR)
    # Who has the table but not the key cannot try all addresses.
    assert RateCount.objects.count() == 2


def test_windows_that_ended_are_forgotten_and_no_other():
    allow("old", limit=1, seconds=HOUR)
    RateCount.objects.update(ends=F("ends") - HOUR)
    allow("new", limit=1, seconds=HOUR)
    assert forget_uses() == 1
    assert not allow("new", limit=1, seconds=HOUR)
    assert allow("old", limit=1, seconds=HOUR)


def test_a_count_stands_outside_every_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError):
        allow("a", limit=1, seconds=HOUR)
    assert not RateCount.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_many_at_once_exactly_the_limit_pass():
    answers = race("use", [{"key": "a", "limit": 10}] * 24)
    assert [answer["error"] for answer in answers if answer["error"]] == []
    assert Counter(answer["result"] for answer in answers) == {"passed": 10, "refused": 14}
    assert RateCount.objects.get().uses == 24
