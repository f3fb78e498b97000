"""What the house as a whole adds to the CMS."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.registries import WorkItem, worklist
from config.wagtail_hooks import SHOWN, TrainingGroup, training_viewsets
from tests.accounts.factories import make_user

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


def test_worklist_is_short_and_says_how_many_more(cms, waiting):
    waiting(SHOWN + 3)
    text = cms.get(reverse("wagtailadmin_home")).text
    assert text.count("/admin/case/") == SHOWN
    assert ("and 3 more" in text) or ("och 3 till" in text)


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


def test_every_training_list_opens_for_an_administrator(cms):
    for viewset in TrainingGroup().registerables:
        assert cms.get(reverse(viewset.get_url_name("index"))).status_code == 200, viewset


def test_training_lists_search_without_an_index_and_keep_status_out_of_forms():
    for viewset in TrainingGroup().registerables:
        assert viewset.search_backend_name is None, viewset
        assert "status" not in (getattr(viewset, "form_fields", None) or ()), viewset


def test_widgets_of_the_cms_start_without_inline_scripts(cms):
    assert "/static/js/csp-init.js" in cms.get(reverse("wagtailadmin_home")).text
