import pytest
from wagtail.models import PageViewRestriction

from home.models import StandardPage
from tests.courses.factories import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(db):
    start = make_site()["sv"]
    return start.add_child(
        instance=StandardPage(title="Om oss", slug="om", intro="Vi.", locale=start.locale)
    )


def test_published_page_answers_at_its_address_alone(client, about):
    assert client.get("/sv/om/").status_code == 200
    assert client.get("/sv/").status_code == client.get("/en/").status_code == 200
    assert client.get("/en/om/").status_code == 404
    assert client.get("/sv/om/finns-inte/").status_code == 404
    assert client.get("/sv/om//").status_code in (200, 301, 302, 404)


def test_page_that_changes_is_not_served_from_memory(client, about):
    assert client.get("/sv/om/").status_code == 200
    about.unpublish()
    assert client.get("/sv/om/").status_code == 404
    about.save_revision().publish()
    assert client.get("/sv/om/").status_code == 200
    about.delete()
    assert client.get("/sv/om/").status_code == 404


def test_restricted_page_stays_restricted(client, about):
    assert client.get("/sv/om/").status_code == 200
    PageViewRestriction.objects.create(page=about, restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/sv/om/").status_code == 302
    child = about.add_child(
        instance=StandardPage(title="Under", slug="under", intro="x", locale=about.locale)
    )
    assert client.get(child.url).status_code == 302
