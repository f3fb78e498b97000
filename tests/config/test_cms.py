"""What the house as a whole adds to the CMS."""

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.permissions import policy_registry

from accounts.registries import WorkItem, worklist
from config.wagtail_hooks import SHOWN, TrainingGroup, training_viewsets
from courses.models import Run
from enrollment.learning.models import ModuleOpening
from tests.accounts.factories import make_user
from tests.policy.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cms(client):
    client.force_login(make_user(role="admin", language="en"))
    return client


@pytest.fixture
def waiting(monkeypatch, now):
    def fill(count: int) -> None:
        items = [
            WorkItem(title=f"Case <{n}>", since=now - timedelta(hours=n), url=f"/admin/case/{n}/")
            for n in range(count)
        ]
        for name in list(worklist):
            monkeypatch.delitem(worklist, name)
        monkeypatch.setitem(worklist, "cases", lambda actor, now: items)

    return fill


def test_worklist_shows_the_oldest_first_and_escapes(cms, waiting):
    waiting(3)
    text = cms.get(reverse("wagtailadmin_home")).text
    assert (
        text.index("Case &lt;2&gt;") < text.index("Case &lt;1&gt;") < text.index("Case &lt;0&gt;")
    )
    assert '<a href="/admin/case/2/">' in text


def test_worklist_is_short_says_how_many_more_and_folds_them_away(cms, waiting):
    waiting(SHOWN + 3)
    seen, fold, rest = cms.get(reverse("wagtailadmin_home")).text.partition("<details")
    assert fold
    assert (seen.count("/admin/case/"), rest.count("/admin/case/")) == (SHOWN, 3)
    assert ("and 3 more" in rest) or ("och 3 till" in rest)


def test_empty_worklist_says_so(cms, waiting):
    waiting(0)
    text = cms.get(reverse("wagtailadmin_home")).text
    assert ("Nothing waits for you." in text) or ("Inget väntar på dig." in text)


def test_worklist_asks_every_room_as_the_actor(cms, monkeypatch):
    asked = []
    monkeypatch.setitem(worklist, "spy", lambda actor, now: asked.append(actor.email) or [])
    cms.get(reverse("wagtailadmin_home"))
    assert len(asked) == 1


def test_training_group_holds_what_the_rooms_bring():
    assert len(TrainingGroup.items) == len(training_viewsets()) > 0


# What the promoters' staff does not see at all.
CENTRAL = {"course", "payment_events", "outgoing_mails"}


def training() -> list:
    """The viewsets as they are registered, with their addresses."""
    return TrainingGroup().registerables


@pytest.mark.parametrize("role", ["admin", "coordinator", "promoter"])
def test_every_training_list_and_page_opens_for_staff(client, now, role):
    world = World(now)
    client.force_login(world.people[role])
    opened = 0
    for viewset in training():
        for name in ("index", "index_results"):
            status = client.get(reverse(viewset.get_url_name(name))).status_code
            refused = role == "promoter" and viewset.name in CENTRAL
            assert status == (302 if refused else 200), (viewset, name)
        if refused:
            continue
        policy = policy_registry.get_by_type(viewset.model)
        names = {p.name for p in viewset.get_urlpatterns()}
        for name in ("inspect", "edit", "history", "usage", "delete"):
            row = policy.rows(world.people[role]).first()
            if name not in names or row is None:
                continue
            may = name == "inspect" or (name != "delete" and viewset.change)
            status = client.get(reverse(viewset.get_url_name(name), args=[row.pk])).status_code
            assert status == (200 if may else 302), (viewset, name)
            opened += bool(may)
    assert opened > 10


def test_no_training_page_opens_for_a_foreign_row(client, now):
    world = World(now)
    for run in Run.objects.all():
        ModuleOpening.objects.create(run=run, module=run.course.modules.first(), opens_at=now)
    promoter = world.people["promoter"]
    client.force_login(promoter)
    tried = set()
    for viewset in training():
        policy = policy_registry.get_by_type(viewset.model)
        own = policy.rows(promoter).values("pk")
        foreign = viewset.model._default_manager.exclude(pk__in=own).first()
        if foreign is None:
            continue
        names = {p.name for p in viewset.get_urlpatterns()}
        for name in {"inspect", "edit", "history", "usage", "delete"} & names:
            address = reverse(viewset.get_url_name(name), args=[foreign.pk])
            for method in (client.get, client.post):
                assert method(address).status_code in (302, 404, 405), (viewset, name)
                tried.add(viewset.name)
        assert not policy.user_has_permission_for_instance(promoter, "view", foreign)
    assert {"run", "meeting", "enrolments", "bookings", "certificate", "moduleopening"} <= tried


def test_training_lists_search_without_an_index_and_keep_status_out_of_forms():
    for viewset in TrainingGroup().registerables:
        assert viewset.search_backend_name is None, viewset
        assert "status" not in (getattr(viewset, "form_fields", None) or ()), viewset


def test_widgets_of_the_cms_start_without_inline_scripts(cms):
    assert "/static/js/csp-init.js" in cms.get(reverse("wagtailadmin_home")).text
