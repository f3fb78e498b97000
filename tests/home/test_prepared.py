"""Queries compiled once answer as their querysets do, now and after every change."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from courses.models import Run
from home.models import Region, StandardPage
from home.prepared import MOST_SHAPES, Prepared, PreparedUpdate
from tests.courses.factories import make_run, make_site
from tests.home.factories import make_region

pytestmark = pytest.mark.django_db


def test_prepared_answers_as_its_queryset_for_every_kind_of_value(now):
    runs = [make_run(now=now, code=f"prov-{n}") for n in range(3)]

    def build(codes, pks, public_id, before):
        return (
            Run.objects.filter(Q(code__in=codes) | Q(pk__in=pks) | Q(public_id=public_id))
            .with_days()
            .filter(first_at__lt=before)
            .for_list()
            .order_by("code")
        )

    prepared = Prepared(build)
    for values in (
        {"codes": ["prov-0"], "pks": [runs[1].pk], "public_id": runs[2].public_id},
        {"codes": ["prov-2"], "pks": [-1], "public_id": uuid.uuid4()},
        {"codes": ["prov-2", "prov-1"], "pks": [], "public_id": runs[0].public_id},
    ):
        for before in (now, now + timedelta(days=2000)):
            found = prepared(**values, before=before)
            expected = list(build(**values, before=before))
            assert found == expected
            assert [run.first_at for run in found] == [run.first_at for run in expected]
            assert [run.host for run in found] == [run.host for run in expected]


def test_prepared_keeps_no_answers(django_assert_num_queries):
    make_region("17")
    prepared = Prepared(lambda code: Region.objects.filter(code=code))
    Region.objects.filter(code="17").update(name="Värmlands län")
    with django_assert_num_queries(2):
        assert prepared(code="17")[0].name == "Värmlands län"
        assert prepared(code="99") == []
    Region.objects.filter(code="17").update(name="Värmland")
    assert prepared(code="17")[0].name == "Värmland"


def test_prepared_brings_related_rows_along(django_assert_num_queries, now):
    make_run(now=now).open_to.set([make_region("17")])
    prepared = Prepared(Run.objects.for_list)
    with django_assert_num_queries(2):
        (run,) = prepared()
        assert run.course.code and run.host.name
        assert [region.code for region in run.open_to.all()] == ["17"]


def test_prepared_values_are_tuples():
    prepared = Prepared(lambda code: Region.objects.filter(code=code).values_list("code", "name"))
    make_region("17")
    assert prepared(code="17") == [("17", make_region("17").name)]


def test_prepared_for_nothing_asks_nothing(django_assert_num_queries):
    prepared = Prepared(lambda codes: Region.objects.filter(code__in=codes))
    with django_assert_num_queries(0):
        assert prepared(codes=[]) == []


def test_prepared_refuses_a_value_that_the_query_changes():
    prepared = Prepared(lambda word: Region.objects.filter(name__startswith=word))
    with pytest.raises(TypeError, match="as they go in"):
        prepared(word="V")


def test_prepared_refuses_kinds_it_does_not_know():
    with pytest.raises(TypeError, match="cannot stand"):
        Prepared(lambda wanted: Region.objects.filter(pk=wanted))(wanted=True)


def test_prepared_remembers_a_bounded_number_of_shapes():
    prepared = Prepared(lambda pks: Region.objects.filter(pk__in=pks))
    pk = make_region("17").pk
    for size in range(1, MOST_SHAPES + 20):
        assert [region.code for region in prepared(pks=[pk] * size)] == ["17"]
    assert len(prepared._compiled) == MOST_SHAPES


def test_new_page_is_in_the_menu_of_the_next_request(client):
    start = make_site()["sv"]
    assert "Nytt i menyn" not in client.get("/sv/").content.decode()
    page = StandardPage(title="Nytt i menyn", slug="nytt", intro="x", locale=start.locale)
    page.show_in_menus = True
    page.first_published_at = timezone.now()
    start.add_child(instance=page)
    assert "Nytt i menyn" in client.get("/sv/").content.decode()
    page.unpublish()
    assert "Nytt i menyn" not in client.get("/sv/").content.decode()


def test_update_changes_the_rows_of_its_queryset_and_counts_them(now, django_assert_num_queries):
    runs = [make_run(now=now, code=f"prov-{n}") for n in range(3)]
    change = PreparedUpdate(
        lambda codes, before: Run.objects.filter(code__in=codes, opens_at__lt=before), "note_sv"
    )
    far = now + timedelta(days=2000)
    for words in ("Ta med dator.", "100 % på plats", ""):
        with django_assert_num_queries(1):
            assert change(codes=["prov-0", "prov-2"], before=far, note_sv=words) == 2
        assert [Run.objects.get(pk=run.pk).note_sv for run in runs] == [words, "", words]
    assert change(codes=["prov-0"], before=now - timedelta(days=2000), note_sv="x") == 0
    assert change(codes=[], before=far, note_sv="x") == 0


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only(now):
    run = make_run(now=now)
    locked = Prepared(lambda pk: Run.objects.filter(pk=pk).select_for_update())
    with transaction.atomic():
        assert locked(pk=run.pk) == [run]
    with pytest.raises(TransactionManagementError):
        locked(pk=run.pk)
