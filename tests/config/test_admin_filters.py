"""A list's filters tell no more than the list: a promoter's staff never meet a run of another promoter."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from accounts.admin import VisibleFilterSet
from config.wagtail_hooks import training_viewsets
from tests.accounts.factories import make_user
from tests.courses.factories import make_site
from tests.enrollment.factories import make_booking, make_open_run
from tests.home.factories import make_promoter

pytestmark = pytest.mark.django_db
LISTS = ["enrolments", "bookings", "meeting"]


def relations(viewset) -> list[str]:
    """The filters of a list that offer rows of another model."""
    found = []
    declared = viewset.list_filter
    for name in declared if isinstance(declared, list) else []:
        model = viewset.model
        for part in name.split("__"):
            try:
                model = model._meta.get_field(part).related_model
            except FieldDoesNotExist:
                break
        if model:
            found.append(name)
    return found


def choices(answer, name: str = "run") -> set[int]:
    field = answer.context["filters"].form.fields[name]
    return set(field.queryset.values_list("pk", flat=True))


@pytest.fixture
def runs(client, now):
    make_site()
    user = make_user(role="promoter")
    north, south = make_promoter("norr"), make_promoter("syd")
    north.staff.add(user)
    mine, foreign = make_open_run(now=now, host=north), make_open_run(now=now, host=south)
    for run in (mine, foreign):
        make_booking(now=now, run=run)
    client.force_login(user)
    return mine, foreign


@pytest.mark.parametrize("name", LISTS)
def test_filter_offers_own_runs_alone(client, runs, name):
    mine, foreign = runs
    answer = client.get(reverse(f"{name}:index"))
    assert choices(answer) == {mine.pk}
    assert foreign.code not in answer.text


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("suffix", ["", "_results"])
def test_foreign_run_in_the_address_shows_nothing_of_it(client, runs, name, suffix):
    _mine, foreign = runs
    answer = client.get(reverse(f"{name}:index{suffix}"), {"run": foreign.pk})
    assert answer.status_code == 200
    assert foreign.code not in answer.text


def test_coordinator_is_offered_every_run_of_the_list(client, runs, now):
    empty = make_open_run(now=now)
    client.force_login(make_user(role="coordinator"))
    assert choices(client.get(reverse("bookings:index"))) == {run.pk for run in runs}
    assert empty.pk in choices(client.get(reverse("meeting:index")))


def test_every_filter_on_a_relation_is_of_this_kind():
    with_relation = [viewset for viewset in training_viewsets() if relations(viewset)]
    assert len(with_relation) > 4
    for viewset in with_relation:
        assert issubclass(viewset.index_view_class.base_filterset_class, VisibleFilterSet), viewset
