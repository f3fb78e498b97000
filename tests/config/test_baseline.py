import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Page, Site
from wagtail_localize.models import Translation

from accounts.roles import STAFF_ROLES
from courses.models import CompletionPolicy
from home.models import ActionArea, Municipality, Region, StartPage

pytestmark = pytest.mark.django_db


def test_setup_site_makes_an_empty_site_usable_and_may_run_again():
    call_command("setup_site")
    pages = Page.objects.count()
    call_command("setup_site")
    assert Page.objects.count() == pages == 3
    site = Site.objects.get()
    assert site.root_page.slug == "sv"
    assert site.root_page.get_translations().get().slug == "en"
    assert Translation.objects.filter(enabled=True).count() == 1
    assert Region.objects.count() == 3
    assert Municipality.objects.count() == 41
    assert ActionArea.objects.count() == 6
    assert CompletionPolicy.objects.get().version == "2026-1"
    assert set(Group.objects.values_list("name", flat=True)) == {str(r) for r in STAFF_ROLES}


def test_setup_site_keeps_what_an_editor_has_written():
    call_command("setup_site")
    start = StartPage.objects.get(locale__language_code="sv")
    start.heading = "Eget ord"
    start.save_revision().publish()
    call_command("setup_site")
    assert StartPage.objects.get(pk=start.pk).heading == "Eget ord"


@override_settings(SITE_URL="https://kurser.example.org")
def test_setup_site_takes_host_and_port_from_the_address():
    call_command("setup_site")
    assert Site.objects.values_list("hostname", "port").get() == ("kurser.example.org", 443)


def test_communicators_may_publish_under_both_start_pages_and_translate():
    call_command("setup_site")
    group = Group.objects.get(name="communicator")
    assert group.page_permissions.count() == 2 * 3
    assert group.permissions.filter(codename="submit_translation").exists()
    assert group.permissions.filter(codename="access_admin").exists()


def test_coordinators_see_courses_and_promoters_only_look():
    call_command("setup_site")
    coordinator = Group.objects.get(name="coordinator").permissions
    promoter = Group.objects.get(name="promoter").permissions
    assert coordinator.filter(codename="change_run").exists()
    assert not coordinator.filter(codename__startswith="delete_").exists()
    assert not promoter.filter(codename__startswith="change_").exists()
