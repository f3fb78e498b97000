import pytest
from django.core.cache import cache
from wagtail.models import PageViewRestriction, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

from home.models import StandardPage
from home.routing import root_paths
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


def test_roots_are_those_of_wagtail_and_of_this_moment(rf, about, django_assert_num_queries):
    other = about.add_child(
        instance=StandardPage(title="Annan", slug="annan", intro="x", locale=about.locale)
    )
    for _sites in (1, 2):
        Site.clear_site_root_paths_cache()
        expected = Site.get_site_root_paths()
        assert {root.language_code for root in expected} >= {"sv", "en"}
        with django_assert_num_queries(1):
            assert sorted(root_paths(rf.get("/sv/"))) == sorted(expected)
        Site.objects.get_or_create(hostname="other.example.org", root_page=other)
    start = about.get_parent().specific
    start.slug = "annan-start"
    start.save()
    # What another process keeps in the cache is not asked.
    cache.set(SITE_ROOT_PATHS_CACHE_KEY, expected, version=SITE_ROOT_PATHS_CACHE_VERSION)
    assert start.url_path in {root.root_path for root in root_paths(rf.get("/sv/"))}


def test_each_site_has_its_own_addresses(client, about, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example.org"]
    about.add_child(
        instance=StandardPage(title="Under", slug="under", intro="x", locale=about.locale)
    )
    Site.objects.create(hostname="other.example.org", root_page=about)
    assert client.get("/sv/om/under/").status_code == 200
    assert client.get("/sv/under/", headers={"host": "other.example.org"}).status_code == 200
    assert client.get("/sv/under/").status_code == 404
